/* The filters that a person gave a name, one file for each server: a line each, its name, a
 * blank, and its text. The screen and the command line share it. */
#ifndef MOOT_FILTERS_FILE_H
#define MOOT_FILTERS_FILE_H

#include "err.h"

/* Where it is, in the arena, NUL-terminated; empty where there is no folder for state. */
struct str filters_path(struct arena *a, const char *server);
/* Calls each for every filter, by name; a file that is not there has none, and a line that is
 * none is passed over. */
bool filters_read(const char *path, void (*each)(void *arg, struct str name, struct str text),
                  void *arg, struct err *e);
/* Puts a filter in, in place of one of that name; an empty text takes it out. Programs that do
 * so at the same time wait for each other. ERR_LIMIT: there are FILTERS_MAX; ERR_NOT_FOUND:
 * there is none to take out. */
bool filters_put(const char *path, struct str name, struct str text, struct err *e);

#endif
