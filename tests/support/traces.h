/* Real editing sessions, key by key, for tests and benches of the text engine.
 *
 * They are not part of the project: the variable MOOT_TRACES names a folder with NAME.trace,
 * a patch a line, "pos TAB code points deleted TAB JSON string inserted", and NAME.final, the
 * text that comes out; either may be packed with xz (NAME.trace.xz). */
#ifndef MOOT_TEST_TRACES_H
#define MOOT_TEST_TRACES_H

#include "str.h"

struct trace_edit {
    size_t pos, chars; /* code points deleted at pos */
    struct str text;   /* inserted there then; borrowed from the trace */
};

struct trace {
    char name[64];
    VEC(struct trace_edit) edits;
    struct buf texts; /* what the edits borrow */
    struct buf end;   /* the text that must come out */
};

struct traces {
    VEC(struct trace) all;
};

/* Reads every trace of the folder, sorted by name; false without MOOT_TRACES. Ends the program
 * with words when the folder is not readable or holds something else. */
bool traces_read(struct traces *t);
/* The same, or where that is not set `sessions` that are made up: words, lines, emoji and
 * deletions at places that jump now and then. What must come out of these was reckoned on an
 * array. */
void traces_take(struct traces *t, int sessions);
void traces_finish(struct traces *t);

#endif
