/* The screen as a program: terminal, link, files and clock around the pure model. */
#ifndef MOOT_SCREEN_MAIN_H
#define MOOT_SCREEN_MAIN_H

#include "err.h"
#include "notify.h"

struct screen_opts {
    const char *server;  /* URL, as url_parse() takes it */
    const char *room;    /* to open first; NULL: where the person was last */
    struct str token;    /* empty: none, as on a Unix socket */
    const char *ca_file; /* NULL: the system's */
    bool light;          /* theme for a light ground */
    bool ascii;          /* nothing but ASCII in frames and signs */
    bool color;          /* false: none, as NO_COLOR asks */
    bool send_typing, show_typing;
    int64_t idle_ms; /* without a key for so long the person is idle; 0: never */
    struct notify_rules rules;
    unsigned notify_by;         /* of enum notify_way */
    const char *notify_command; /* NULL: none */
    int tour_fd;                /* a pipe to the demo whose tour is given here; -1: none */
    const char *open;           /* command for links; NULL: they are copied */
};

/* Runs the screen until the person leaves or the terminal is gone. Returns the exit status;
 * what went wrong has been printed, after the terminal was given back. */
int screen_run(const struct screen_opts *o);

#endif
