/* What the note pane of a room shows: the list of its notes, a text, or a text's history or
 * outline. One text is open at a time; it stays open while something else is looked at, and
 * while another room is on screen. */
#ifndef MOOT_NOTE_PANE_H
#define MOOT_NOTE_PANE_H

#include "diff.h"
#include "doc.h"
#include "editor.h"
#include "outline.h"

enum note_shows { NOTE_NOTHING, NOTE_LIST, NOTE_TEXT, NOTE_HISTORY, NOTE_OUTLINE };

enum {
    BLAME_EVERY_MS = 1000,          /* while a text changes, who wrote it is asked so often */
    SITTING_GAP_MS = 120 * 1000,    /* versions further apart belong to different sittings */
    VERSION_TEXTS = 6,              /* old versions whose text is kept */
    HISTORY_LOG = 400,              /* versions asked for at once */
    HISTORY_PATIENCE_MS = 1000,     /* after the server asked for some */
    HISTORY_MAX_VERSIONS = 1 << 22, /* older ones of a text with more cannot be looked at */
    FIND_MAX = 1024,                /* bytes of what is searched */
    CLICKS_MS = 400,                /* between two that belong together, at most */
};

/* ---- who wrote what ---- */

struct note_run {
    char author[USER_NAME_MAX + 1]; /* empty: typed since, not known yet */
    int64_t version, time;
    size_t chars;
};
struct note_runs {
    VEC(struct note_run) v;
};
struct note_blame {
    bool on;
    bool is_known;    /* runs cover `text` */
    int64_t asked;    /* the question under way; 0: none */
    int64_t asked_at; /* ms, of the newest one */
    uint64_t changes; /* of the doc, when the runs were brought up to it */
    struct buf text;  /* what the runs cover */
    struct note_runs runs;
    struct note_runs coming; /* parts of the answer */
    bool is_fresh;           /* as the server said it; else moved along since */
};

/* ---- history ---- */

struct note_version {
    int64_t time;    /* ms; 0: not known yet */
    unsigned author; /* index into authors */
};
/* The text of one old version. */
struct version_text {
    int64_t version; /* -1: none */
    uint64_t used;
    struct buf text;
};
struct note_history {
    int64_t at, from; /* the version looked at, and the one before what it is compared with */
    bool to_now;      /* compared with the text as it is now */
    bool by_version;  /* the person steps by single versions, not by sittings */
    bool is_asking;   /* whether to restore it: waits for yes or no */
    VEC(struct note_version) versions; /* by version; 0 is the empty text */
    VEC(char *) authors;
    int64_t asked_log, asked_text; /* questions under way; 0: none */
    int64_t ask_at;                /* ms; nothing is asked before */
    int64_t log_before;            /* versions in front of this are asked for */
    int64_t wanted;                /* the version that asked_text asks for */
    struct buf coming;             /* parts of its answer */
    struct version_text texts[VERSION_TEXTS];
    uint64_t uses;
    /* What is on screen: the difference of two texts. */
    bool is_shown;
    int64_t shown_at, shown_from;
    bool shown_to_now;
    uint64_t shown_changes; /* of the doc, if it is compared with that */
    struct buf before, after;
    struct diff_lines lines;
    size_t added, removed; /* lines */
    size_t top;            /* first line on screen */
};

/* ---- search ---- */

struct note_search {
    bool on;          /* what is searched is marked, until something else is done */
    struct buf offer; /* what is searched if nothing is typed */
    struct buf was; /* what was searched before it was asked for, should the question be left */
    size_t nth, of; /* the match that is selected, of how many; 0: not counted */
    uint64_t changes; /* of the doc, when they were counted */
};

/* ---- what is fetched ahead ---- */

struct note_fetch {
    int64_t session; /* our number on the link that the rest is about */
    int64_t at;      /* ms; not before */
    VEC(int64_t) done;
};

/* ---- clicks ---- */

struct clicks {
    int n; /* in a row, at one place */
    int x, y;
    int64_t at; /* ms */
};

/* ---- outline ---- */

struct note_outline {
    struct outline list;
    uint64_t changes; /* of the doc, when the list was made */
    size_t at, first; /* the one selected, and the first on screen */
    struct buf title; /* of the one selected */
};

/* ---- the pane ---- */

struct note_pane {
    enum note_shows shows;
    bool from_text;  /* what shows was opened from the text, and leads back into it */
    struct doc *doc; /* the open text, ours until session_close_text(); NULL: none */
    struct editor editor;
    bool marking;       /* moving selects */
    struct err refused; /* why edits of this text were not taken; until the next one, or Esc */
    bool is_dragging;
    struct clicks clicks;
    struct note_search search;
    /* The list: which note is selected, where it stands, and the first one on screen. */
    int64_t at;
    size_t place, first;
    bool with_archived;
    struct note_blame blame;
    struct note_history history;
    struct note_outline outline;
    struct note_fetch fetch;
};

void note_pane_init(struct note_pane *p);
/* The doc has been closed before. */
void note_pane_finish(struct note_pane *p);

#endif
