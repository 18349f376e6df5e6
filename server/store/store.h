/* The store: one log per room, the tables beside it, accounts and tokens.
 *
 * A job is a request and, once it has been run, its own answer. The hub makes jobs as data; a
 * store runs them; they come back to the hub as inputs. Who runs them where (the writing
 * thread, the reading thread, at once in the simulator) neither side knows.
 *
 * Durable before told: a job of a write comes back without error only when it is on disk. */
#ifndef MOOT_STORE_H
#define MOOT_STORE_H

#include "board.h"
#include "checklist.h"
#include "hist.h"
#include "marker.h"
#include "msg.h"
#include "retention.h"

/* The client of events that the server makes by itself, as when somebody joins the lobby. */
#define STORE_OWN_CLIENT "mootdserver"

enum {
    ACTIVITY_SCAN = 20000, /* events that one JOB_ACTIVITY looks at */
    MINUTES_KEPT_DAYS = 30,
    INDEX_BYTES = 64 * 1024,  /* of text that one JOB_INDEX takes */
    INDEX_BEHIND_MAX = 50000, /* events that the index may lack: what a search can look at */
    SEARCH_MS = 1000,         /* how long one JOB_SEARCH may take, */
    READ_MS = 50,             /* and how long at a time, as a JOB_UNREAD: others come between */
};

enum store_job_kind {
    /* writes: run in order, several in one transaction */
    JOB_APPEND,       /* one event and what it changes beside the log */
    JOB_USER_PUT,     /* makes or changes an account; its `created` stays, `seen` never falls */
    JOB_TOKEN_PUT,    /* remembers a token that was made */
    JOB_TOKEN_REVOKE, /* ERR_NOT_FOUND for one that is not known */
    JOB_READ_PUT,   /* moves a member's marker to `marker`, if it is behind that; ERR_NOT_FOUND
                       when the person is no member */
    JOB_AUDIT_PUT,  /* only notes what was done (audit) */
    JOB_INVITE_USE, /* uses up an invite (ERR_REVOKED when used or revoked before), makes the
                       account if there is none and remembers the token made for it, all or
                       nothing; the invite counts as revoked afterwards */
    JOB_MINUTE_PUT, /* keeps the figures of one minute; those older than 30 days go */
    JOB_HOOK_ADD,   /* remembers a hook that was made */
    JOB_HOOK_SET,   /* keeps how far a hook is and whether it fails; of one that is gone:
                       nothing */
    JOB_HOOK_DROP,  /* ERR_NOT_FOUND for one that is not known */
    JOB_INDEX, /* brings messages, titles and names that were made or changed since into the
                  index of words: some of them, INDEX_BYTES or a little more; `more` when others
                  are left */
    JOB_INDEX_TEXTS, /* the same for texts that were edited since */
    /* reads: run beside the writes, see everything committed before */
    JOB_BOOT,   /* accounts, revoked tokens, hooks, all rooms with members and newest sequence
                   number */
    JOB_ROOM,   /* one room: members, columns, cards, newest sequence number */
    JOB_LOOKUP, /* was (author, client, id) committed, and which is the client's newest id? */
    JOB_EVENTS, /* events of a room after a sequence number, oldest first */
    JOB_TRIMMABLE, /* which messages are beyond what a room keeps */
    JOB_HISTORY,   /* chat messages as they are now, before or behind a sequence number */
    JOB_ACTIVITY,  /* events that are activity, before a sequence number; of what one person
                      wrote in one text, each time within SITTING_MS of the next, only the last
                      edit of the page, if no other page's edit follows it at once */
    JOB_SEARCH,    /* what a query looks for, in some rooms; every message, card and note is
                      found by what it says or is called now, whatever the index has; a text by
                      what it said when JOB_INDEX_TEXTS last took it, or later */
    JOB_UNREAD,    /* what is unread in some rooms (unread): of the newest UNREAD_SCAN messages,
                      those behind the marker */
    JOB_TEXT,      /* a text: a snapshot of it and the edits behind that one */
    JOB_EDITS,     /* the edits of a text, a page from either end */
    JOB_SNAPSHOTS, /* which versions of a text are kept whole */
    JOB_TOKENS,    /* the list of tokens */
    JOB_MINUTES,   /* figures of minutes from a time on, oldest first */
    JOB_AUDIT,     /* what admins did, a page, newest first */
};

static inline bool store_is_write(enum store_job_kind k)
{
    return k <= JOB_INDEX_TEXTS;
}

/* What an event changes in the tables beside the log. */
enum effect_kind {
    EFFECT_NONE,
    EFFECT_ROOM,
    EFFECT_MEMBER,
    EFFECT_TASK,
    EFFECT_NOTE,
    EFFECT_TEXT,
    EFFECT_COLUMNS,
    EFFECT_MESSAGE,
    EFFECT_TOPIC,
    EFFECT_RETENTION,
    EFFECT_TRIM,
};

struct store_task {
    int64_t number;
    struct str title, column, key;
    bool archived;
    struct str values; /* card_print() */
    int64_t changed;   /* JOB_ROOM: number of the newest event about it */
};
struct store_column {
    struct str name;
    int64_t limit; /* 0: none */
};
/* Another order of a card of which nothing else changes. */
struct store_place {
    int64_t number;
    struct str key;
};
struct store_note {
    int64_t number;
    struct str name;
    bool archived;
    int64_t time;      /* ms, of its creation */
    struct str author; /* of the same */
};
/* How far a text is: of a note, or the description of a card. None is kept for version 0. */
struct store_text {
    int64_t number, version;
    int64_t time;           /* ms, of the newest edit */
    struct str author;      /* of the same */
    struct checklist boxes; /* as its event says */
};
/* How many messages on a card were not deleted; none is kept for 0. */
struct store_comments {
    int64_t card, n;
};
/* A text as it was, and who wrote what of it (blame_print()). */
struct store_snapshot {
    int64_t number, version; /* version 0: none is kept; text and blame are empty then */
    int64_t time;            /* ms, of the edit that made the version */
    struct str text, blame;
};
/* One edit: the operation as JSON, and whose it is. */
struct store_edit {
    int64_t version, time;
    struct str author, client;
    int64_t id;
    struct str op;
};
/* What becomes of a message. Time, person and number are the event's. */
enum store_change_kind { CHANGE_TEXT, CHANGE_DELETE, CHANGE_REACTION, CHANGE_PIN };
struct store_change {
    enum store_change_kind kind;
    int64_t message;
    struct str text, emoji;
    bool gone; /* the reaction or the pin */
};
struct store_pin {
    int64_t message, time;
    struct str author;
};
struct store_member {
    struct str user;
    enum role role;     /* ROLE_NONE takes away */
    struct marker read; /* answers only */
};
/* What a person has not read of a room: see msg_unread. */
struct store_unread {
    struct str room;
    struct marker read;
    /* answers; all 0 when there is no such room */
    int64_t seq, unread, mentions;
};
struct store_room {
    struct str name;
    bool is_public;
    int64_t seq;
    struct retention keep;
    LIST_OF(struct store_member) members;
    /* JOB_ROOM only */
    int64_t trimmed;  /* the largest upto of an EFFECT_TRIM; 0: there was none */
    struct str topic; /* empty: none */
    LIST_OF(struct store_column) columns;
    LIST_OF(struct store_task) tasks;
    LIST_OF(struct store_note) notes;        /* archived ones too */
    LIST_OF(struct store_text) texts;        /* those that were ever edited */
    LIST_OF(struct store_comments) comments; /* by card */
    LIST_OF(struct store_pin) pins;          /* by message */
    int64_t next_number;                     /* of cards and notes together */
};
struct store_user {
    struct str name;
    bool admin, disabled, bot; /* bot: what it was made as, it stays */
    int64_t created, seen;     /* ms since 1970 */
};
struct store_token {
    struct str id, user;
    int64_t issued, expires; /* ms; expires 0: never */
    bool revoked, invite;
    struct str scopes; /* names parted by commas; empty: good for all */
};
/* One with a url is outgoing, any other incoming. */
struct store_hook {
    struct str id, user, room; /* user: the bot that it is in the room */
    struct str hash;           /* incoming: of its token, in hex */
    int64_t task;              /* incoming: the only card it posts on, or 0 */
    struct str url, kinds;     /* outgoing: where to, and names of events parted by commas */
    struct str author;
    int64_t created; /* ms */
    int64_t seq;     /* outgoing: all events up to this one are done with */
    int64_t failing; /* ms, since when deliveries fail; 0: they do not */
    bool stopped;    /* was given up */
};
/* What an admin did, or somebody with an invite. */
struct store_audit {
    int64_t number, time; /* number: the store's own, going up */
    struct str author, act, subject, words;
};
struct store_event {
    int64_t seq;
    struct str json; /* the event as it goes over the wire */
    int64_t number;  /* JOB_ACTIVITY: of the card or note that it is about, or 0 */
};

struct store_append {
    struct str room;
    int64_t seq; /* the number this event must get: newest + 1; 1 makes the room */
    enum msg_type type;
    struct str author, client;
    int64_t id, time; /* the request's; an id of 0 (STORE_OWN_CLIENT) is never a retry */
    struct str json;
    int64_t number; /* of the card or note concerned, 0 for none: answered again to a retry;
                       what the json has as task or note (SQL_EVENT_VALUES) */
    enum effect_kind effect;
    struct store_task task; /* the whole card as it is after the event */
    struct store_note note; /* EFFECT_NOTE: the whole note as it is after the event; time and
                               author are set by its creation and stay */
    struct store_text text; /* EFFECT_TEXT: the version that this edit makes, one more than the
                               newest of text `number`, which the store checks */
    struct str op;          /* EFFECT_TEXT: as in the event */
    struct store_snapshot snapshot; /* EFFECT_TEXT: kept in the same transaction, of an earlier
                                       version; version 0: none */
    struct store_member member;
    struct str topic;      /* EFFECT_TOPIC; empty: none */
    struct retention keep; /* EFFECT_RETENTION */
    int64_t above;         /* EFFECT_TRIM: it is known that nothing goes up to that event */
    int64_t upto; /* EFFECT_TRIM: what is in the chat up to that event and has no pin is a
                     message.removed afterwards, and so are the events of what was done to it:
                     nothing that was said there is in the database any more */
    struct store_change change; /* EFFECT_MESSAGE; of a deleted message reactions and pin go */
    int64_t reply;              /* of a message: the one that it answers, or 0 */
    /* EFFECT_ROOM: who is in it is for founder_next() to say. EFFECT_ROOM, EFFECT_COLUMNS: all
     * columns of the room as they are after the event */
    bool is_public;
    LIST_OF(struct store_column) columns;
    /* EFFECT_COLUMNS: cards in column `from` are in `to` afterwards, and those listed get other
     * keys; empty: all stay */
    struct str from, to;
    LIST_OF(struct store_place) places;
};

/* The query was parsed once without a fault. */
struct store_search {
    struct str query;
    int64_t now, zone; /* struct query_time */
    enum search_order order;
    int64_t offset, limit;     /* which of the results; at most SEARCH_FOUND_MAX altogether */
    int64_t until;             /* ms: nothing newer; 0: everything */
    LIST_OF(struct str) rooms; /* those that are not there are passed over */
};

/* Messages of the chat, comments on cards and what is pinned left aside, that are beyond what
 * is kept; the oldest ones. It may end before there are as many as wanted: the next one goes on
 * from there. */
struct store_trim {
    struct retention keep;
    int64_t before; /* ms: with keep.age, only those that were said before */
    int64_t scan;   /* messages and comments that are looked at, at most */
    int64_t most;   /* changes of the messages, at most; one may have more, and is alone then */
    int64_t bound;  /* with keep.count: messages up to there are too many; 0: it is counted,
                       and answered. New ones move it up, nothing moves it down */
    /* answers */
    int64_t first;       /* the oldest of them */
    int64_t upto, until; /* the newest of them, and its time; 0: there are none */
    int64_t n;           /* how many, at most the job's limit */
    int64_t next;        /* time of the oldest message behind them; 0: there is none */
    int64_t at;          /* what was looked at last: the next `from` */
    /* while it is answered */
    int64_t seen, changes;
};

struct store_job {
    enum store_job_kind kind;
    uint64_t tag;   /* the hub's own, handed back */
    uint64_t asker; /* whom it is for: any number, the same for all of one person; 0: none */
    struct arena arena; /* owns every string below, question and answer */
    struct err err;     /* the answer failed; for writes: nothing of this job is stored */

    /* questions */
    struct store_append append; /* JOB_APPEND */
    struct store_user user;     /* JOB_USER_PUT, JOB_INVITE_USE */
    struct store_token token;   /* JOB_TOKEN_PUT, _REVOKE (id), JOB_INVITE_USE (the new one) */
    struct minute_item minute;  /* JOB_MINUTE_PUT */
    struct store_hook hook;     /* JOB_HOOK_ADD; _SET (id, seq, failing, stopped), _DROP (id) */
    struct store_search search; /* JOB_SEARCH */
    struct store_trim trim;     /* JOB_TRIMMABLE, behind event `from`; `seq` answers the newest
                                   event as it was read, `more` that others may be beyond */
    struct marker marker; /* JOB_READ_PUT, of `author` in `room`; answer of a JOB_APPEND of
                             EFFECT_ROOM or _MEMBER: that person's from now on. Who comes
                             into a room has read all up to there; who leaves keeps the
                             marker for another time */
    LIST_OF(struct store_unread) unread; /* JOB_UNREAD, of `author`; answered in place */
    struct str invite;                   /* JOB_INVITE_USE: id of the invite */
    struct store_audit audit; /* any write but JOB_APPEND: noted in the same transaction; act
                                 empty: nothing is */
    struct str room;          /* JOB_ROOM, _EVENTS, _HISTORY, _ACTIVITY, _TEXT, _EDITS,
                                 _SNAPSHOTS, _READ_PUT */
    int64_t text;             /* _TEXT, _EDITS, _SNAPSHOTS: number of the text; _HISTORY: of
                                 the card whose comments are wanted, 0 for the whole chat;
                                 _ACTIVITY: of the card or note that it is about, or 0 */
    int64_t reply;            /* _HISTORY: only answers to that message; 0: all */
    bool pinned;  /* _HISTORY: only what is pinned; of text, reply, pinned at most one */
    bool up;      /* _HISTORY: the first ones behind `from`, not the last before it */
    bool around;  /* _HISTORY: in place of `up`: half of them before `from`, half from it on */
    int64_t time; /* _HISTORY with `around`: `from` is set to the first event of that time
                     (ms) or later, one more than the newest for none; 0: as it is */
    int64_t version;        /* _TEXT: the one wanted, at most; INT64_MAX: the newest. The newest
                               snapshot that is not newer is answered, and the edits behind it up to
                               and with that version */
    int64_t until;          /* _TEXT: only edits of that time (ms) or before; 0: any time */
    enum activity activity; /* _ACTIVITY: only this kind; ACTIVITY_ALL: any */
    int64_t since;          /* _ACTIVITY: ms, nothing older */
    struct str concerns;    /* _ACTIVITY: only what concerns this person by name, or is about
                               one of `numbers` (of cards and notes, going up) and done by
                               somebody else; empty: all but the chat */
    LIST_OF(int64_t) numbers;
    struct str author, client; /* JOB_LOOKUP; author: _ACTIVITY, empty for everybody */
    int64_t id;                /* JOB_LOOKUP */
    int64_t from;              /* _EVENTS: after this one; _HISTORY, _ACTIVITY, _AUDIT:
                                  before it; _MINUTES: from this time (ms) on;
                                  _BOOT: now in ms, tokens that ended before are left out;
                                  _EDITS: behind this version, going up; negative: below
                                  version -from, going down (answered oldest first too) */
    int64_t limit;             /* most items */
    size_t bytes_limit; /* _EVENTS, _HISTORY, _ACTIVITY, _EDITS: stop behind so many bytes of
                           log (at least one event) */

    /* _SEARCH, _UNREAD: it is not answered yet, but others may come first; it is read again as
     * it is. The store's own. */
    bool unfinished;
    size_t done;           /* _UNREAD: rooms */
    struct finder *finder; /* _SEARCH */

    /* answers */
    bool found;          /* JOB_LOOKUP; JOB_APPEND that was committed before: found, see seq */
    int64_t seq, number; /* JOB_APPEND and JOB_LOOKUP: of the committed event; JOB_ACTIVITY:
                            seq is the oldest event that was looked at, `from` if none was;
                            _HISTORY: seq of the room's newest event as it was read */
    struct str found_room; /* JOB_LOOKUP */
    int64_t newest_id;     /* JOB_LOOKUP: the client's largest committed id, 0 for none */
    bool newer; /* _HISTORY with `around`: there is more behind, and `more`: before */
    bool more; /* _EVENTS, _HISTORY, _ACTIVITY, _EDITS, _SEARCH: there is more beyond the limit;
                 _INDEX, _INDEX_TEXTS: others are left */
    bool capped; /* _SEARCH: there are more results than SEARCH_FOUND_MAX, or than are ranked */
    uint64_t work; /* _SEARCH: how many texts were looked at; _INDEX: how many events taken */
    LIST_OF(struct found_item) found_items; /* JOB_SEARCH, the newest or the best first */
    struct store_snapshot snapshot;         /* JOB_TEXT */
    LIST_OF(struct store_edit) edits;      /* JOB_TEXT, JOB_EDITS: oldest first, without gaps */
    LIST_OF(int64_t) versions;             /* JOB_SNAPSHOTS: oldest first */
    LIST_OF(struct store_event) events;    /* JOB_EVENTS, JOB_ACTIVITY: oldest first */
    LIST_OF(struct message_item) messages; /* JOB_HISTORY, oldest first */
    LIST_OF(struct minute_item) minutes;   /* JOB_MINUTES */
    LIST_OF(struct store_room) rooms;      /* JOB_BOOT, JOB_ROOM (one; none: ERR_NOT_FOUND) */
    LIST_OF(struct store_user) users;      /* JOB_BOOT */
    LIST_OF(struct store_hook) hooks;      /* JOB_BOOT: oldest first */
    struct str log; /* JOB_BOOT: the name of the log, by which it is known after a restore that
                       it is another; empty: the store has none */
    LIST_OF(struct store_audit) audits; /* JOB_AUDIT */
    LIST_OF(struct store_token) tokens; /* JOB_BOOT (revoked, not expired), JOB_TOKENS */
};

struct store_job *store_job_new(enum store_job_kind kind);
void store_job_free(struct store_job *j);

/* A store is its functions. All block. write() and read() may run in two threads at once, each
 * of them only in one. */
struct store {
    /* Runs n writes in order in one transaction. When it returns, each job either is on disk or
     * has its err set. A wrong seq or a used invite fails that job alone; a failing database
     * fails all that were in the group. */
    void (*write)(struct store *s, struct store_job **jobs, size_t n);
    /* Answers, or does a part of it and says that the job is unfinished. */
    void (*read)(struct store *s, struct store_job *job);
    void (*close)(struct store *s);     /* frees s */
    uint64_t (*bytes)(struct store *s); /* on disk, from any thread; NULL: has no disk */
    bool is_instant;                    /* none of it ever waits: it needs no threads */
};

/* Reads to the end, for those who have no others to let through. */
static inline void store_read(struct store *s, struct store_job *j)
{
    do
        s->read(s, j);
    while (j->unfinished);
}

/* In memory, for the simulator and tests. Keeps what was written across hubs. */
struct store *store_mem_new(void);
/* From now on writes fail with this code (ERR_NONE: they work again). */
void store_mem_break(struct store *s, enum err_code code);

/* SQLite in the file at path (WAL, synchronous=FULL), made with mode 0600 if missing, migrated
 * to the newest schema. Fails in words on a file that is no database, a newer schema, a folder
 * that cannot be written. */
struct store *store_sqlite_open(const char *path, struct err *e);

/* Runs a store in two threads of its own, an instant one within store_threads_submit().
 * wake(arg) is called from those threads whenever answers wait to be collected, until
 * store_threads_stop() has returned. NULL when the system gives no more threads. */
struct store_threads;
struct store_threads *store_threads_start(struct store *s, void (*wake)(void *arg), void *arg);
/* Hands a job over; it is the threads' until collected. */
void store_threads_submit(struct store_threads *t, struct store_job *j);
/* A job that is done, the caller's now; NULL when there is none. Writes in their order. */
struct store_job *store_threads_collect(struct store_threads *t);
/* Finishes what was submitted, joins the threads, frees t; the store stays. What was not
 * collected is freed. */
void store_threads_stop(struct store_threads *t);

/* For /metrics. */
struct store_counts {
    uint64_t writes, groups, reads; /* done; groups are what the writes were committed in */
    uint64_t failures;              /* jobs that came back with an error */
    uint64_t last_us, busy_us;      /* microseconds that the last group took, that all took */
    size_t waiting;                 /* jobs submitted and not yet done */
    struct hist commit;             /* us that each group took */
    struct hist group;              /* ten for each write in one: the lowest bound is 10 */
};
struct store_counts store_threads_counts(struct store_threads *t);

#endif
