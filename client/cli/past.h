/* What a file beside a note had at what time, so that a save is merged with what it was made
 * of.
 *
 * A text that somebody read from the file may be open in an editor, for hours. What an editor
 * saved is what it has from then on: older ones do not matter any more, so that who takes back
 * what he did is not taken for late. All this is kept on disk too, for the next process that
 * keeps the file. */
#ifndef MOOT_PAST_H
#define MOOT_PAST_H

#include "err.h"

enum had {
    HAD_OURS,  /* we wrote it, and nobody has read it */
    HAD_READ,  /* somebody may have it in an editor */
    HAD_SAVED, /* an editor made it */
};

struct had_text {
    struct str text; /* owned */
    enum had how;
};

struct past {
    VEC(struct had_text) texts; /* oldest first; at most the last is HAD_OURS */
    int64_t read_at; /* ms, when somebody was first seen to have read the last; 0: nobody */
    struct buf overruled;  /* a file that was taken for a stale one */
    struct buf remembered; /* the last text on disk */
    struct buf subject;    /* what the file is kept with, as "#room 7" */
    const char *path;      /* where it is kept on disk; NULL: nowhere. Borrowed */
};

void past_finish(struct past *p);

/* The file has this text from now on. */
void past_keep(struct past *p, struct str text, enum had how);
/* Had the file this text? */
bool past_has(const struct past *p, struct str text);
/* Somebody has read the last text; now in ms. */
void past_see_reader(struct past *p, int64_t now);
/* The text that a saved file was made of; there must be one. Borrowed until the next call of
 * past_keep(). */
struct str past_made_from(struct past *p, struct str text);

/* The file has, or is about to get, a text all of whose changes the note has, or the outbox
 * keeps for it. The one before stays: we may be ended before the file is written. */
bool past_remember(struct past *p, struct str text, enum had how, struct err *e);
/* The changes of a text are about to be appended to the outbox, a file of `bytes` bytes. When
 * we are ended before past_remember() is called for it, the next past_recall() sees by the
 * length of that file whether they were. */
bool past_remember_put(struct past *p, struct str text, const char *outbox, size_t bytes,
                       struct err *e);
/* Reads what was remembered, and of what the file was kept with; before anybody sends what is
 * in outboxes. Nothing is there the first time. */
bool past_recall(struct past *p, struct err *e);
/* The file is kept with this from now on: texts it had with something else are forgotten. */
void past_begin(struct past *p, struct str subject);

#endif
