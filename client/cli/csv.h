/* Comma-separated values as spreadsheets write them (RFC 4180). */
#ifndef MOOT_CSV_H
#define MOOT_CSV_H

#include "err.h"

struct csv_row {
    struct str *v;
    size_t n, cap;
    size_t line; /* of the file, from 1, where it begins */
};

/* Reads the next row off *rest; false at the end, and with an error, which names the line,
 * where a quote is not closed or text follows a closing one. Lines end with LF or CRLF; empty
 * ones are passed over. *line counts; begin with 1. The row's values are in the arena or in the
 * text; free row->v. */
bool csv_next(struct str *rest, size_t *line, struct arena *a, struct csv_row *row,
              struct err *e);

#endif
