/* Listening sockets: Unix and TCP. */
#ifndef MOOT_LISTEN_H
#define MOOT_LISTEN_H

#include "err.h"

enum { LISTEN_BACKLOG = 4096 };

/* Files of Unix sockets that are ours to remove. Zeroed is empty. */
struct listen_set {
    VEC(char *) paths;
};

/* A listening, non-blocking socket; -1 with the reason. See arrivals.h. */
int listen_unix(struct listen_set *set, const char *path, int mode, struct err *e);
int listen_tcp(const char *host, int *port, struct err *e);
/* Removes the files and forgets them. */
void listen_forget(struct listen_set *set);

#endif
