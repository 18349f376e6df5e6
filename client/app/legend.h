/* What the marks on the board mean: one list, for the help and for the manual. */
#ifndef MOOT_LEGEND_H
#define MOOT_LEGEND_H

#include "sign.h"
#include "str.h"

enum { LEGEND_SIGNS_MAX = 5 };

struct legend_row {
    int n;
    enum sign signs[LEGEND_SIGNS_MAX];
    const char *text; /* behind them, or in their place */
    const char *doc;
};

extern const struct legend_row legend[];
extern const size_t legend_count;

#define LEGEND_TITLE "Marks on the board"

/* Appends the marks of a row, with blanks between the signs. */
void legend_mark(const struct legend_row *row, bool ascii, struct buf *out);
/* Appends the list for the manual, as mdoc. */
void legend_mdoc(struct buf *out);

#endif
