/* The command line: one verb, one answer, an exit status. The verbs stand in verb_table.c; each
 * noun has a file. */
#ifndef MOOT_CLI_H
#define MOOT_CLI_H

#include "conversation.h"
#include "opts.h"
#include "print.h"
#include "verb.h"

/* What options can give, the verbs' own behind those of every verb. */
struct cli_options {
    struct moot_options moot;
    bool follow, watch, all, events, is_private, admin, disabled, top, team, mine, theirs;
    int64_t since, limit, after, seen, card, reply, people, minutes;
    bool remove, first, pinned, off;
    int64_t ttl; /* ms */
    const char *column, *author, *filter, *sort, *title, *assign, *label, *priority, *due,
        *block, *role, *url, *at, *from, *behind, *to, *kind, *order, *scope, *kinds, *keep;
};

/* One run of the program. */
struct cli {
    struct cli_options options;
    struct opt_set set;
    struct arena rows;       /* of the set's table */
    const struct verb *verb; /* NULL: the screen is wanted */
    struct str
        *words; /* behind the verb, NUL-terminated; a room that an option names is put in */
    size_t n_words;
    struct print out;
    bool has_read; /* text came from standard input or a file, and not with the words */
    int status;    /* of a verb that did its part: what another program ended with */
    struct conversation *talk; /* see cli_connect() */
    struct outbox_file *kept;  /* see cli_keep() */
    struct arena arena;        /* until the end */
};

/* Reads the command line, the environment and the files. False, with a status in *status, when
 * that was all: help was printed, or what is wrong. */
bool cli_read(struct cli *c, int argc, char **argv, int *status);
/* Carries the verb out; returns the exit status. */
int cli_run(struct cli *c);
void cli_finish(struct cli *c);

/* Says on stderr what went wrong, and returns the exit status for it. */
int cli_complain(const struct err *e);
/* A remark on stderr. */
void cli_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ---- for the verbs ---- */

/* Did anything but the default give this option? */
bool cli_is_given(const struct cli *c, const char *name);

/* Sends what earlier programs left in their outboxes, and keeps an own one from the next
 * cli_connect() on. */
bool cli_keep(struct cli *c, struct err *e);
/* Signs in, if that was not done. Every verb that needs the server calls it first. */
bool cli_connect(struct cli *c, struct err *e);
/* As whom; and a room as that person reads it, direct ones without oneself, in the arena. */
struct str cli_me(const struct cli *c);
struct str cli_room_label(struct cli *c, struct str room);
/* A room as people write it, with or without '#', checked. "@ana" is the direct conversation
 * with her: for that it signs in. */
bool cli_room(struct cli *c, struct str word, struct str *room, struct err *e);
bool cli_user(struct str word, struct err *e);
/* Opens the room of the first word, which goes to *room; NULL after saying why not. */
const struct replica *cli_open(struct cli *c, struct str *room, struct err *e);
/* The address without path and fragment, as "wss://host:7700"; refused when it is not one of
 * the network. */
bool cli_address(struct cli *c, struct str url, struct str *out, struct err *e);
/* A card's number, with or without '#'. */
bool cli_task(struct str word, int64_t *task, struct err *e);
/* A message's number. */
bool cli_message(struct str word, int64_t *message, struct err *e);
/* Words from i on, joined by spaces; a single "-" is standard input, without its last newline.
 * Refused when over max bytes or not UTF-8; what says what it is. */
bool cli_text(struct cli *c, size_t i, size_t max, const char *what, struct str *text,
              struct err *e);
/* The same where blanks and empty lines are a text, too. */
bool cli_text_as_is(struct cli *c, size_t i, size_t max, const char *what, struct str *text,
                    struct err *e);

/* Sends a request and waits until it is stored, or not. */
bool cli_request(struct cli *c, struct msg *request, struct msg_ok *ok, struct err *e);

#endif
