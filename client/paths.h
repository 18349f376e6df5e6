/* Where moot keeps things: the XDG base directories, with their defaults. */
#ifndef MOOT_PATHS_H
#define MOOT_PATHS_H

#include "err.h"

enum path_base {
    PATH_CONFIG,  /* $XDG_CONFIG_HOME or ~/.config */
    PATH_STATE,   /* $XDG_STATE_HOME or ~/.local/state */
    PATH_RUNTIME, /* $XDG_RUNTIME_DIR; there is no default */
};

/* BASE/name in the arena, NUL-terminated; empty where there is no base. A variable that is not
 * an absolute path is passed over, as the XDG specification asks. */
struct str path_in(struct arena *a, enum path_base base, const char *name);

/* Makes the folder that `path` lies in, and those above it, with mode 0700. */
bool path_make_parent(const char *path, struct err *e);

#endif
