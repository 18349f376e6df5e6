/* The last lines of what a program printed, as text: without escape sequences and without what
 * a carriage return wrote over. */
#ifndef MOOT_TAIL_LINES_H
#define MOOT_TAIL_LINES_H

#include "str.h"

enum { TAIL_LINES_MAX = 32, TAIL_LINE_BYTES = 400 };

/* Zeroed with `most` set (1 to TAIL_LINES_MAX) is valid. */
struct tail_lines {
    size_t most;
    struct buf lines[TAIL_LINES_MAX]; /* a ring */
    size_t begun;                     /* lines ever begun; the last is not ended */
    struct buf line;                  /* the one that is being printed */
    bool was_return;                  /* the next character writes over it */
    int escape;                       /* how far into an escape sequence */
};

void tail_lines_add(struct tail_lines *t, struct str printed);
/* Appends the lines, each ended by a newline, the last unfinished one too. What is not UTF-8 or
 * may not be shown is left out. */
void tail_lines_read(const struct tail_lines *t, struct buf *out);
void tail_lines_finish(struct tail_lines *t);

#endif
