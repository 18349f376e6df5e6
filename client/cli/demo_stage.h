/* What moot demo stands on: a folder, a server in it, and processes that end with us. */
#ifndef MOOT_DEMO_STAGE_H
#define MOOT_DEMO_STAGE_H

#include "cli.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

enum { TMPDIR_MAX = 64 }; /* a socket's path is short, unix(7) */

struct stage {
    struct cli *c;
    char folder[TMPDIR_MAX + 32];
    struct str url, socket;  /* the server's */
    struct str self, server; /* the programs: ours, and mootd beside it */
    pid_t server_pid;
    int signals;  /* signalfd: of children, and of whoever wants us to end */
    sigset_t was; /* signals that were blocked before */
};

/* Makes the folder and starts the server; returns when it answers. stage_close() in any case.
 */
bool stage_open(struct stage *s, struct cli *c, struct err *e);
/* Ends the server, and all is gone. */
void stage_close(struct stage *s);
/* Ends the server only, and tells what it used. */
void stage_end_server(struct stage *s, struct rusage *used);

/* A child that ends with us; 0 in it. Those behind the scene are kept out of the terminal's
 * signals. */
pid_t stage_fork(const struct stage *s, bool behind_the_scene);
/* SIGTERM; SIGKILL where that is of no use. Fine with 0. */
void stage_end(pid_t pid);

/* A way to the server that can be cut: a socket at `path` for as long as the process lives. */
bool stage_relay(const struct stage *s, const char *path, pid_t *pid, struct err *e);

/* moot itself, with the words behind the verb, over that way; it keeps what it keeps in the
 * folder too. cues: see TOUR_VARIABLE; -1: no tour. */
bool stage_client(const struct stage *s, const char *url, int cues, pid_t *pid, struct err *e);
/* True when it has ended; its status is then ours. When it was suspended, so are we, for the
 * shell waits for us. */
bool stage_client_ended(const struct stage *s, pid_t client);
/* Whoever wants us to end has the client end; the terminal's C-c it has got by itself. */
void stage_signals(const struct stage *s, pid_t client);

/* Somebody did not wait for what comes. */
bool stage_was_told_to_end(struct err *e);

/* A file's path in the folder, in the cli's arena. */
struct str stage_path(const struct stage *s, const char *name);

#endif
