/* What every way to show the client has in common: the model with its link, its outbox, its
 * cache and its files, and the signals. The screen and the linear mode each add how it shows.
 */
#ifndef MOOT_SHELL_H
#define MOOT_SHELL_H

#include "hyperlink.h"
#include "model.h"
#include "opts.h"
#include "uplink.h"

#include <signal.h>
#include <sys/types.h>
#include <time.h>

struct shell_opts {
    const char *server; /* URL, as url_parse() takes it */
    const char *room;   /* to open first; NULL: where the person was last */
    const struct moot_options
        *sign_in;        /* says where the token is; it is read again and again */
    const char *ca_file; /* NULL: the system's */
    bool light;          /* theme for a light ground */
    bool ascii;          /* nothing but ASCII in frames and signs */
    bool color;          /* false: none, as NO_COLOR asks */
    bool send_typing, show_typing;
    int64_t idle_ms; /* without a key for so long the person is idle; 0: never */
    struct notify_rules rules;
    enum mark_read mark_read;
    enum hyperlinks hyperlinks;
    unsigned notify_by;         /* of enum notify_way */
    const char *notify_command; /* NULL: none */
    int tour_fd;                /* a pipe to the demo whose tour is given here; -1: none */
    const char *open;           /* command for links; NULL: they are copied */
};

struct shell {
    const struct shell_opts *o;
    struct model model;
    /* An effect that neither the link nor the disk carries out. */
    void (*effect)(void *arg, const struct effect *e);
    void (*changed)(void *arg); /* an input was taken in */
    void (*on_signal)(void *arg, int signal);
    void *arg;

    struct net *net;
    struct uplink *uplink;
    struct effects out;
    struct buf place; /* what this screen wrote to its file last, or took over from there */
    int place_watch;  /* inotify: other screens of the person write it too; -1: none */
    struct arena arena;
    struct str dir, place_path, filters_path;
    ino_t filters_ino; /* of the file of filters, when it was read last; and its time */
    struct timespec filters_time;
    int64_t save_at, token_at;
    bool cached, was_online;
    int signals;     /* signalfd */
    sigset_t before; /* mask of whoever called */
    bool quit;
    struct err end; /* why it ended, if not by the person */
};

/* Zeroed but for o, the calls and arg. Loads what is known without a server, and says which
 * signals come by on_signal() from now on: those that end or stop a program, or tell a new
 * size. Nothing is connected before an INPUT_START. */
bool shell_begin(struct shell *s, struct err *e);
void shell_finish(struct shell *s);
/* Tells what ended it to whoever stands before a shell again. The exit status. */
int shell_complain(const struct shell *s);

int64_t shell_now(const struct shell *s);
/* Hands an input to the model and carries out what comes of it. */
void shell_give(struct shell *s, struct input in);
/* When there is something to do even if nothing comes in; and does it. */
int64_t shell_next_turn(const struct shell *s, int64_t now);
void shell_on_time(struct shell *s);
/* Where the person is goes to its file, at once. */
void shell_save(struct shell *s);

/* Starts the person's own command for notifications, if there is one. */
void shell_notify(const struct shell *s, struct str room, struct str text);
/* Hands an address of the web to the person's program; false: there is none for it. */
bool shell_open(const struct shell *s, struct str address);

#endif
