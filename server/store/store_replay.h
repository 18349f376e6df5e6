/* Inside of the check: a room as its log makes it. */
#ifndef MOOT_STORE_REPLAY_H
#define MOOT_STORE_REPLAY_H

#include "op.h"
#include "store.h"

/* A text as its edits leave it: its length, not what it says, so that all texts of a room can
 * be followed at once. */
struct seen_text {
    int64_t number, version, time;
    char author[USER_NAME_MAX + 1];
    size_t chars;
    bool is_broken; /* an edit does not fit: what follows cannot be judged */
    UT_hash_handle hh;
};

/* A message that was changed, as its changes leave it; what they say is in the arena. */
struct seen_message {
    int64_t seq, edited;
    struct str text, deleted;
    VEC(struct reaction_item) reactions;
    bool is_pinned;
    bool is_met; /* the table has it */
    UT_hash_handle hh;
};

struct replay {
    struct store *store;
    struct buf *report;
    size_t faults;
    struct str room, topic;
    struct arena arena; /* names below, for one room */
    struct board board;
    VEC(struct store_member) members;
    VEC(struct store_note) notes; /* by number */
    struct seen_text *texts;      /* uthash */
    struct seen_message *changed; /* uthash */
    VEC(struct store_pin) pins;
    struct op op;
    struct retention keep;
    VEC(int64_t) chat;       /* messages that retention may still take, going up */
    int64_t trimmed;         /* up to where it has */
    int64_t gone, told_gone; /* messages that are removed, and that are said to be */
    int64_t last_gone;       /* the newest of them */
    bool is_public;
    int64_t seq, messages; /* seq 0: what is told is of no single event */
    /* NULL: a wrong snapshot is a fault. Otherwise it is given what is right. */
    void (*mend)(struct replay *r, const struct store_snapshot *right);
    void *mend_arg;
};

/* A line of the report, with the room and the event in front. */
void replay_fault(struct replay *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Replays the log of a room that has `newest` events: board, members, notes and texts are then
 * as it makes them. False when it cannot be read that far; what is wrong with it is told, and
 * counted in r->faults. */
bool replay_log(struct replay *r, struct str room, int64_t newest);
/* Forgets the room; r is ready for the next. */
void replay_forget(struct replay *r);
void replay_finish(struct replay *r);

/* Asks the store about the room: a page. The caller frees. */
struct store_job *replay_ask(struct replay *r, enum store_job_kind kind, int64_t from);
struct store_job *replay_ask_text(struct replay *r, enum store_job_kind kind, int64_t number,
                                  int64_t from, int64_t version);

/* store_check_text.c. What an event does to notes and texts; false when it is none of theirs.
 */
bool replay_note(struct replay *r, const struct msg *m);
/* Whether a note has the number. */
bool replay_is_note(const struct replay *r, int64_t number);
/* The tables of notes and texts, and the snapshots, against the log. */
void replay_compare_texts(struct replay *r, const struct store_room *room);
/* The snapshots alone. */
void replay_compare_snapshots(struct replay *r);
void replay_forget_texts(struct replay *r);

/* store_check_chat.c. What an event does to a message; false when it does nothing to one. */
bool replay_message(struct replay *r, const struct msg *m);
/* The messages as the store answers them, and the pins of the room, against the log. */
void replay_compare_messages(struct replay *r, const struct store_room *room);
void replay_forget_messages(struct replay *r);

#endif
