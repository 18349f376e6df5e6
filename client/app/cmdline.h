/* The command line: what is typed behind ':', taken apart by the action table, and completed.
 */
#ifndef MOOT_CMDLINE_H
#define MOOT_CMDLINE_H

#include "action.h"

/* What an argument is, by its word in the table. */
enum arg_kind {
    ARG_NONE,
    ARG_TEXT, /* anything, up to the end of the line */
    ARG_ROOM, /* #name */
    ARG_USER,
    ARG_NUMBER,   /* of a card */
    ARG_COLUMN,   /* of the board; may hold blanks */
    ARG_ROLE,     /* owner, member, observer */
    ARG_STATUS,   /* online, away, dnd */
    ARG_NOTE,     /* its name, which may hold blanks, or #number */
    ARG_PANE,     /* rooms, board, chat, note */
    ARG_ACCESS,   /* public, private */
    ARG_WHAT,     /* what of a room rings */
    ARG_ORDER,    /* of the rooms */
    ARG_NAME,     /* a new one, of one word */
    ARG_FILTER,   /* a saved one */
    ARG_SORT,     /* of cards */
    ARG_DAY,      /* as day_said() takes it, or none */
    ARG_PRIORITY, /* low to urgent, or none */
    /* Lists of words, the last argument; with a minus in front what is to go. */
    ARG_USERS,
    ARG_PEOPLE, /* of any room */
    ARG_LABELS,
    ARG_CARDS,
};

enum { COMMAND_ARGS_MAX = 4, COMMAND_MAX = 1024 };

struct command {
    enum action_id action;
    struct str args[COMMAND_ARGS_MAX]; /* borrow from the line; those left out are empty */
};

/* Takes a line apart. The name may be shortened as long as it is the only one. Fails with
 * ERR_USAGE and a sentence that says what is allowed. An empty line is ACTION_NONE. */
bool cmdline_parse(struct str line, struct command *out, struct err *e);

/* Whether a line that was typed where text goes is meant as a command: a ':' and the first word
 * of one's name, or what leaves an editor. cmdline_parse() may refuse it all the same. */
bool cmdline_is_meant(struct str line);

/* The kind of argument i of an action; ARG_NONE behind the last. */
enum arg_kind action_arg(const struct action *a, size_t i);

/* Words that could stand at the end of a line, the first `from` bytes of which stay. */
struct completions {
    size_t from;
    VEC(struct str) words;
    struct arena arena;
};

/* Gives the words that an argument may be to completions_offer(). */
typedef void completions_source(void *arg, enum arg_kind kind, struct completions *c,
                                struct str begun);

/* Finds what could stand at the end of line. */
void cmdline_complete(struct str line, completions_source *source, void *arg,
                      struct completions *out);
/* Takes word in if it begins as `begun` does (ASCII case ignored), once, up to a bound. */
void completions_offer(struct completions *c, struct str begun, struct str word);
void completions_clear(struct completions *c);
void completions_finish(struct completions *c);
/* What all words begin with. */
struct str completions_common(const struct completions *c);

#endif
