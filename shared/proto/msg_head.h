/* What stands at the front of the messages of each class, and what they are made of. */
#ifndef MOOT_MSG_HEAD_H
#define MOOT_MSG_HEAD_H

#include "bounds.h"
#include "err.h"
#include "str.h"

/* What a message is decides what stands at the front of its struct and on the wire. */
enum msg_class {
    CLASS_CONTROL,  /* nothing in common */
    CLASS_REQUEST,  /* struct request_head: becomes an event, at most once */
    CLASS_QUESTION, /* struct request_head: changes nothing that is stored in a room */
    CLASS_ANSWER,   /* struct answer_head */
    CLASS_EVENT,    /* struct event_head */
    CLASS_STATE,    /* struct state_head */
};

enum msg_side { FROM_CLIENT = 1, FROM_SERVER = 2, FROM_BOTH = 3 };

/* Ordered: more is more. ROLE_NONE is nobody of the room, and in member.set takes away. */
enum role { ROLE_NONE, ROLE_OBSERVER, ROLE_MEMBER, ROLE_OWNER, ROLE_COUNT };
const char *role_name(enum role r);
bool role_from_name(struct str name, enum role *out);

/* What an event is to somebody who wants to know what went on; a message counts only as a
 * comment on a card. ACTIVITY_ALL: nothing of that; in a question: any of it. */
enum activity {
    ACTIVITY_ALL,
    ACTIVITY_CARDS,
    ACTIVITY_COMMENTS,
    ACTIVITY_COLUMNS,
    ACTIVITY_NOTES,
    ACTIVITY_MEMBERS,
    ACTIVITY_COUNT
};
/* What one person wrote in one text is one piece of work while no edit comes later than so long
 * behind the one before. */
enum { SITTING_MS = 5 * 60 * 1000 };
const char *activity_name(enum activity a);
bool activity_from_name(struct str name, enum activity *out);

/* What a person is to the others. Those before STATUS_IDLE are chosen, that one comes by
 * itself.
 */
enum status { STATUS_ONLINE, STATUS_AWAY, STATUS_DND, STATUS_IDLE, STATUS_COUNT };
const char *status_name(enum status s);
bool status_from_name(struct str name, enum status *out);

/* What the sender must be for the server to look at a message. */
enum msg_right {
    RIGHT_ANYONE,   /* any connection, before hello too */
    RIGHT_INVITED,  /* after hello; somebody who came by an invite may too */
    RIGHT_SIGNED,   /* after hello, signed in */
    RIGHT_OBSERVER, /* in the room, any role */
    RIGHT_MEMBER,   /* in the room, member or owner */
    RIGHT_OWNER,    /* in the room, owner; admins may too */
    RIGHT_ADMIN,    /* an admin of the server */
};

struct request_head {
    int64_t id;      /* made by the client, larger than all it used before with its client id */
    struct str room; /* empty where the row has no room */
    /* Of what becomes an event; see struct event_head. */
    int64_t batch, undoes;
};
struct answer_head {
    int64_t re; /* id of the request; 0 in an error that answers none */
};
struct event_head {
    struct str room;
    int64_t seq;  /* 1 is the first of a room */
    int64_t time; /* ms since 1970, server's clock */
    struct str author;
    struct str client; /* client id of the author's session */
    int64_t id;        /* the request's id; with author and client it is unique for ever */
    int64_t batch;  /* id of the first request of those that the author made as one; 0: alone */
    int64_t undoes; /* the event that this one takes back: its seq, or -ID for that of request
                       ID of the same author and client; 0: none */
};
struct state_head {
    struct str room;
    struct str user; /* set by the server */
    int64_t session; /* set by the server: one connection's number */
};

/* Lists share this layout: items and how many. */
struct list {
    void *v;
    size_t n;
};
#define LIST_OF(T)                                                                             \
    struct {                                                                                   \
        T *v;                                                                                  \
        size_t n;                                                                              \
    }

#endif
