/* Who wrote which part of a text: runs of code points, each with its author, the newest version
 * that added to it, and when that was. Kept by the same walk that applies the operations. */
#ifndef MOOT_BLAME_H
#define MOOT_BLAME_H

#include "op.h"

enum { BLAME_JOIN_MS = 600 * 1000 }; /* neighbours of one author so close in time are one run */

struct blame;
struct blame_run {
    struct str author; /* borrowed from the blame */
    int64_t version, time;
    size_t chars;
};

struct blame *blame_new(void);
struct blame *blame_copy(const struct blame *b);
void blame_free(struct blame *b); /* NULL is fine */

/* op_check(o, blame_chars(b)) has passed. time in ms since 1970. */
void blame_apply(struct blame *b, const struct op *o, struct str author, int64_t version,
                 int64_t time);
size_t blame_chars(const struct blame *b);
size_t blame_runs(const struct blame *b);
/* Calls each for at most n runs in the order of the text, from one on. */
void blame_some(const struct blame *b, size_t from, size_t n,
                void (*each)(void *arg, const struct blame_run *run), void *arg);

/* The form in which it is kept beside a snapshot, and back: a line for each run. blame_parse()
 * gives NULL for anything that is no such form or does not cover exactly `chars`. */
void blame_print(const struct blame *b, struct buf *out);
struct blame *blame_parse(struct str s, size_t chars, struct err *e);

#endif
