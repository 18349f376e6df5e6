/* A text as the files of docs and of the session's texts share it. */
#ifndef MOOT_DOC_PARTS_H
#define MOOT_DOC_PARTS_H

#include "doc.h"

/* Who did an edit, and over which client; empty when not known. */
struct author {
    struct str user, client;
};

/* Someone's edit that came while the answer to note.open was awaited. */
struct held {
    int64_t version, id; /* id: of our request, 0 for somebody else's */
    char author[USER_NAME_MAX + 1], client[CLIENT_ID_MAX + 1];
    struct op op;
};

/* A run of operations: of an answer to note.open, or out of the cache. */
struct run {
    int64_t from, to;
    int64_t id; /* our own edit of that id; 0: it is not; RUN_MIXED: may be or contain any */
    struct op op;
};

enum { RUN_MIXED = -1 };

/* What is under way. */
struct doc_wire {
    int opened;          /* how often, by those who show it */
    bool is_fetched;     /* nobody shows it, and it is brought up to date once */
    uint64_t used;       /* when last: the oldest closed one goes first */
    struct rope *stored; /* the text at sync.version; NULL while `text` is just that */

    /* The edit in flight. */
    int64_t flight_id;  /* 0: there is none */
    struct buf request; /* as it goes over the wire; empty when it came from the disk */
    uint64_t kept_turn; /* of the session, in which it was written down */
    bool is_sent;       /* on this link */
    int64_t stored_seq; /* the server has it as this event of the room; 0: no answer yet */
    int64_t send_at;    /* ms; nothing is sent before */

    /* The question what was missed. */
    int64_t open_id, at_id; /* of note.open and note.at; 0: not asked */
    int64_t since;          /* as it was asked */
    int64_t open_at;        /* ms; not asked before */
    int holds;              /* how often in a row it was put off */
    VEC(struct run) runs;   /* of its answer, so far; pieces of one have from == to */
    size_t bytes;           /* of these */
    struct buf part;        /* of a text, so far */
    int64_t next_part;
    VEC(struct held) held;
    size_t held_bytes;
    bool missed; /* more came than is held */

    /* The disk. */
    int64_t kept_as; /* its records are under this number, as another doc has its own; or 0 */
    bool is_written; /* the newest edit is in a record */
    bool is_cached;  /* the cache has the text, and what was told since */
    bool has_draft;  /* a `more` may stand on the newest draft in the outbox file */
    bool is_kept_dirty;   /* the newest record says that something is unsaved */
    VEC(struct op) mores; /* restored and not yet made part of sync */
    int64_t cached_version;
    struct rope *cached;    /* text of the cache, at that version; NULL: none */
    VEC(struct run) behind; /* out of the cache, one behind the other */

    /* Our caret, as the others have it. */
    bool has_caret, is_told;
    int64_t caret_at;                         /* ms; not told before */
    size_t told_caret, told_anchor, told_top; /* in the text at sync.version */
};

struct doc *doc_new(struct str room, int64_t number);
void doc_free(struct doc *d);

/* Something of it is known: edits of others can be taken. */
bool doc_is_known(const struct doc *d);
/* The text at sync.version; what is unsaved comes on top. Takes r in any case; false and
 * nothing changed if what is unsaved does not fit it. */
bool doc_set_text(struct doc *d, struct rope *r);
/* The text is not known any more. What is unsaved stays. */
void doc_drop_text(struct doc *d);
/* Back to what the server has: what is unsaved is gone, and what could be undone. */
void doc_revert(struct doc *d);

/* Our edit, which fits `text`. For undo the caller tells. */
void doc_local(struct doc *d, const struct op *o);
/* True if o can be done to the text at sync.version. Without a text only as far as can be told.
 */
bool doc_fits(const struct doc *d, const struct op *o, struct err *e);
/* Somebody else's, which fits, up to version `to`. */
void doc_remote(struct doc *d, const struct op *o, int64_t to, struct author by, int64_t now);
/* The one in flight was stored as the next version. */
void doc_own(struct doc *d);
/* It was not, and never will be. */
void doc_unsend(struct doc *d);
/* All that is unsaved as one operation on the text at sync.version. */
void doc_unsaved(const struct doc *d, struct op *out);

/* Carets (doc_caret.c). */
void doc_carets_move(struct doc *d, const struct op *on_screen, enum op_side own);
/* Those that were told for a version which is reached now. */
void doc_carets_reach(struct doc *d);
/* The author's caret goes to the end of the edit, which made sync.version. */
void doc_caret_follow(struct doc *d, struct author by, const struct op *o, int64_t now);
void doc_caret_told(struct doc *d, const struct msg_note_caret *m);
void doc_caret_drop(struct doc *d, int64_t session);
void doc_pointer_told(struct doc *d, const struct msg_pointer *m);
void doc_pointer_drop(struct doc *d, int64_t session);
void doc_carets_gone(struct doc *d, struct str user); /* empty: all */
void doc_carets_clamp(struct doc *d);

#endif
