/* The way between the screen of moot demo and its server, so that it can be cut: a process that
 * takes connections at one Unix socket and passes everything on to another. Ending it cuts them
 * all, as a link that is gone. */
#ifndef MOOT_DEMO_RELAY_H
#define MOOT_DEMO_RELAY_H

#include "err.h"

/* Makes the socket at `path`, anew if there is one. -1 and why when it cannot be. */
int relay_listen(const char *path, struct err *e);
/* Passes on whatever connects there to the socket at `to`, for ever. */
void relay_run(int listener, const char *to);

#endif
