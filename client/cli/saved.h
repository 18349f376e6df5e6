/* Filters that were saved, for the verbs that take one. */
#ifndef MOOT_CLI_SAVED_H
#define MOOT_CLI_SAVED_H

#include "str.h"

/* The text of a saved filter, in the arena of the struct cli that is arg; p NULL: there is none
 * of that name. */
struct str saved_filter(void *arg, struct str name);

#endif
