/* A terminal used as a roll of paper: lines are printed, and below them stands the line that is
 * being written. Nothing is sent but text, newline, carriage return and backspace. */
#ifndef MOOT_LINE_TERM_H
#define MOOT_LINE_TERM_H

#include "str.h"

struct line_term;

/* Takes standard input and output as they are. When both are a terminal its keys come one by
 * one from now on, until line_term_free(). */
struct line_term *line_term_new(void);
void line_term_free(struct line_term *t); /* NULL is fine */

/* Keys come one by one. False: whole lines do, edited elsewhere. */
bool line_term_has_keys(const struct line_term *t);
/* What is typed has to be shown by us. False: whoever sends it shows it, as the shell of an
 * editor does, or a terminal with local echo. */
bool line_term_echoes(const struct line_term *t);
/* Reads what there is; false at the end. */
bool line_term_read(struct line_term *t, struct buf *out);

/* Prints whole lines, which must be fit for a terminal; the line being written is moved below
 * them. False: nobody reads them any more. */
bool line_term_print(struct line_term *t, struct str lines);
/* Shows the line being written, one row of it: `front` is what stands before the caret. */
void line_term_show(struct line_term *t, struct str front, struct str back);
/* The line is written: all of it stays, and what comes next stands below it. */
void line_term_finish_line(struct line_term *t, struct str front, struct str back);
/* A notification. */
void line_term_ring(struct line_term *t);

/* Gives the terminal back for a while, the row being empty, and takes it again. */
void line_term_leave(struct line_term *t);
void line_term_enter(struct line_term *t);

#endif
