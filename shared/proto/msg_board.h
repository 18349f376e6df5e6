/* The messages about boards: cards, columns, and who edits what; for msg.h. */
#ifndef MOOT_MSG_BOARD_H
#define MOOT_MSG_BOARD_H

#include "msg_head.h"

/* ---- parts ---- */

struct column_item {
    struct str name;
    int64_t limit; /* 0: none */
};
/* One of a card's fields, by its name: the value it gets. Of a field that is a set: a value it
 * gets, or loses. */
struct change_item {
    struct str field, value;
    bool gone;
};
struct task_item {
    int64_t number;
    struct str title;
    struct str column;
    struct str key;      /* order within the column, by bytes */
    int64_t version;     /* of its description; 0: never edited */
    int64_t done, boxes; /* of its description: ticked, and in all */
    int64_t comments;    /* on it that were not deleted */
    int64_t changed;     /* number of the newest event about it */
    LIST_OF(struct change_item) fields;
};

/* ---- requests ---- */

/* A card is named by its number, or by -ID: the card that this client's request ID added. So a
 * card can be moved before the answer with its number is there, or while offline. `after` is
 * the card it goes behind; 0 is the top of the column, left out (AFTER_END) its end. */
#define AFTER_END SEQ_MAX
struct msg_task_add {
    struct request_head head;
    struct str title, column; /* column empty: the first one */
    int64_t after;
};
struct msg_task_edit {
    struct request_head head;
    int64_t task;
    int64_t seen;     /* the event up to which the sender knows the card; -1: no matter */
    struct str title; /* empty: stays */
    LIST_OF(struct change_item) changes;
};
struct msg_task_move {
    struct request_head head;
    int64_t task;
    struct str column;
    int64_t after;
    int64_t seen; /* the event up to which the sender knows the board; 0: does not say */
};
struct msg_task_archive {
    struct request_head head;
    int64_t task;
};
struct msg_task_restore {
    struct request_head head;
    int64_t task;
};
/* A column is named by its name. Without `after` or `first` it goes to the end. */
#define LIMIT_STAYS (-1)
struct msg_column_add {
    struct request_head head;
    struct str name;
    int64_t limit;
    struct str after;
    bool first;
};
struct msg_column_edit {
    struct request_head head;
    struct str column, name; /* name empty: stays */
    int64_t limit;
};
struct msg_column_move {
    struct request_head head;
    struct str column, after;
    bool first;
};
struct msg_column_remove {
    struct request_head head;
    struct str column, to;
};

/* ---- events ---- */

struct msg_task_added {
    struct event_head head;
    int64_t task;
    struct str title, column, key;
};
struct msg_task_edited {
    struct event_head head;
    int64_t task;
    struct str title; /* empty: stays */
    LIST_OF(struct change_item) changes;
};
struct msg_task_moved {
    struct event_head head;
    int64_t task;
    struct str column, key;
    int64_t seen; /* as the mover said it */
};
struct msg_task_archived {
    struct event_head head;
    int64_t task;
};
struct msg_task_restored {
    struct event_head head;
    int64_t task;
    struct str title, column, key;
    int64_t version; /* of its description: who came by a snapshot does not know the card */
    int64_t done, boxes, comments; /* as in task_item */
    LIST_OF(struct change_item) fields;
};
struct msg_column_added {
    struct event_head head;
    struct str column;
    int64_t place, limit;
};
struct msg_column_edited {
    struct event_head head;
    struct str column, name; /* name empty: stays */
    int64_t limit;
};
struct msg_column_moved {
    struct event_head head;
    struct str column;
    int64_t place;
};
struct msg_column_removed {
    struct event_head head;
    struct str column, to, key;
};
struct msg_column_keyed {
    struct event_head head;
    struct str column;
};

/* ---- locks ---- */

/* Who edits a field of a card. */
struct msg_locked {
    struct state_head head;
    int64_t task;
    struct str field, client;
    int64_t until; /* ms since 1970; 0: nobody does any more */
};
struct msg_lock {
    struct request_head head;
    int64_t task;
    struct str field;
    bool take;
};
struct msg_unlock {
    struct request_head head;
    int64_t task;
    struct str field;
};

#endif
