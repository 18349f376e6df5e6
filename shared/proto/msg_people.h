/* The messages about people: who is here, what they are doing, where they look and point; for
 * msg.h. */
#ifndef MOOT_MSG_PEOPLE_H
#define MOOT_MSG_PEOPLE_H

#include "marker.h"
#include "msg_head.h"

struct msg_presence {
    struct state_head head;
    bool online;
    enum status status;
    struct str words;
    int64_t since; /* ms since 1970, when the status began; 0: it is STATUS_ONLINE */
};

/* What one session says of its person, in place of what it said before. */
struct msg_status {
    struct request_head head;
    enum status status;
    struct str words; /* with away or dnd */
    int64_t age;      /* seconds for which it has been so already */
    bool everywhere;  /* for all sessions of the person */
};
/* How far its person has read a room's chat. */
struct msg_read {
    struct request_head head;
    struct marker read;
};
/* The same as it is stored, and what is unread behind it up to event seq. */
struct msg_unread {
    struct str room;
    struct marker read;
    int64_t seq, unread, mentions;
};
/* Another session did that. */
struct msg_status_set {
    enum status status;
    struct str words;
};

/* Without news these end by themselves. */
enum {
    TYPING_SHOWN_MS = 30000,
    POINTER_SHOWN_MS = 12000,
};

struct msg_typing {
    struct state_head head;
    bool on;
    int64_t task, note; /* a comment on that card; in that text; both 0: in the chat */
};
struct msg_cursor {
    struct state_head head;
    int64_t task; /* 0: on no card */
};

/* What one session has on its screen, as far as it is of this room. */
struct msg_looking {
    struct state_head head;
    bool shown;   /* the room is on screen */
    int64_t task; /* the card that is opened; 0: none */
    int64_t note; /* the note or card whose text is on screen; 0: none */
    struct str
        follows; /* whose view this is, for as long as that one leads; empty: one's own */
};

enum pointed {
    POINTED_OFF, /* the pointer is not shared, or not any more */
    POINTED_NOWHERE,
    POINTED_CARD,
    POINTED_COLUMN,
    POINTED_MESSAGE,
    POINTED_NOTE,
    POINTED_COUNT
};

/* A thing and a place in it. */
struct msg_pointer {
    struct state_head head;
    enum pointed at;
    int64_t task;      /* POINTED_CARD */
    struct str column; /* POINTED_COLUMN */
    int64_t message;   /* POINTED_MESSAGE: its sequence number */
    int64_t note;      /* POINTED_NOTE: the note or card */
    int64_t version;   /* of its text */
    int64_t place; /* code points from the start of the title, message or text; -1: not on it */
    int64_t x, y;  /* where in the thing, of POINTER_WHOLE */
};

#endif
