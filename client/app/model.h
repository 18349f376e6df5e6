/* All that the screen knows: the session with its rooms, and what the person is doing with
 * them.
 *
 * update() is the only thing that changes it, from inputs; what the world has to do comes out
 * as effects. Nothing here knows a terminal, a socket, a file or a clock. Cards are held by
 * number and chat lines by sequence number, so nothing dangles when others change things. */
#ifndef MOOT_MODEL_H
#define MOOT_MODEL_H

#include "action.h"
#include "card_pane.h"
#include "catchup.h"
#include "chat_pane.h"
#include "cmdline.h"
#include "conflict.h"
#include "dialog.h"
#include "feed.h"
#include "mark_read.h"
#include "marks.h"
#include "note_pane.h"
#include "notify.h"
#include "people.h"
#include "picker.h"
#include "search_pane.h"
#include "session.h"
#include "shown.h"
#include "stats_pane.h"
#include "text_errand.h"
#include "tour.h"

/* FOCUS_BESIDE only while something fills the place beside the board. */
enum focus { FOCUS_ROOMS, FOCUS_BOARD, FOCUS_CHAT, FOCUS_BESIDE };

/* What can fill it; a row each in beside.c. */
enum beside {
    BESIDE_NONE,
    BESIDE_NOTE,
    BESIDE_FEED,
    BESIDE_CARD,
    BESIDE_STATS,
    BESIDE_SEARCH,
    BESIDE_COUNT
};

/* What was brought there, the newest last: what shows is the last one that is open. */
struct beside_stack {
    struct beside_turn {
        enum beside what;
        bool from_afar; /* the focus was elsewhere before, and goes there after it */
    } v[BESIDE_COUNT];
    size_t n;
};

enum prompt {
    PROMPT_NONE,
    PROMPT_COMMAND,
    PROMPT_FILTER,
    PROMPT_ADD,
    PROMPT_TITLE,
    PROMPT_COMMENT,
    PROMPT_NOTE_NEW,
    PROMPT_NOTE_NAME,
    PROMPT_FIND,
    PROMPT_REPLACE, /* what to search */
    PROMPT_REPLACE_WITH,
    PROMPT_LINE,   /* to go to */
    PROMPT_SEARCH, /* in all rooms */
    PROMPT_DAY,    /* to go to in the chat */
};

enum {
    UNDO_MAX = 100,
    TOASTS_MAX = 3,
    TOAST_MS = 6000,
    TOAST_ERROR_MS = 12000,
    LOCK_EVERY_MS = 30000, /* so often a lock is renewed while one types */
};

/* A request that takes back, or does again, a part of what was done to the board. */
struct undo_item {
    struct msg msg;   /* strings in the step's arena, as of the others */
    int64_t made;     /* id of the request that it takes back */
    struct str found; /* what it changes, as we left it, as far as that can be compared */
    /* What somebody else did to the same thing since, in words, and by what kind of event; then
     * it is not taken back. */
    struct str since;
    enum msg_type since_type;
};
/* What was done at one stroke; its items in the order in which they are to be asked for. */
struct undo_step {
    VEC(struct undo_item) items;
    char what[120]; /* in words, as "moved 3 cards to Done" */
    struct arena arena;
};
struct undo_stack {
    VEC(struct undo_step *) steps;
};

/* The first card shown of a column: by number, and by place should that card be gone. */
struct column_top {
    int64_t card;
    size_t place;
};

/* More comes first: what has something unread, and what concerns oneself before all. */
enum room_rank { RANK_READ, RANK_UNREAD, RANK_MINE };

/* What the person sees and does in one room. */
struct room_view {
    char name[ROOM_NAME_MAX + 1];
    bool left; /* we are no member any more: it goes away at the end of the turn */
    char left_by[USER_NAME_MAX + 1]; /* who did that; empty: that is not known */
    enum room_rank rank;             /* its place in the list */
    int column;                      /* selected one */
    int64_t card;                    /* selected one; 0: none */
    size_t place;     /* where it stood among those that show, should it go away */
    int first_column; /* leftmost one shown */
    struct column_top top[COLUMNS_MAX];
    struct board_look look;
    struct marks marks;
    /* The lowest line of chat on screen: its number, or -id of an own one that waits; 0: the
     * newest, whatever it is. `cut` of its rows are below the edge. */
    int64_t chat_anchor;
    int chat_cut;
    int64_t unread_from; /* what was read when the person came here */
    bool has_news;       /* and there was more then: a line is drawn in between */
    int64_t seen_from;   /* the unread_from whose line was on screen since */
    int64_t turn;        /* of the marker then; with another one nothing is marked by itself */
    bool reads;          /* what is on screen counts as read */
    struct lineedit input;
    struct line_history sent;
    struct undo_stack undo, redo;
    bool has_deleted; /* a message, since the last act on the board */
    struct beside_stack beside;
    struct note_pane note;
    struct chat_pane chat;
    struct feed_pane feed;
    bool shows_stats;
    bool shows_search;
    enum notify_level level; /* what of this room rings; NOTIFY_DEFAULT: as everywhere */
    struct card_pane card_pane;
    /* Counted once for each version of the replica. */
    uint64_t counted_version;
    struct unread_count unread;
};

/* TOAST_OFFER: names the key that takes the last act back, or does it again; over with the next
 * act. */
enum toast_kind { TOAST_INFO, TOAST_OFFER, TOAST_ERROR };
struct toast {
    enum toast_kind kind;
    int64_t until; /* ms */
    bool is_fault; /* see model_fault() */
    char text[sizeof((struct err){0}.text)];
};

/* How far the person had read a room the last time. */
struct read_mark {
    char room[ROOM_NAME_MAX + 1];
    struct marker read;
};

/* A filter that the person gave a name. */
struct saved_filter {
    char *name, *text; /* owned */
};

/* Where we moved a card, by which event: to tell us when somebody who had not seen it moved it
 * elsewhere. */
enum { OWN_MOVES_MAX = 256 };
struct own_move {
    char room[ROOM_NAME_MAX + 1], column[COLUMN_NAME_MAX + 1];
    int64_t card, seq;
};

/* What the mouse holds between press and release. */
struct drag {
    int64_t card; /* 0: nothing */
    bool moved;
    int x, y;          /* where the pointer is */
    int64_t scroll_at; /* ms: not before then does the board scroll below it */
};

/* What is picked from the list that is open. */
enum pick {
    PICK_COLUMN,
    PICK_PRIORITY,
    PICK_DUE,
    PICK_ASSIGNEES,
    PICK_LABELS,
    PICK_BLOCKERS,
    PICK_EMOJI, /* these about messages */
    PICK_PIN,
    PICK_TARGET,
    PICK_LEADER, /* whom to follow */
    PICK_ROOM,   /* these need no room on screen */
    PICK_INVITED,
};

/* What one reacted with, the newest first. */
enum { RECENT_EMOJI = 8 };
struct recent_emoji {
    char v[RECENT_EMOJI][EMOJI_MAX + 1];
    size_t n;
};

/* What was begun to be written on a card and not sent. */
struct about {       /* what a comment that is written does */
    int64_t message; /* answers it; 0: is a new one */
    bool is_edit;    /* or is its new text */
};
static inline bool about_is(struct about a, struct about b)
{
    return a.message == b.message && a.is_edit == b.is_edit;
}
struct card_draft {
    char room[ROOM_NAME_MAX + 1];
    int64_t card;
    struct about about;
    struct buf text;
};

/* What was begun to be said in a room that is not listed (any more). */
struct room_draft {
    char room[ROOM_NAME_MAX + 1];
    struct buf text;
};

/* What the server refused of requests that belong together: said in one toast. */
struct refusals {
    int64_t batch; /* 0: none yet */
    size_t n;
    struct err why;                          /* of the first */
    char text[sizeof((struct err){0}.text)]; /* of the toast */
};

/* The field that we edit; room empty: none. */
struct own_lock {
    char room[ROOM_NAME_MAX + 1];
    char field[FIELD_NAME_MAX + 1];
    int64_t card;
    int64_t asked, asked_at; /* the question for it, and when */
    int64_t ended;           /* id of the unlock of the one before; 0: none */
    bool held;               /* the server gave it, and nobody took it over */
    bool typed;              /* since then */
};

/* Whoever shows the model in other ways than a screen does: told of what the screen shows by
 * itself. Each may be NULL. */
struct model_listener {
    /* An action that is about to be done; true: the listener has done it. */
    bool (*action)(void *arg, const struct command *c, struct effects *out);
    /* An event of a room, which its replica has taken in. */
    void (*event)(void *arg, const struct msg *event);
    void (*toast)(void *arg, enum toast_kind kind, struct str text);
    /* A text that is wanted, in place of a pane that shows it. */
    void (*text)(void *arg, int64_t number, struct str text);
    /* A place in the chat that is gone to, and that is here now: the first message of that
     * number or later. */
    void (*place)(void *arg, int64_t message);
    void *arg;
};

struct model {
    struct session session;
    struct keymap keys;
    struct model_listener listener;
    int width, height;
    int64_t now;
    bool ascii;   /* only ASCII shows */
    bool strokes; /* the terminal strikes no letters: the strokes around what is struck show */
    bool focused; /* the terminal's window has the keyboard, as far as we know */
    enum focus focus;
    bool beside_full; /* what is beside the board has the whole screen while in focus */
    VEC(struct read_mark) marks;    /* of rooms not opened yet */
    VEC(struct room_view *) views;  /* what the rooms pane lists, see rooms_settle() */
    struct room_view *here;         /* the room on screen; NULL before there is one */
    size_t room_at;                 /* selected row of the rooms pane */
    bool rooms_by_name;             /* and not those with unread messages first */
    char wanted[ROOM_NAME_MAX + 1]; /* room to open as soon as the server lists it */

    enum prompt prompt;
    struct lineedit line; /* of the prompt */
    int64_t prompt_seen;  /* event up to which the room was known when it was opened */
    struct about about;   /* of PROMPT_COMMENT */
    int64_t prompt_card;  /* the card or note being edited, or the one a new one goes behind */
    int prompt_column;
    struct picker picker; /* open in front of everything but a dialog */
    enum pick pick;
    int64_t pick_card, pick_seen; /* the card or message it is for; as prompt_seen */
    struct dialog dialog;
    bool deleting;                   /* it asks about the selected message, */
    char leaving[ROOM_NAME_MAX + 1]; /* or about that room; empty: not */
    char written[ROOM_NAME_MAX + 1]; /* room whose line is in the editor, */
    int64_t written_on;              /* or a comment on that card of it; 0: on none */
    struct about written_about;
    struct recent_emoji emoji; /* the shell keeps them */
    VEC(struct conflict) conflicts;
    struct conflict_ref asked_about; /* by the dialog */
    struct conflict_ref editing;     /* by the prompt, or the picker */
    int64_t key_at;                  /* ms, of the newest key */
    VEC(struct card_draft) drafts;
    VEC(struct room_draft) room_drafts;
    bool is_elsewhere; /* the room on screen is none that was asked for: that one is not ours
                          (any more). A script ends by that */
    VEC(struct own_move) own_moves; /* one a card, the newest last */
    struct own_lock lock;
    struct line_history commands, filtered, searched;
    struct search_pane search;
    VEC(struct saved_filter) filters; /* the shell keeps them */
    struct completions completions;   /* of the command line, or of an @name in the chat */
    size_t completion_at;             /* 0: none was put in; else index + 1 */
    char completion_sign;             /* in the chat: what the word begins with */

    bool help;
    enum action_where help_from; /* where one was when it was opened */
    int help_top;
    VEC(struct toast) toasts;   /* oldest first */
    VEC(struct notice) notices; /* oldest first */
    size_t missed;              /* of them happened while we were away */
    struct catchup catchup;
    struct stats_pane stats;
    struct hist frames; /* us that the shell took to draw each */
    struct drag drag;
    struct refusals refusals;
    VEC(struct text_errand) errands;

    struct tour tour;
    struct people people;
    struct notify_rules rules; /* the shell sets these two */
    enum mark_read mark_read;
    int64_t notified_at;    /* ms, of the newest notification */
    VEC(struct bell) bells; /* that wait, oldest first */
    int64_t lost_at;        /* ms, when the link was lost; 0: it stands, or never did */
    bool told_lost, was_online;
    bool told_disk;                 /* that nothing can be kept */
    char titled[ROOM_NAME_MAX + 1]; /* what the title of the window says: the room, */
    size_t badge;                   /* and how many messages are unread anywhere */
};

/* client, next_id, seed: as for session_init(). */
void model_init(struct model *m, struct str client, int64_t next_id, uint64_t seed);
void model_finish(struct model *m);
/* What the shell kept: call before rooms are opened. */
void model_read_mark(struct model *m, struct str room, struct marker read);
void model_left(struct model *m, int64_t time); /* when the person was there last */

/* A saved filter, from the shell's file or just made; with an empty text it is gone. */
void model_put_filter(struct model *m, struct str name, struct str text);
/* Before they are read anew. */
void model_forget_filters(struct model *m);
/* Its text, borrowed; p NULL: there is none of that name. */
struct str model_filter(const struct model *m, struct str name);

/* Does what an input means. */
void update(struct model *m, const struct input *in, struct effects *out);
/* When INPUT_TICK is due: as the screen or the session would change by itself. INT64_MAX: not.
 */
int64_t model_next_tick(const struct model *m);

/* What the server's clock says now: times of events are by that, and ours may be off by any
 * amount. */
int64_t model_server_now(const struct model *m);

/* What was begun to be written on a card stands there when one writes again; without text it is
 * forgotten. */
void model_keep_comment(struct model *m, const char *room, int64_t card, struct about about,
                        struct str text);
/* What was begun to be said in a room that is not listed stands there once it is; behind what
 * is kept of it already. */
void model_keep_draft(struct model *m, struct str room, struct str text);
/* The replica of the room on screen; NULL when there is none. */
struct replica *model_replica(const struct model *m);
struct room_view *model_view(const struct model *m, struct str room); /* NULL: not listed */
/* A room's name as the person reads it, in `out`: a direct conversation without oneself. */
struct room_label {
    char text[ROOM_NAME_MAX + 1];
};
const char *model_label(const struct model *m, struct str room, struct room_label *out);
/* The view of a room, made and opened if needed. */
struct room_view *model_open(struct model *m, struct str room, struct effects *out);
/* Takes a room off the screen; what was being written there is kept. */
void model_drop(struct model *m, struct room_view *v, struct effects *out);
/* Shows a room. */
void model_show(struct model *m, struct room_view *v, struct effects *out);
/* How many conflicts a person has to decide. */
size_t model_conflicts(const struct model *m);
/* One on a card, of that field or, with CARD_FIELD_COUNT, of any; NULL: none. */
const struct conflict *model_conflict(const struct model *m, const char *room, int64_t card,
                                      enum card_field field);
/* What fills the place beside the board. */
enum beside model_beside(const struct model *m);
/* Bytes that may come back from the editor. */
size_t model_edit_max(const struct model *m);
/* The line that is typed into; NULL: none. */
const struct lineedit *model_line(struct model *m);
/* Seconds until the tour does itself what it asks for; 0: it does not. And whether it types
 * then, or leaves it out because a person has something open. */
int tour_countdown(const struct model *m);
bool tour_may_type(const struct model *m);
/* Where keys go. */
enum action_where model_where(const struct model *m);

void model_toast(struct model *m, enum toast_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same of what is wrong in a line that was entered: over with the next one, and no notice
 * is kept of it. */
void model_fault(struct model *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void model_fault_over(struct model *m);

#endif
