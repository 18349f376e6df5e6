/* What the hub keeps. For the files of this folder only.
 *
 * A connection (struct caller) belongs to a person (struct user) and, once it has said hello,
 * to a client (struct client): the (person, client id) under which requests are recognised over
 * reconnects. It listens to a room through a subscription (struct sub), which is either still
 * catching up or live. What was asked of the store or the shell and has not been answered is an
 * `ask`, found again by its tag. An append that is under way is an ask that hangs on its room
 * and its client as well, a flight.
 *
 * Two kinds of "now" exist in a room. `stored` and the roles that are `told` are what is on
 * disk and public. `head`, the board and the roles that are `ahead` include the flights;
 * requests are checked against these. A flight that fails takes all of that back (room_doubt).
 */
#ifndef MOOT_HUB_STATE_H
#define MOOT_HUB_STATE_H

#include "board.h"
#include "checklist.h"
#include "hub.h"
#include "op.h"
#include "pulse.h"
#include "put_off.h"

#include <utlist.h>

enum {
    RECENT_NUMBERS = 32,          /* of cards and notes that a client added, for -ID */
    SAID_MAX = 1024,              /* messages of which it is remembered what became of them */
    HELD_TEXTS_MAX = 64,          /* texts kept in memory for one connection, */
    TEXT_REST_MS = 60 * 1000,     /* and how long one that it does nothing with */
    TEXTS_WEIGHED_MS = 1000,      /* so often it is reckoned what all of them take */
    QUEUE_BYTES_MAX = 512 * 1024, /* of the messages of one client that wait for the store */
    IDLE_CLIENTS_MAX = 4096,      /* clients without a connection that are remembered */
    LEAP_MS = 5000,               /* between two inputs: more than a busy machine explains */
    RETRY_MS = 1000,              /* pause before what failed in passing is tried again */
    SLICE_MS = 100, /* timers of a tenth of all connections are looked at so often */
    INVITED_TTL_S = 90 * 86400,  /* life of the token that an invite is exchanged for */
    SEEN_EVERY_MS = 3600 * 1000, /* an account's `seen` is written at most this often */
};

/* A message kept for later, as JSON, in the order of arrival. */
struct waiting {
    int64_t id;
    char *json;
    size_t n;
    bool adds;   /* a card or a note */
    bool looked; /* it is known not to be committed yet */
};
struct queue {
    VEC(struct waiting) items;
    size_t bytes;
};

/* What a session, or all of a person's together, say of the person. */
struct standing {
    bool told; /* it was said; else the person is taken for present */
    enum status status;
    int64_t since; /* ms; 0 for STATUS_ONLINE */
    char *words;   /* NULL: none */
};

struct user {
    char name[USER_NAME_MAX + 1];
    bool exists;                  /* there is an account in the store */
    bool joining;                 /* its first sign-in is being stored */
    bool admin, disabled;         /* stored */
    bool bot;                     /* a program's account; never changes */
    bool put_admin, put_disabled; /* as last sent to the store */
    int puts;                     /* JOB_USER_PUT under way */
    int64_t created, seen, seen_put;
    struct caller *conns;     /* list */
    size_t clients;           /* structs client of this person */
    size_t memberships;       /* structs member */
    VEC(struct room *) rooms; /* in which this person has a role that is told */
    struct standing standing; /* of all sessions */
    uint32_t standings;       /* how often that changed */
    struct pulse *pulse;      /* NULL: did nothing since the start */
    UT_hash_handle hh;
};

struct client_key {
    struct user *user;
    char id[CLIENT_ID_MAX + 1];
};
/* A card or note that the client's request `id` added, or a message that it said, which is
 * event `seq`. */
struct recent {
    int64_t id, number, seq;
    struct room *room;
};
struct client {
    struct client_key key; /* zeroed behind the id's end */
    struct caller *conn;   /* NULL: not connected */
    bool known;            /* newest is right */
    int64_t newest;        /* largest id that was accepted */
    struct ask *flights;   /* list: appends under way */
    struct recent *recent; /* ring of RECENT_NUMBERS, made when needed */
    unsigned n_recent;
    unsigned locks;           /* held */
    struct standing standing; /* as this client's connection said, or the last one did */
    int64_t left_at;          /* ms, when that was lost */
    struct queue queue;       /* messages that wait, the first for lookup or room */
    uint64_t lookup;          /* tag of the JOB_LOOKUP waited for, or 0 */
    unsigned asks;            /* JOB_LOOKUP under way, waited for or not */
    struct room *blocked;     /* room waited for, or NULL */
    bool pumping;
    struct client *prev, *next; /* list of the idle ones, oldest first */
    UT_hash_handle hh;
};

enum caller_state {
    CALLER_FRESH,  /* has not said hello */
    CALLER_PARKED, /* has; waits for the store to know the person */
    CALLER_READY,
    CALLER_CLOSING, /* was told to go */
};

/* A text that a connection holds in memory. */
struct held {
    struct text *text;
    int64_t used; /* when it opened or edited it last, or had its caret in it */
};

struct caller {
    uint32_t slot;
    enum caller_state state;
    bool local_admin, invite;
    scope_set scopes;    /* of its token; 0: all */
    bool missed;         /* states, and has to be told how things stand */
    bool paused;         /* a resume or a text waits for IN_READABLE */
    uint16_t violations; /* in a row */
    uint16_t over_rate;  /* since the bucket was last full */
    uint16_t questions;  /* under way */
    int32_t tokens;      /* thousandths of a message that may come */
    int64_t tokens_at;
    int64_t session, opened, heard, expires;
    char *token_id; /* NULL: by Unix account */
    struct user *user;
    struct client *client;
    struct queue parked; /* CALLER_PARKED: hello and what followed it */
    struct put_off put_off;
    VEC(struct sub *) subs;
    struct sub *catching;       /* list: those not live, the first being served */
    uint64_t reading;           /* tag of the JOB_EVENTS under way for it, or 0 */
    size_t burst;               /* bytes sent for resumes and texts since the last pause */
    VEC(struct held) held;      /* texts that it opened or edited last, oldest first */
    struct reading *readings;   /* list: questions about texts, the first being answered */
    struct caller *prev, *next; /* in user->conns */
};

/* The encoded state of a room, shared by all who open it at that moment. */
struct snapshot {
    int refs;
    int64_t seq;
    VEC(struct frame *) parts;
};

/* ---- passing states. All zero is nothing to be told of; they are compared as bytes. ---- */

enum state_kind {
    STATE_TYPING,
    STATE_CURSOR,
    STATE_CARET,
    STATE_LOOKING,
    STATE_POINTER,
    STATE_KINDS
};

struct typing {
    int64_t on, task, note;
};
/* Where somebody is in a text; note 0: in none. */
struct caret {
    int64_t note, version, head, anchor, top;
};
struct looking {
    int64_t shown, task, note;
    char follows[USER_NAME_MAX + 8];
};
struct pointer {
    int64_t at, task, message, note, version, place, x, y;
    char column[COLUMN_NAME_MAX + 8];
};
struct states {
    struct typing typing;
    int64_t cursor;
    struct caret caret;
    struct looking looking;
    struct pointer pointer;
};

/* One connection listens to one room. */
struct sub {
    struct caller *conn;
    struct room *room;
    struct person *person;
    bool live;
    uint32_t at;  /* index in room->live or room->catching */
    int64_t sent; /* newest event that was sent; only while catching up */
    bool by_snapshot;
    struct snapshot *snapshot;
    size_t part;      /* next of the snapshot */
    unsigned pending; /* bits of enum state_kind that are to be told; not 0: in room->dirty_subs
                       */
    struct states now, told;
    int64_t due[STATE_KINDS]; /* when the next may be told */
    struct sub *prev, *next;  /* in conn->catching */
};

struct member {
    struct user *user;
    enum role told, ahead;
    struct marker read; /* stored; while told is a role */
};

/* Somebody who has the room open. Kept with no session while others catch up, so that they hear
 * that this person has left. */
struct person {
    struct user *user;
    int sessions;
    int64_t session; /* the one that opened it first, or was last */
    bool told;       /* the others know that this person is here */
    bool dirty;
    uint32_t standing; /* number of the user's standing that they know */
    int64_t due;       /* when another may be told */
};

/* A note, without its text. */
struct note {
    int64_t number;
    char *name;
    bool archived;
    int64_t time; /* ms, of its creation */
    char author[USER_NAME_MAX + 1];
};

/* How far a text is that was ever edited: of a note, or a card's description. */
struct text_head {
    int64_t number, version;
    int64_t time; /* ms, of its newest edit */
    char author[USER_NAME_MAX + 1];
    struct checklist boxes; /* of a description, at `version` */
    int64_t comments;       /* of a card; version may be 0 then */
    UT_hash_handle hh;
};

struct notes {
    VEC(struct note *) list; /* by number */
    struct text_head *heads; /* uthash, by number */
};

struct pin {
    int64_t message, time;
    char author[USER_NAME_MAX + 1];
};

struct room {
    char name[ROOM_NAME_MAX + 1];
    bool is_public;
    bool sure; /* head is what the store has, plus the flights */
    bool has_board;
    uint64_t loading; /* tag of the JOB_ROOM under way, or 0 */
    int64_t stored, head, time;
    char *topic;           /* NULL: none; read, ahead and forgotten with the board */
    struct retention keep; /* ahead; right while the room is sure */
    int64_t trimmed;       /* up to where messages are removed; ahead, read with the board */
    int64_t trim_seq;      /* the event ahead that removed some last, */
    int64_t pin_seq;    /* and that changed a pin last; both at least as the board was read */
    int64_t trim_due;   /* when it is to be looked at what is beyond `keep` */
    int64_t trim_at;    /* how far this time's looks are; 0: at the beginning, */
    int64_t trim_bound; /* and what they counted; see struct store_trim */
    struct board board;
    struct notes notes;         /* read, ahead and forgotten with the board */
    struct text *texts;         /* uthash, by number: those in memory */
    VEC(struct pin) pins;       /* by message; read, ahead and forgotten with the board */
    struct said *said;          /* uthash, by seq: messages in memory, ahead */
    int64_t changed;            /* newest stored event that changed a message */
    VEC(struct member) members; /* by name */
    size_t owners;              /* ahead */
    struct ask *flights;        /* list, oldest first */
    size_t n_flights;
    VEC(struct client *) blocked; /* their first waiting message needs this room */
    VEC(struct sub *) live;
    VEC(uint32_t) slots; /* of live, same order */
    VEC(struct sub *) catching;
    VEC(struct person *) people; /* by name */
    struct frame *who;           /* the people, as told to newcomers; NULL: to be made */
    struct snapshot *snapshot;   /* newest one made, or NULL */
    struct pulse *pulse;         /* NULL: nothing happened since the start */
    unsigned hooks;              /* outgoing ones of it */
    struct buf news;             /* framed events to publish at the end of the turn */
    int64_t news_since;          /* us: the oldest of them was received */
    uint32_t n_news;
    struct buf parting; /* framed states of connections that are gone */
    uint32_t n_parting;
    bool has_news, has_states; /* is listed in hub->news, hub->states */
    VEC(struct sub *) dirty_subs;
    VEC(struct person *) dirty_people;
    VEC(struct lock *) locks;
    bool locks_dirty;
    int64_t locks_due; /* when changes of them may be told next */
    UT_hash_handle hh;
};

enum ask_kind {
    ASK_BOOT,
    ASK_APPEND, /* a flight */
    ASK_ROOM,
    ASK_LOOKUP, /* of a request that may have been committed */
    ASK_CARD,   /* of the request that added a card or a note */
    ASK_EVENTS,
    ASK_HISTORY,
    ASK_ACTIVITY,
    ASK_SEARCH,
    ASK_INDEX,
    ASK_TRIMMABLE, /* what is beyond what a room keeps */
    ASK_SAID,      /* a message that somebody wants to change or to answer */
    ASK_MESSAGE,   /* of the request that said it */
    ASK_TEXT,      /* a text for all who have it open */
    ASK_READING,   /* something about a text, for one connection */
    ASK_READ,      /* how far somebody has read a room */
    ASK_UNREAD,    /* and what is unread behind that */
    ASK_ROOMS,
    ASK_NEWCOMER,
    ASK_SEEN,
    ASK_USER_SET,
    ASK_TOKENS,
    ASK_REVOKE,
    ASK_AUDIT,
    ASK_AUDIT_PUT,
    ASK_HOOK_MAKE, /* admin.hook.add: its id and secret */
    ASK_HOOK_ADD,
    ASK_HOOK_DROP,
    ASK_HOOK_SET,
    ASK_HOOK_READ, /* the next events for an outgoing one */
    ASK_HOOK_KEEP, /* how far it is */
    ASK_MINT,      /* admin.token, admin.invite */
    ASK_TOKEN_PUT,
    ASK_MINT_OWN, /* invite.accept */
    ASK_INVITE_USE,
    ASK_CHECK, /* renew */
    ASK_FIGURES,
    ASK_MINUTE, /* the figures of one, to be kept */
    ASK_MINUTE_PUT,
    ASK_MINUTES,
    ASK_COUNT
};

struct ask {
    uint64_t tag;
    enum ask_kind kind;
    uint32_t conn; /* who asked, if it still has that session */
    int64_t session;
    struct client *client; /* ASK_APPEND, _LOOKUP, _CARD; NULL: the server's own doing */
    struct room *room;     /* ASK_APPEND: NULL once it was given up */
    int64_t id;            /* of the request or question */
    int64_t number;        /* ASK_APPEND: card or note concerned */
    int64_t us;            /* ASK_APPEND: when it was received */
    int64_t seq;           /* ASK_APPEND: of the event */
    bool adds;             /* the number is new, or the event can be named by the request */
    bool edits;            /* a text, of that number */
    bool mine;             /* ASK_ROOMS: only those that the asker is in */
    struct user *user;     /* ASK_NEWCOMER, _SEEN, _USER_SET */
    char *token;           /* ASK_TOKEN_PUT, _INVITE_USE, _HOOK_ADD: the token itself */
    struct store_job *job; /* ASK_HOOK_MAKE: what will be asked of the store; owned */
    int64_t ttl;
    bool invite;
    struct ask *prev, *next;     /* in room->flights */
    struct ask *c_prev, *c_next; /* in client->flights */
    UT_hash_handle hh;
};

enum hook_state {
    HOOK_RESTS, /* it has nothing to do, or may not */
    HOOK_READS, /* ASK_HOOK_READ is under way */
    HOOK_SENDS, /* OUT_POST is */
    HOOK_WAITS, /* until `due`, to try again */
};

struct hook {
    struct store_hook row;
    struct arena arena; /* of the row's strings */
    bool leaving;       /* its end is on the way to the disk */
    /* outgoing ones */
    enum hook_state state;
    uint64_t tag;    /* of what is under way */
    int64_t sending; /* the event */
    int64_t due;
    int failures;      /* in a row */
    bool keeping;      /* ASK_HOOK_KEEP is under way */
    int64_t keep_at;   /* when the row has to be sent to the store; 0: it is as kept */
    char trouble[300]; /* why it failed last */
};

struct revoked {
    char id[TOKEN_ID_MAX + 1];
    int64_t expires;
    UT_hash_handle hh;
};

struct hub {
    char *server, *log, *lobby;
    int64_t heartbeat_ms, retention_ms;
    int64_t now, next_session;
    struct outbox *out; /* of this input */
    struct arena arena; /* of this input */
    struct buf scratch;
    bool booted, draining, drained;
    int64_t boot_at; /* when to ask for JOB_BOOT again, or 0 */
    uint64_t next_tag;
    VEC(struct caller *) conns; /* by slot */
    struct user *users;
    struct client *clients, *idle;
    size_t n_idle;
    struct room *rooms;
    struct ask *asks;
    struct revoked *revoked;
    VEC(struct hook *) hooks; /* oldest first */
    int64_t hooks_at;         /* when to look at the outgoing ones, or 0 */
    struct said *said;        /* list over all rooms, the longest unused first */
    struct said *said_spare;  /* list: memory of those that were dropped */
    size_t n_said;
    size_t n_flights;      /* appends that the store has */
    size_t n_listed;       /* of these, not given up: in the list of a room */
    struct op op, op_next; /* of the edit being moved */
    struct buf op_json;
    VEC(struct room *) news;      /* with events to publish */
    VEC(struct room *) states;    /* with states to tell */
    VEC(struct user *) newcomers; /* wait for room in the lobby's queue */
    int64_t states_at;            /* when states go out next, or 0 */
    int64_t locks_at;             /* when to look for locks that have ended, or 0 */
    int64_t slice_at;
    int64_t weigh_at;
    size_t text_bytes, text_bytes_max; /* that all texts take, about, and may */
    size_t slice;                      /* slot to look at next */
    int64_t us;                        /* of the input at hand */
    int64_t trim_at;                   /* when to look what rooms keep, or 0; not before */
    int64_t trim_from;                 /* this, an hour after the clock leapt */
    uint64_t trim_tag;                 /* of the ASK_TRIMMABLE under way, or 0 */
    int64_t minute_at; /* when the minute under way is over; 0: none has begun */
    struct {
        int64_t events;    /* but edits of texts, since it was asked to take them */
        bool takes_events; /* a JOB_INDEX is under way */
        bool stale;        /* texts were edited since it was asked to take them */
        bool busy;         /* a JOB_INDEX_TEXTS is under way */
        bool goes_on;      /* one that nobody has to wait for */
        int64_t since;     /* when that one was asked for */
        int64_t next;      /* when a search may ask for the next */
        int64_t next_tick; /* when it is asked for without a search */
        VEC(struct store_job *) waiting; /* searches, until it is done */
    } index;                             /* of words */
    struct hub_counts counts;
};

/* True for requests that name what they make: a card, a note, a message. */
static inline bool msg_adds(enum msg_type t)
{
    return t == MSG_TASK_ADD || t == MSG_NOTE_CREATE || t == MSG_MESSAGE_POST;
}

/* What became of a message. */
enum outcome {
    DONE,
    REFUSED, /* the error says why */
    BLOCKED, /* it has to wait; the client's `lookup` or `blocked` says for what */
};

#endif
