/* One room as this client knows it: the confirmed state, and on top of it what this client has
 * asked for and not yet seen confirmed.
 *
 * There is one board, with the pending actions applied. Each pending action keeps the inverse
 * that takes it back; when an event arrives the pending ones are taken back, last first, the
 * event is applied, and they are applied again, those that no longer fit being dropped from the
 * screen (the server's answer to them will say why). Own chat messages that wait stand behind
 * the confirmed ones. */
#ifndef MOOT_REPLICA_H
#define MOOT_REPLICA_H

#include "board.h"
#include "board_action.h"
#include "marker.h"
#include "msg.h"
#include "takeback.h"

struct reaction {
    int64_t seq; /* of the event that added it; 0: an own one that waits */
    char emoji[EMOJI_MAX + 1], user[USER_NAME_MAX + 1];
};

/* A line of chat. Confirmed lines are sorted by seq and never change place; what they say does.
 */
struct line {
    int64_t seq; /* -id: an own one that waits */
    int64_t time;
    int64_t task;   /* the card it is a comment on; 0: none */
    int64_t reply;  /* the line that it answers, negative for one that waits; 0: none */
    int64_t edited; /* ms, the newest edit; 0: never */
    /* `to`: whom it answers. In the line's one allocation, as is the text that it was made
     * with. */
    struct str author, to;
    struct str text;                /* empty: it was deleted */
    char *said;                     /* owns the text, if it is another by now */
    const char *deleted;            /* who deleted it, owned; empty: nobody */
    VEC(struct reaction) reactions; /* by seq, those that wait last */
    struct line *now; /* the line with what waits of ours about it; NULL: nothing does */
    bool waits;       /* something of ours about it is not stored yet */
};

struct pin {
    int64_t message, time;
    char author[USER_NAME_MAX + 1];
};

struct person {
    char user[USER_NAME_MAX + 1];
    enum role role; /* ROLE_NONE: not a member any more, kept while online */
    bool online;    /* has the room open somewhere */
    bool bot;
    enum status status; /* while online */
    char words[STATUS_WORDS_MAX + 1];
    int64_t since;       /* ms, of the server's clock: when the status began; 0: unknown */
    unsigned char color; /* see replica_color() */
};

/* Where somebody points; at POINTED_OFF: nowhere, and shares no pointer. */
struct pointing {
    enum pointed at;
    int64_t task, message, note, version, place;
    int x, y; /* of POINTER_WHOLE */
    char column[COLUMN_NAME_MAX + 1];
    int64_t until; /* ms; without news the pointer is gone then */
};

/* What one connection of a person shows. There is none where nothing is shown. */
struct showing {
    char user[USER_NAME_MAX + 1];
    int64_t session;
    int64_t heard_at;                 /* ms */
    int64_t cursor;                   /* card that is selected, 0 for none */
    int64_t text;                     /* note or card whose text the person is in, 0 for none */
    int64_t typing_until;             /* ms; in the past: not typing */
    int64_t typing_task, typing_note; /* on that card, in that text; both 0: in the chat */
    bool shown;                       /* the room is on that screen, and there */
    int64_t task, note;               /* the card that is opened, the text that shows */
    char follows[USER_NAME_MAX + 1];
    struct pointing pointing;
};

/* A field of a card that somebody edits. */
struct held_lock {
    int64_t card;
    char field[FIELD_NAME_MAX + 1];
    char user[USER_NAME_MAX + 1], client[CLIENT_ID_MAX + 1];
};

/* A note of the room, as shown: with what waits of ours. */
struct note {
    int64_t number;          /* negative: the note that request -number makes */
    struct str name, author; /* owned by the replica */
    bool archived;
    int64_t version, time; /* of its text */
    bool is_pending;       /* something of ours about it is not stored yet */
};

/* What belongs to a card besides its fields, in figures. */
struct card_counts {
    int64_t done, boxes; /* of its description: ticked, and in all */
    int64_t comments;    /* that were not deleted */
};

/* What the log says of them, by number; and of descriptions that were ever edited. */
struct note_kept {
    int64_t number;
    char *name;
    char author[USER_NAME_MAX + 1];
    bool archived;
    int64_t version, time;
};
struct described {
    int64_t card, version;
    struct card_counts counts;
    UT_hash_handle hh;
};
struct notes_kept {
    VEC(struct note_kept) notes;
    struct described *described; /* uthash */
};

/* A request of ours that no event has confirmed yet. */
struct pending {
    int64_t id;
    struct msg msg; /* its strings in `owned` */
    char *owned;
    int64_t time;                /* ms, when it was asked for: what a waiting line shows */
    int64_t saved_seq;           /* the server answered ok with this number; 0: no answer yet */
    int64_t number;              /* and with this card, note or message, or 0 */
    bool on_board;               /* applied to the board, inverse is valid */
    struct board_action inverse; /* strings in the replica's arena */
};

/* A card or note that was made here under -id, and the number that the server gave it; or a
 * message that was said, and its sequence number. */
struct numbered {
    int64_t from, to;
};

/* Messages behind the marker, up to UNREAD_MAX, which stands for that many or more; see
 * msg_unread. */
struct unread_count {
    size_t all, mentions; /* mentions are among all */
};

/* How far the person has read. */
struct read_state {
    struct marker
        mine; /* the later one of what was read here, and `stored`; the shell keeps it */
    struct marker stored; /* at the server, as far as we heard */
    /* What the server counted behind that marker, up to event counted_seq. */
    struct marker counted;
    int64_t counted_seq;
    struct unread_count count;
    bool is_stale;   /* that is not true any more */
    bool is_awaited; /* other screens of the person wait whether to ring for what was read */
    int64_t asked;   /* id of the question under way that sends a marker; 0: none */
    struct marker sent;
    int64_t sent_at; /* ms */
};

/* The question for chat that is under way: what its page is put before, behind, or around. */
enum asked { ASKED_NOTHING, ASKED_OLDER, ASKED_NEWER, ASKED_AROUND };

struct replica {
    char name[ROOM_NAME_MAX + 1];
    char log[LOG_NAME_MAX + 1]; /* that seq belongs to; empty: not known */
    bool begins_anew;           /* nothing is believed before the first part of a snapshot */
    enum role role;
    bool is_public;
    char topic[TOPIC_MAX + 1]; /* confirmed; empty: none */
    struct retention keep;     /* what the room keeps of its chat; confirmed */
    int64_t trimmed;           /* up to where retention removed messages; 0: nowhere */
    int64_t seq;               /* newest event applied; 0: nothing known */
    bool synced;     /* the server said that this is the present (and the link still stands) */
    int64_t open_id; /* of the question that opens it, -1 within hello; 0: none is under way */
    bool loading;    /* parts of a snapshot are still to come; until then the old state shows */
    struct replica_load *load;    /* what has come of it */
    char user[USER_NAME_MAX + 1]; /* own account once known: with own_client tells own events */
    struct board board;
    VEC(struct note) notes;     /* by name, archived ones last; with what waits of ours */
    struct notes_kept kept;     /* without it */
    VEC(struct line *) lines;   /* confirmed chat, oldest first, without holes but one: */
    size_t past;                /* so many in front are a stretch of the past, behind which some
                                   are not here; 0: there is none */
    bool has_older;             /* there may be older chat on the server than the first line */
    bool has_jumped;            /* lines came otherwise than page by page */
    enum asked asked;           /* a history question is under way */
    int64_t asked_id;           /* its id: no other page is taken */
    int64_t floor;              /* all chat with seq >= floor is in lines */
    VEC(struct line *) waiting; /* own messages that wait, in the order of their ids */
    VEC(struct line *) far; /* by seq: older ones fetched by themselves, some in lines too */
    VEC(struct line *) overlaid;   /* those of all three that have a `now` */
    size_t changes;                /* how many of what waits change messages */
    VEC(struct pin) pins;          /* by message; confirmed */
    VEC(struct person) people;     /* sorted by name */
    bool recolor;                  /* the members are others than when they got their colours */
    VEC(struct showing) showing;   /* sorted by name, then session */
    VEC(struct held_lock) locks;   /* in the order in which they were told */
    VEC(struct pending *) pending; /* in the order of their ids */
    struct arena inverses;
    VEC(struct numbered) numbers; /* of cards of ours confirmed lately, oldest first */
    struct read_state read;       /* kept by replica_reset() too */
    uint64_t version;             /* grows with every change that a view would show */
    uint64_t board_version;       /* this one with every change of the board */
    uint64_t touches;             /* and this one with every event about a card */
};

enum {
    CHAT_KEPT = 10000,  /* lines of a room, after replica_trim() */
    CHAT_SLACK = 2000,  /* more before it does anything */
    FAR_KEPT = 512,     /* lines fetched by themselves */
    NUMBERS_KEPT = 256, /* former negative numbers that replica_number_of() remembers */
    LOCKS_KEPT = 4096,  /* locks of others that are shown */
    SHOWING_MAX = 4096, /* connections of which is known what they show */
    PEOPLE_COLORS = 12,
};

struct replica *replica_new(struct str name);
void replica_free(struct replica *r);
/* Back to knowing nothing (seq 0) but what waits and the numbers of former cards. */
void replica_reset(struct replica *r);

/* Applies an event, state, snapshot part, synced, history.page or member.list of this room. An
 * event that is not the next one is refused with ERR_OUT_OF_ORDER and changes nothing (one that
 * was seen before is quietly passed over); one that does not fit the board is ERR_INTERNAL: the
 * caller then opens the room anew from nothing. own_client tells which events are answers to
 * pending requests. A history.page is taken only if replica_asked() named it. now is for
 * typing. */
bool replica_apply(struct replica *r, const struct msg *m, struct str own_client, int64_t now,
                   struct err *e);

/* Shows a request of ours at once. Copies it. A request that does not fit (unknown card) fails
 * and must not be sent. As long as nothing is known of the room (seq 0) everything fits. */
bool replica_request(struct replica *r, const struct msg *request, int64_t now, struct err *e);
/* The same for one that was accepted before (from the outbox file): never fails; what does not
 * fit yet is shown once it does. A request that waits already is passed over. */
void replica_restore(struct replica *r, const struct msg *request, int64_t now);
/* The server refused request id: it is taken off the board and the list. */
void replica_refused(struct replica *r, int64_t id);
/* The server has stored request id as event seq (card `number`, or 0). It stays pending until
 * the event is here too, by itself or within a snapshot. */
void replica_saved(struct replica *r, int64_t id, int64_t seq, int64_t number);
/* We are not in the room any more: nothing comes from there. */
void replica_left(struct replica *r);
/* The number that a card has now: for -id of a card whose event has come, its number; any other
 * is returned as it is. For whoever holds on to a number, as a selection. The same for the
 * sequence number of a message. */
int64_t replica_number_of(const struct replica *r, int64_t number);
/* The `before` of the next question for older chat. */
int64_t replica_oldest(const struct replica *r);
/* A history question with this id is under way: its page will go to the lines. One that was
 * asked around a place becomes the stretch of the past, in place of any other, or is joined to
 * the present when it reaches there. */
void replica_asked(struct replica *r, enum asked what, int64_t id);
/* Whether the message is among the lines if it is there at all. */
bool replica_covers(const struct replica *r, int64_t message);
/* Forgets the stretch of the past. */
void replica_leave_past(struct replica *r);
/* Forgets lines when there are many more than CHAT_KEPT: not those around the message that is
 * looked at (0: the newest), nor the newest. What was between is a hole then, or asked for
 * anew. */
void replica_trim(struct replica *r, int64_t around);
/* The requests that take back what a pending request of ours did to the board; see takeback.h.
 * For undo: ask right after replica_request(). Returns how many were appended. */
size_t replica_inverses(const struct replica *r, int64_t id, struct requests *out,
                        struct arena *a);
/* The link is gone: nobody is known to be here, nothing is synced. */
void replica_unlink(struct replica *r);

/* True when card `number` (or a new card of request -number) has a change that is not stored.
 */
bool replica_card_is_pending(const struct replica *r, int64_t number);
/* The same of one field, and of where it stands. */
bool replica_field_is_pending(const struct replica *r, int64_t number, enum card_field f);
bool replica_place_is_pending(const struct replica *r, int64_t number);
/* NULL: there is none of that number. */
const struct note *replica_note(const struct replica *r, int64_t number);
/* The one of that name: written just so rather than with other capitals, and one in sight
 * rather than one that was put away. NULL: none, or *several that are equal in that. */
const struct note *replica_note_named(const struct replica *r, struct str name,
                                      size_t *several);
/* The version of the description of a card; 0: it is empty. */
int64_t replica_description(const struct replica *r, int64_t card);
/* Without what waits of ours. */
struct card_counts replica_counts(const struct replica *r, int64_t card);
/* The newest version of a text that the room knows of. */
int64_t replica_text_version(const struct replica *r, int64_t number);
const struct person *replica_person(const struct replica *r, struct str user);
/* What the connection of a person shows that was heard of last; NULL: nothing. */
const struct showing *replica_showing(const struct replica *r, struct str user);
/* The colour of a person, 0 to PEOPLE_COLORS - 1; the same at every client, as it follows from
 * the members alone. Each name has a colour that it would have (a hash of it). The members take
 * colours in the order of their names: the one they would have if fewest have it so far, else
 * the next, in the order of the colours, of which that is true. So up to PEOPLE_COLORS members
 * differ from each other, and who joins changes only the colours of those behind who would
 * collide. Whoever is no member has the colour of the name, and so has everybody of no room.
 *
 * replica_color_people() brings that up to date, if the members have changed. */
unsigned replica_color(const struct replica *r, struct str user);
void replica_color_people(struct replica *r);
/* The first lock on any field of a card that is another client's; NULL: nobody edits it. */
const struct held_lock *replica_lock_of(const struct replica *r, int64_t card,
                                        struct str own_client);
/* That on one field. */
const struct held_lock *replica_field_lock(const struct replica *r, int64_t card,
                                           struct str field, struct str own_client);
/* What is unread: exact where the lines reach back to the marker, else what the server counted
 * and what came since. */
struct unread_count replica_unread(const struct replica *r);
bool replica_reaches_marker(const struct replica *r);
/* The server tells how far the person has read; and what is unread behind that. */
void replica_heard_marker(struct replica *r, struct marker stored);
void replica_took_unread(struct replica *r, const struct msg_unread *m);
/* What it has at sign-in; newest: the newest event of the room there. A marker of ours that
 * cannot be of this log is given up. */
void replica_believe_marker(struct replica *r, struct marker stored, int64_t newest);
void replica_recount(struct replica *r, const struct msg *event);

/* ---- the chat, with what waits of ours ---- */

/* The confirmed lines, and behind them our own that wait. */
size_t replica_lines(const struct replica *r);
const struct line *replica_line(const struct replica *r, size_t i);
/* The line of a message by its sequence number or -id, wherever it is kept; NULL: it is not
 * known here. */
const struct line *replica_said(const struct replica *r, int64_t message);
/* Its index among the lines, or -1. */
ptrdiff_t replica_line_index(const struct replica *r, int64_t message);
/* Whether retention removed the message, as far as that can be known here. */
bool replica_is_removed(const struct replica *r, int64_t message);
bool replica_is_pinned(const struct replica *r, int64_t message);
/* Whether user, or anybody, reacted to it with emoji. */
bool line_has_emoji(const struct line *l, struct str emoji);
bool line_has_reaction(const struct line *l, struct str emoji, struct str user);
/* Keeps the messages of a page that was asked for by itself, as for a quotation. */
void replica_take_far(struct replica *r, const struct msg_history_page *page);

/* The messages that make an equal replica of the confirmed state when applied to a new one: a
 * snapshot in parts and a history page of the newest `lines` lines. For the cache. */
void replica_write(const struct replica *r, size_t lines,
                   void (*each)(void *arg, const struct msg *m), void *arg);
bool replica_check(const struct replica *r, struct err *e);

#endif
