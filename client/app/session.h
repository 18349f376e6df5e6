/* The client's side of a connection: sign in, resume, outbox, reconnect. Pure: the link, the
 * clock, randomness and the disk are the shell's.
 *
 * Every request is written to the outbox before it is shown or sent (EFFECT_KEEP), and stays
 * there until the server has answered it. After a cut it is sent again under the same id, and
 * the server, which remembers (client id, id), applies it once.
 *
 * Records of the outbox file are requests as they go over the wire, and {"done":ID} once one is
 * answered (with "number" for a card or note made, or a message said), and {"draft":…} and
 * {"more":…} of texts, see docs/decisions/0006-notes.md. session_restore() takes them all.
 *
 * Order at the start: session_init, session_expect_user, session_restore for every record,
 * session_open_room, session_cached for every cached message, session_start. `now` is always ms
 * since 1970 from a clock that does not go back. */
#ifndef MOOT_SESSION_H
#define MOOT_SESSION_H

#include "doc.h"
#include "effect.h"
#include "replica.h"

enum {
    BACKOFF_FIRST_MS = 500,
    BACKOFF_MAX_MS = 30000,
    CONNECT_WITHIN_MS = 10000, /* link and welcome */
    PING_EVERY_MS = 5000,
    PING_ASKED_MS = 1000,  /* and so long after a request, while nothing was heard */
    SILENT_SAY_MS = 3000,  /* an answer is late when nothing was heard for so long */
    SILENT_MAX_MS = 20000, /* and after so long the link is dead */
    WINDOW = 256,          /* requests sent and not answered */
    SEND_PER_SECOND = 300, /* requests, sustained: below what a server allows */
    SEND_BURST = 1000,     /* and at once */
    ONLINE_FOR_MS = 5000,  /* a link that held so long starts the backoff anew */
    HISTORY_FIRST = 100,   /* lines asked for when a room has none */
    OUTBOX_MAX = 10000,    /* requests that may wait */
};

enum session_state {
    SESSION_STOPPED, /* before session_start() */
    SESSION_CONNECTING,
    SESSION_ONLINE,
    SESSION_WAITING, /* until retry_at */
    SESSION_REFUSED, /* will not try again by itself: why says what and the way out */
};

/* One request that waits for its answer. */
struct waiting {
    int64_t id;
    enum msg_type type;
    char room[ROOM_NAME_MAX + 1];
    char *json; /* as it goes over the wire */
    size_t n;
    bool sent;     /* on this link */
    bool disputed; /* refused, and a person is asked what shall become of it */
};

/* A room listened to without a replica: only the listener gets its messages. */
struct followed {
    char name[ROOM_NAME_MAX + 1];
    int64_t seq; /* newest event passed on; -1: from the present on */
};

/* The number that a card added in an earlier run got, for requests of that run that still wait.
 */
struct restored_number {
    char room[ROOM_NAME_MAX + 1];
    int64_t id, number;
};

/* A room that the server says we are in. */
struct room_item_own {
    char name[ROOM_NAME_MAX + 1];
    enum role role;
    bool is_public;
    int64_t seq; /* of its newest event at sign-in */
    struct marker read;
    struct unread_count
        unread; /* as the server said last, up to event counted_seq; 0: not yet */
    int64_t counted_seq;
};

/* What we say of our person. */
struct own_status {
    bool told; /* something was said */
    enum status status;
    char words[STATUS_WORDS_MAX + 1];
    int64_t since; /* ms */
};

struct session {
    enum session_state state;
    struct err why;   /* last reason for WAITING or REFUSED */
    int64_t retry_at; /* ms; SESSION_WAITING */
    int attempts;
    char client[CLIENT_ID_MAX + 1];
    int64_t next_id;
    int64_t leap; /* of ids, behind the last that an earlier run left a record of */
    char user[USER_NAME_MAX + 1]; /* as the server calls us; kept while offline */
    char log[LOG_NAME_MAX + 1];   /* the server's, as of the last welcome */
    bool put_back; /* rooms began anew: the server was put back to an older state. Whoever tells
                      it clears this */
    bool admin;
    int64_t session;          /* our number, to know our own states */
    int64_t ahead;            /* ms, by which the server's clock is before ours */
    int64_t revision;         /* of the protocol, that the server knows */
    struct own_status status; /* as session_status() was told last */
    int64_t expires;          /* of the token, ms; 0: never */
    int64_t rtt_ms;           /* -1: not measured */
    int64_t heard_at, ping_at, pinged_at, connect_at, ping_id;
    int64_t
        asked_at; /* the first request that was sent since heard_at, when it is behind that */
    int64_t online_at;
    int64_t bye_ms; /* the server asked to stay away so long; -1: for ever; else -2 */
    uint64_t seed;  /* for the jitter */
    VEC(struct waiting) outbox;
    size_t in_flight;          /* of the outbox: sent and not answered */
    size_t disputed;           /* and not to be sent */
    int64_t hold_until;        /* nothing is sent before: the server asked for patience */
    int holds;                 /* how often in a row it did */
    struct err put_off;        /* why it last did; nothing once it stored something since */
    int64_t tokens, tokens_at; /* pace: thousandths of a request that may be sent */
    struct err disk;           /* set by session_disk() */
    bool is_held;              /* see session_hold() */
    struct buf held;           /* the last record of those */
    VEC(struct replica *) rooms;
    VEC(struct doc *) texts;
    uint64_t turns, uses; /* of the loop; of texts: to know which was longest out of use */
    VEC(struct restored_number) restored;
    VEC(struct followed) followed;
    VEC(struct room_item_own) known; /* rooms the server listed in welcome */
    int64_t rooms_asked, rooms_at;   /* the question of what is unread: id, and when; 0: none */
};

/* What a frame meant to whoever uses the session, beyond what is in the replicas already: the
 * answers to questions, refusals, and messages to react to (bell, toast). Called in order. */
struct session_listener {
    void (*message)(void *arg, const struct msg *m);
    void *arg;
    /* May be NULL. The server refused a request for good: it is off the screen and out of the
     * outbox, so what the person wrote is only here. Called instead of `message`. */
    void (*refused)(void *arg, const struct msg *request, const struct err *why);
    /* May be NULL. Asked in front of that about a request that somebody else's change stands
     * against (ERR_CONFLICT). True: a person is asked, and until session_drop_disputed() it
     * stays in the outbox and on the screen, unsent. After a restart it is sent and refused
     * again. */
    bool (*conflict)(void *arg, const struct msg *request, const struct err *why);
};

/* client: CLIENT_ID; next_id: behind all ids used with it before; seed: random. */
void session_init(struct session *s, struct str client, int64_t next_id, uint64_t seed);
void session_finish(struct session *s);

/* Puts a record of the outbox file back (before session_start), in order. The json is as it
 * was kept. Shown on its replica if the room is known. A record that does not decode fails. */
bool session_restore(struct session *s, struct str json, struct err *e);

/* Whose outbox it is. When the server calls us otherwise at sign-in, nothing is sent in that
 * name: SESSION_REFUSED. Call before session_start(). */
void session_expect_user(struct session *s, struct str user);
/* A message from the room's cache file; the room must have been opened and the session not yet
 * started. Fails on what does not decode or fit; the room is then as if never seen. */
bool session_cached(struct session *s, struct str room, struct str json, struct err *e);
/* Writes the room's cache anew, as when its file has grown too long. */
void session_cache(const struct session *s, struct str room, struct effects *out);
/* The outbox file cannot be written (or, with ERR_NONE, can be again): new requests are refused
 * with these words before they are accepted. Borrowed for the call. */
void session_disk(struct session *s, const struct err *why);

void session_start(struct session *s, int64_t now, struct effects *out);
/* The link is up (the WebSocket handshake is done): hello goes out. */
void session_opened(struct session *s, int64_t now, struct effects *out);
/* The link is down or could not be made. A reason that is not passing (token refused) stops the
 * retries: SESSION_REFUSED. */
void session_lost(struct session *s, const struct err *why, int64_t now, struct effects *out);
/* One message of the peer. What breaks the protocol costs the link, never the program. */
void session_frame(struct session *s, struct str bytes, int64_t now, struct session_listener l,
                   struct effects *out);
/* Time has passed; call when session_next_tick() says. */
void session_tick(struct session *s, int64_t now, struct effects *out);
int64_t session_next_tick(const struct session *s, int64_t now); /* INT64_MAX: nothing to do */
/* ms for which an answer that is late has been waited for, with nothing heard; 0: none is. It
 * grows by whole seconds. */
int64_t session_silence(const struct session *s, int64_t now);
int64_t session_silence_at(const struct session *s, int64_t now); /* when it will have grown */
void session_retry_now(struct session *s, int64_t now, struct effects *out);
/* Leaves in good order. What waits in the outbox stays there for the next start. */
void session_stop(struct session *s, struct effects *out);

/* Opens a room (makes its replica if needed) and keeps it open over reconnects. */
struct replica *session_open_room(struct session *s, struct str room, int64_t now,
                                  struct effects *out);
struct replica *session_room(const struct session *s, struct str room); /* NULL: not open */
/* What the server told of a room when it listed those of ours, and what came since; NULL: it
 * did not name it. */
struct room_item_own *session_known(const struct session *s, struct str room);
/* Whether a direct conversation is there, as far as we know, or will be once what waits is
 * sent. One that is not is not asked for, so it is never synced. */
bool session_is_begun(const struct session *s, struct str room);
/* Whether a request waits that makes the room or enters it. */
bool session_is_coming(const struct session *s, struct str room);
/* Whether the server has it, as far as we know: before that it takes no passing state of it. */
bool session_is_stored(const struct session *s, struct str room);
/* Frees the replica. What waits in the outbox for the room stays there. */
void session_close_room(struct session *s, struct str room, struct effects *out);
/* Listens to a room without a replica, from behind event `since` (0: all, -1: from the present
 * on), also over reconnects. The listener gets every event once. */
void session_follow(struct session *s, struct str room, int64_t since, int64_t now,
                    struct effects *out);
/* Asks for the page of chat before the oldest line, once at a time; false when there is nothing
 * to ask for or it cannot be asked now. */
bool session_older(struct session *s, struct str room, struct effects *out);
/* The person has read the room up to event seq: remembered, and told the server now and then.
 * Never back. */
void session_read(struct session *s, struct replica *r, int64_t seq, int64_t now,
                  struct effects *out);
/* The person wants it to be unread behind event seq. */
void session_read_back(struct session *s, struct replica *r, int64_t seq, int64_t now,
                       struct effects *out);
/* The same for the page behind the stretch of the past, and for one around a message, or with
 * message 0 around the first one of a time (ms) or later. */
bool session_newer(struct session *s, struct str room, struct effects *out);
bool session_around(struct session *s, struct str room, int64_t message, int64_t time,
                    struct effects *out);
/* A refusal in the server's words; where they are about something that a server of an older
 * revision cannot know, that is said. */
void session_words(const struct session *s, const struct msg_error *m, struct err *why);

/* Goes on with a new token; answered by `renewed` or an error. */
bool session_renew(struct session *s, struct str token, struct effects *out, struct err *e);

/* Sends a request that becomes an event (in a direct conversation that is not there yet behind
 * one that begins it): gives it its id, checks it against the table, shows it
 * on its replica, keeps it in the outbox, sends it when online. Returns the id, or 0 and why it
 * cannot be. */
int64_t session_request(struct session *s, struct msg *request, int64_t now,
                        struct effects *out, struct err *e);
/* Requests from here to session_release() go to the disk in one step, and are sent after it.
 * Both within one turn. */
void session_hold(struct session *s);
void session_release(struct session *s, int64_t now, struct effects *out);
/* A request that is disputed is off the screen, so that another can take its place. */
void session_hide_disputed(struct session *s, int64_t id);
/* And out of the outbox. why not NULL: nothing took its place, and its words are put aside for
 * the person to find. */
void session_drop_disputed(struct session *s, int64_t id, const struct err *why,
                           struct effects *out);
/* What it asked for, in the arena; false when there is no such request. */
bool session_disputed(const struct session *s, int64_t id, struct arena *a, struct msg *m);
/* Asks a question; it is not kept and not repeated. Fails with ERR_UNREACHABLE when offline. */
int64_t session_ask(struct session *s, struct msg *question, struct effects *out,
                    struct err *e);
/* Whether the person is there: told, and told again after every reconnect. since: ms, when it
 * began. everywhere: what the person chose, for all sessions; those that are on other links
 * hear it from the server. */
void session_status(struct session *s, enum status status, struct str words, int64_t since,
                    bool everywhere, int64_t now, struct effects *out);
/* A passing state; dropped silently when offline, and when the server does not know it. */
void session_state(struct session *s, const struct msg *state, struct effects *out);

/* ---- texts ---- */

/* Opens the text of a note or card (makes its doc if needed) and keeps it open over reconnects;
 * the room must be open. Its text comes from the cache, at once, or from the server. Opening
 * counts: as often as it was opened it is to be closed. */
struct doc *session_open_text(struct session *s, struct str room, int64_t number, int64_t now,
                              struct effects *out);
struct doc *session_text(const struct session *s, struct str room, int64_t number);
/* Has the text brought up to date without opening it, so that it is here when the link is not.
 * One at a time, and only while online: false when it has to wait. */
bool session_fetch_text(struct session *s, struct str room, int64_t number, int64_t now,
                        struct effects *out);
/* What is unsaved is sent all the same; the doc goes when it is. */
void session_close_text(struct session *s, struct doc *d, int64_t now, struct effects *out);
/* Our edit: shown, kept, sent. Fails without a change: ERR_LIMIT for a text over NOTE_MAX, the
 * disk's error, ERR_FORBIDDEN for an observer, what op_check() says, ERR_UNREACHABLE as long as
 * the text is not known. */
bool session_edit(struct session *s, struct doc *d, const struct op *o, int64_t now,
                  struct effects *out, struct err *e);
/* Takes our last step back, or does it again; our caret goes there. ERR_NOT_FOUND: there is
 * none. undo_break(d->undo) begins a new step. */
bool session_undo(struct session *s, struct doc *d, int64_t now, struct effects *out,
                  struct err *e);
bool session_redo(struct session *s, struct doc *d, int64_t now, struct effects *out,
                  struct err *e);
/* Where we are in the text, for the others to see. Sent when nothing is unsaved, and told again
 * after a reconnect. */
void session_caret(struct session *s, struct doc *d, size_t caret, size_t anchor, int64_t now,
                   struct effects *out);
/* Whether the text is on the screen: while it is not, we are not in it. */
void session_caret_shown(struct session *s, struct doc *d, bool shown, int64_t now,
                         struct effects *out);

/* What is unsaved of a text, as one operation; and as a request in JSON, with the words that
 * were typed. Empty when all is stored. */
void session_text_unsaved(struct doc *d, struct op *out);
void session_print_unsaved(struct doc *d, struct buf *out);
/* Forgets what is unsaved of it. out: the record that has to be kept of that. */
void session_forget_text(const struct session *s, struct doc *d, struct buf *out);

/* Requests and texts not yet known to be stored. */
size_t session_unsaved(const struct session *s);

#endif
