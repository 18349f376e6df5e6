/* The screen as a program: terminal, link, files and clock around the pure model. */
#ifndef MOOT_SCREEN_MAIN_H
#define MOOT_SCREEN_MAIN_H

#include "shell.h"

/* Runs the screen until the person leaves or the terminal is gone. Returns the exit status;
 * what went wrong has been printed, after the terminal was given back. */
int screen_run(const struct shell_opts *o);

#endif
