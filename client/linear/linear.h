/* The client in lines: what the screen would show, said in words, one line under the other, and
 * a line to type into. It is a view of the same model, which is driven by the same keys and
 * commands; see docs/decisions/0015-lines.md. Pure.
 *
 * After each update() of the model comes a linear_settle(); what is to be printed is in `said`
 * then, for the shell to print and to clear. */
#ifndef MOOT_LINEAR_H
#define MOOT_LINEAR_H

#include "keys.h"
#include "model.h"

enum {
    LINEAR_LINES = 20,         /* messages said at once; the rest is counted */
    LINEAR_READ_LINES = 3,     /* of those read before, when one comes into a room */
    LINEAR_TEXT_LINES = 20,    /* of a long message, unless all of it is asked for */
    LINEAR_TEXT_BYTES = 2000,  /* the same */
    LINEAR_SETTLE_MS = 3000,   /* so long somebody is gone or back before it is said */
    LINEAR_TYPING_MS = 60000,  /* that somebody types is said at most so often */
    LINEAR_UNSAVED_MS = 2000,  /* a change may take so long before it is mentioned */
    LINEAR_WAITING_MS = 60000, /* while there is no link it is said again so often */
};

struct linear_person {
    char user[USER_NAME_MAX + 1];
    bool online, said_online;
    enum status status, said_status;
    int64_t since;    /* ms, when it became so */
    int64_t typed_at; /* ms, when it was said that the person types; 0: never */
};

struct linear_room {
    char name[ROOM_NAME_MAX + 1];
    bool said; /* that something is unread there */
};

struct linear {
    struct model *m;
    struct buf said; /* whole lines, fit for any terminal */

    struct buf held; /* what an event says; a toast about the same takes its place */
    enum session_state state;
    bool was_online;
    bool silent; /* it was said that no answer comes */
    char why[sizeof((struct err){0}.text)];
    int64_t waiting_at; /* ms, when it was said that there is no link */

    char here[ROOM_NAME_MAX + 1];
    bool entered;     /* it was said what is in the room */
    int64_t printed;  /* the newest message said */
    VEC(int64_t) own; /* messages sent from here: they stand there as they were typed */
    size_t changed;   /* changes that came while the room was being brought up to date */
    size_t missed;    /* as in the model, as it was said */
    bool counting;
    VEC(struct linear_person) people;
    int64_t people_at; /* ms, from when on it is said who comes and goes; 0: not known yet */
    VEC(struct linear_room) rooms;

    size_t unsaved;        /* as it was said */
    int64_t unsaved_at;    /* ms, since when there are any; 0: there are none */
    enum err_code put_off; /* why the server did not take them, as it was said */

    const char *caption; /* of the demo's tour, as it was said */
    bool failed;         /* something that was wanted could not be, and that was said */
    bool leaving;        /* the person wants to go: the next ACTION_QUIT is carried out */
    bool in_dialog, in_picker, completing;
    enum prompt prompt;
    int64_t selected, answering, editing;
    enum action_id asked;    /* whose answer is still to be said; ACTION_NONE: nothing is */
    int64_t from, to;        /* numbers of the messages that were read out last; 0: none was */
    bool up;                 /* the place that was asked for is where those that come end */
    int64_t opened, opening; /* card that was opened, and still has to be shown */
    int64_t opening_at;      /* ms */
    int64_t card;            /* that a command without a number means; 0: none */
};

/* Takes the model's listener. */
void linear_init(struct linear *l, struct model *m);
void linear_finish(struct linear *l);
/* Says what is new, and keeps the model where lines make sense. */
void linear_settle(struct linear *l);
int64_t linear_next_tick(const struct linear *l);

/* Appends what stands in front of the line that is typed, as "#core> ". */
void linear_prompt(const struct linear *l, struct buf *out);
/* The same and the line itself, on one row and fit for any terminal: up to the caret, and from
 * there on. */
void linear_line(const struct linear *l, struct buf *front, struct buf *back);
/* Something is being written, or asked: lines of others wait where they would tear it. */
bool linear_is_writing(const struct linear *l);

/* A whole line, as it comes where there is no terminal to edit it on: a message, a command
 * behind a slash (two are one that is meant), or the answer to what was asked; as inputs for
 * the model, one after the other. */
void linear_typed(const struct linear *l, struct str line, keys_each *each, void *arg);

#endif
