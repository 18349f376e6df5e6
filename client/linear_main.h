/* The linear mode as a program: lines out, a line in, for screen readers, and for terminals
 * that cannot move their cursor. */
#ifndef MOOT_LINEAR_MAIN_H
#define MOOT_LINEAR_MAIN_H

#include "shell.h"

/* Runs until the person leaves or the input ends. Returns the exit status; what went wrong has
 * been printed. */
int linear_run(const struct shell_opts *o);

#endif
