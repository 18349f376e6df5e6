/* The options of moot that hold for the screen and for every verb: one table, read from the
 * command line, the MOOT_* variables, the person's file and the system's, in that precedence.
 */
#ifndef MOOT_OPTS_H
#define MOOT_OPTS_H

#include "opt.h"

struct moot_options {
    const char *server; /* unix:PATH, ws://HOST:PORT, wss://HOST:PORT; never NULL once loaded */
    const char *room;   /* NULL: none named */
    const char *token_file, *ca_file, *config, *theme;
    const char *notify, *notify_by, *notify_command, *keywords, *quiet_hours, *open, *mark_read,
        *hyperlinks;
    bool linear, ascii, color, json, help, version, send_typing, show_typing;
    int64_t idle;    /* ms; 0: never */
    int64_t timeout; /* ms */
};

extern const struct opt moot_option_rows[]; /* offsets into struct moot_options */
extern const size_t moot_option_count;

/* Completes a set whose command line was read: environment, files, and the server that is meant
 * when nothing names one (the last one joined, else the socket of this machine). The set's
 * values begin with struct moot_options, its rows hold those above. */
bool moot_options_load(struct opt_set *set, struct err *e);

/* Remembers the server for when none is named. */
bool moot_server_remember(const char *url, struct err *e);

#endif
