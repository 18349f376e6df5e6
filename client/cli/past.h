/* What a file beside a note had at what time, so that a save is merged with what it was made
 * of; see made_from.h.
 *
 * A text that somebody read from the file may be open in an editor, for hours, and many others
 * may have stood there since. So there may be a thousand of them, each kept as its difference
 * to the one that came next, and all on disk too, for the next process that keeps the file. */
#ifndef MOOT_PAST_H
#define MOOT_PAST_H

#include "op.h"

enum had {
    HAD_OURS,  /* we wrote it, and nobody has read it */
    HAD_READ,  /* somebody may have it in an editor */
    HAD_SAVED, /* an editor made it */
};

/* How a file was saved. A program has its habit: what was saved in two ways, two have saved.
 * "Read" is: and had been read just before, as by a script, or by an editor that makes a
 * backup. */
enum habit {
    HABIT_UNKNOWN, /* nobody was looking */
    HABIT_IN_PLACE,
    HABIT_IN_PLACE_READ,
    HABIT_NEW, /* a file that took the place of the old one */
    HABIT_NEW_READ,
};

/* The newest text stands whole in past.newest. */
struct had_text {
    enum had how;
    enum habit habit; /* of one that somebody saved */
    int64_t ours;     /* how often others' changes had come into the file by then */
    struct op back;   /* makes it of the one that came next; of the newest: empty */
};

struct past {
    VEC(struct had_text) texts; /* oldest first; at most the last is HAD_OURS */
    struct buf newest;          /* the last of them */
    size_t bytes;               /* that differ in all the others */
    int64_t ours;
    int64_t read_at, read_last; /* ms, when somebody was first and last seen to have read the
                                   newest; 0: nobody */
    bool in_doubt;              /* we were killed: the file may have an older one still */
    struct buf overruled;       /* a file that was taken for a stale one */
    struct buf remembered;      /* the last text on disk */
    struct buf subject;         /* what the file is kept with, as "#room 7" */
    struct buf outbox;          /* path of the one that changes go through */
    const char *path;           /* where it is kept on disk; NULL: nowhere. Borrowed */
};

void past_finish(struct past *p);
const struct had_text *past_newest(const struct past *p); /* NULL: there is none */

/* The file has this text from now on: one of ours, or one that somebody saved, with his habit.
 */
void past_keep(struct past *p, struct str text, enum had how, enum habit habit);
/* Had the file this text? */
bool past_has(const struct past *p, struct str text);
/* Somebody has read the newest text; now in ms. */
void past_see_reader(struct past *p, int64_t now);
/* The file is being saved now, to a new file or in place: who does it like that? */
enum habit past_habit(const struct past *p, bool is_new, int64_t now);

/* How often each code point is in a text, counted by the first byte of it. */
struct tally {
    int64_t n[256];
};
void tally_add(struct tally *t, struct str text, int64_t times);
/* So many code points have to be put in or taken out at least to make one text of another. */
size_t tally_apart(const struct tally *a, const struct tally *b);

/* From the newest text to the oldest. Zeroed but for the past is in front of the first. A step
 * costs as much as what changed; the text itself is read when it is asked for. */
struct past_walk {
    const struct past *past;
    const struct had_text *at;
    struct rope *rope;
    struct tally tally;
    struct buf text;
    bool is_read;
};
bool past_older(struct past_walk *w);
struct str past_text(struct past_walk *w); /* borrowed until the next step */
void past_walk_finish(struct past_walk *w);

/* ---- on disk: past_disk.c ---- */

/* The file has, or is about to get, a text all of whose changes the note has, or the outbox
 * keeps for it. The one before stays: we may be ended before the file is written. */
bool past_remember(struct past *p, struct str text, enum had how, enum habit habit,
                   struct err *e);
/* The changes of a text are about to be appended to the outbox, in which a mark was set:
 * outbox_mark(). When we are ended before past_remember() is called for it, the next
 * past_recall() sees by the mark whether they were. */
bool past_remember_put(struct past *p, struct str text, enum habit habit, struct err *e);
/* The file has the newest text, and we end. */
bool past_remember_end(struct past *p, struct err *e);
/* Reads what was remembered; before anybody sends what is in outboxes. `outbox` is the one of
 * that time then. Nothing is there the first time. */
bool past_recall(struct past *p, struct err *e);
/* The file is kept with this from now on, and changes go through this outbox: texts it had with
 * something else are forgotten. */
void past_begin(struct past *p, struct str subject, const char *outbox);

/* For past_disk.c. */
void past_forget_newest(struct past *p);

#endif
