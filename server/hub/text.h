/* Texts that are being edited: of a note, or the description of a card.
 *
 * A text is in memory while a connection holds it, or while edits of it are on their way to the
 * disk. Whoever opened or edited it holds it as long as its caret is in it, and a while longer:
 * there is no message that closes a text. Rope and blame are at `stored`, the newest
 * version on disk; so what fails to get there takes nothing back from them. Behind them lie the
 * operations of the last versions, up to `newest`, each with the length of the text before it:
 * what is needed to move an edit from its base to the present. When nobody edits any more they
 * go: who still has an edit of then asks what was missed. The room's edits are stored in
 * their order, and fail together.
 *
 *     steps:   first ........ stored ..... newest
 *              already in the rope | under way
 */
#ifndef MOOT_HUB_TEXT_H
#define MOOT_HUB_TEXT_H

#include "append.h"
#include "blame.h"
#include "hub_state.h"

enum {
    STEP_BYTES_MAX = 8 << 20, /* of operations that are kept of one text; fewer versions then */
    STEPS_REST_MS = 60 * 1000, /* after the newest edit they are kept for so long */
    SNAPSHOT_EVERY = 256,      /* versions between two snapshots, at least, */
    SNAPSHOT_SHARE = 4,        /* and of a snapshot's bytes one part in so many, */
    SNAPSHOT_ALWAYS = 4096,    /* or at the latest */
    SNAPSHOT_RUN_BYTES = 32,   /* that a run of the blame takes in it, about */
};

/* What made a version. */
struct step {
    struct op op;
    size_t before;   /* code points of the text it was done to */
    int64_t session; /* of the connection that sent it; 0: not known any more */
};

/* A text as it was, for all who are being sent it. */
struct copy {
    int refs;
    struct text *of; /* that gives it to others, too; NULL: it has gone on */
    int64_t version, time;
    struct buf text;
};

/* Whose it was, for the same. */
struct whose {
    int refs;
    struct text *of;
    int64_t version;
    struct blame *blame;
};

struct text {
    int64_t number;
    struct room *room;
    VEC(struct caller *) holders;
    uint64_t loading;  /* tag of the JOB_TEXT under way, or 0 */
    struct err failed; /* it does not load; only while those who wait are told */
    bool loaded;       /* what follows is right */
    struct rope *rope;
    struct blame *blame;
    int64_t stored, newest;
    int64_t time;       /* ms, of version `stored`; 0 for version 0 */
    size_t chars;       /* at `newest` */
    struct step *steps; /* ring: of version v at v & (cap - 1) */
    size_t cap;
    int64_t first;        /* version of the oldest step; newest + 1: there are none */
    size_t bytes;         /* that all steps take */
    int64_t snapshot;     /* version of the newest snapshot on disk */
    size_t since;         /* bytes of operations, as JSON, behind it */
    bool snapshot_is_due; /* one is under way */
    struct copy *copy;    /* of version `stored`, while somebody is being sent it, or NULL */
    struct whose *whose;  /* the same */
    UT_hash_handle hh;
};

struct text *text_find(const struct room *r, int64_t number);
/* The text, held by c from now on and being read if it is not in memory. The room must have its
 * board, and the number be one of a note or card. */
struct text *text_hold(struct hub *h, struct room *r, int64_t number, struct caller *c);
/* The same for a request of c, which BLOCKED makes wait. REFUSED: it does not load. */
enum outcome text_ready(struct hub *h, struct caller *c, struct room *r, int64_t number,
                        struct text **out, struct err *e);
/* c holds nothing any more. */
void text_release_all(struct hub *h, struct caller *c);
/* Nor what it has done nothing with for TEXT_REST_MS. */
void text_release_rested(struct hub *h, struct caller *c);
/* The answer to ASK_TEXT. */
void text_loaded(struct hub *h, const struct ask *a, const struct store_job *j);
/* Has it read, unless it is there or on its way. While texts in memory take too much, it fails
 * as busy. */
void text_load(struct hub *h, struct text *t);
/* True when it could not be read, and why. */
bool text_is_refused(struct text *t, struct err *e);
/* Reckons what all texts take, now and then. */
void texts_weigh(struct hub *h);
/* Makes a zeroed text what the job says. Every operation is checked. For text_finish() whether
 * it fails or not. */
bool text_replay(struct hub *h, struct text *t, const struct store_job *j, struct err *e);
/* Nothing of it is in memory any more; whoever holds it still does. */
void text_unload(struct text *t);
void text_finish(struct text *t);
/* Frees it if nobody has it open and nothing is under way. */
void text_tidy(struct text *t);

/* What an edit at that base has to be checked against. ERR_BAD_FIELD for a base in the future,
 * ERR_STALE when its length is not known any more. */
bool text_chars_at(const struct text *t, int64_t base, size_t *chars, struct err *e);
/* Moves h->op past all that came behind base, in so many steps. ERR_STALE when that is too much
 * work. */
bool text_move(struct hub *h, const struct text *t, int64_t base, uint64_t *work,
               struct err *e);
/* h->op, which has been checked, is the next version. It is taken. */
void text_add(struct hub *h, struct text *t, int64_t session);
/* The same for one that is on disk; `bytes` of it as JSON. */
void text_add_stored(struct text *t, struct op *op, const struct store_edit *from);
/* The boxes of the text as it is at `newest`; none of one longer than CHECKLIST_MAX. */
void text_boxes(const struct text *t, struct checklist *out);
/* Is it time to keep the text as it is on disk? Then it is filled in, owned by the turn. */
void text_snapshot(struct hub *h, struct text *t, struct store_snapshot *out);

/* An edit is on disk. */
void text_stored(struct hub *h, struct room *r, const struct store_append *p);
/* What ran ahead is forgotten. */
void texts_doubt(struct hub *h, struct room *r);
/* The room was read: texts that are not where the store is are read again when wanted. */
void texts_compare(struct hub *h, struct room *r);
void texts_free(struct hub *h, struct room *r);

/* Moves a caret of that session to version `stored`, if what came between is known. */
void text_move_caret(const struct text *t, int64_t session, struct caret *k);

/* A reference to the text at `stored`. */
struct copy *text_copy(struct text *t);
void copy_drop(struct copy *c); /* NULL is fine */
struct whose *text_whose(struct text *t);
void whose_drop(struct whose *w);

/* For tests. */
bool texts_check(const struct room *r, struct err *e);

#endif
