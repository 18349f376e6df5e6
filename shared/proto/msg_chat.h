/* The messages about what is said: in a room, on a card, in answer to something. */
#ifndef MOOT_MSG_CHAT_H
#define MOOT_MSG_CHAT_H

#include "msg_head.h"

struct reaction_item {
    struct str emoji, user;
    int64_t seq; /* of the event that added it */
};
/* A message as it is: edited, answered, reacted to. */
struct message_item {
    int64_t seq, time;
    struct str author;
    struct str text;    /* empty: it was deleted */
    int64_t task;       /* the card it is a comment on; 0: none */
    int64_t reply;      /* the message that it answers, which is no answer itself; 0: none */
    struct str to;      /* whom it answers */
    int64_t edited;     /* ms, the newest edit; 0: never */
    struct str deleted; /* who deleted it; empty: nobody */
    bool pinned;
    LIST_OF(struct reaction_item) reactions; /* in the order in which they were added */
};
struct pin_item {
    int64_t message, time; /* its sequence number; ms, when it was pinned */
    struct str author;     /* who pinned it */
};

/* A message is named by its sequence number, or by -ID: the one that this client's request ID
 * said. */
struct msg_message_post {
    struct request_head head;
    struct str text;
    int64_t task;  /* a comment on that card, named as in task.edit; 0: none */
    int64_t reply; /* answers that message; 0: none */
};
struct msg_message_edit {
    struct request_head head;
    int64_t message;
    struct str text;
};
struct msg_message_delete {
    struct request_head head;
    int64_t message;
};
struct msg_message_react {
    struct request_head head;
    int64_t message;
    struct str emoji;
    bool gone; /* taken back */
};
struct msg_message_pin {
    struct request_head head;
    int64_t message;
    bool gone;
};

struct msg_message {
    struct event_head head;
    struct str text;
    int64_t task, reply; /* 0: none */
    struct str to;
};
/* What becomes of a message. `writer` is who wrote it, `task` as in message. */
struct msg_message_edited {
    struct event_head head;
    int64_t message, task;
    struct str writer, text;
};
struct msg_message_deleted {
    struct event_head head;
    int64_t message, task;
    struct str writer;
};
struct msg_message_reacted {
    struct event_head head;
    int64_t message, task;
    struct str writer, emoji;
    bool gone;
};
struct msg_message_pinned {
    struct event_head head;
    int64_t message, task;
    struct str writer;
    bool gone;
};

/* What retention took away. Each message up to `upto` that is no comment on a card and was not
 * pinned, and all that was ever done to it, is a message.removed in its place in the log. */
struct msg_chat_trimmed {
    struct event_head head;
    int64_t upto, until; /* the newest message that went, and its time */
    int64_t messages;    /* how many went */
};
struct msg_message_removed {
    struct event_head head; /* of what was there */
    int64_t message;        /* 0: it was a message itself; else what was done to that one */
};

struct msg_history {
    struct request_head head;
    int64_t before, limit;
    int64_t after; /* the first ones behind it in place of the newest; 0: the newest. Event 1 is
                      no message: behind it are all */
    int64_t around; /* those before it and from it on, half and half; 0: as above */
    int64_t time;   /* the same around the first one of that time (ms) or later */
    int64_t task;   /* only comments on that card; 0: the whole chat */
    int64_t reply;  /* only answers to that message; 0: all */
    bool pinned;    /* only what is pinned */
};
struct msg_history_page {
    struct answer_head head;
    struct str room;
    int64_t seq;                           /* of the newest event that it takes into account */
    LIST_OF(struct message_item) messages; /* oldest first */
    bool more;                             /* there are older ones; with `after`: newer ones */
    bool newer;                            /* with `around` and `time`: there are newer ones */
};

#endif
