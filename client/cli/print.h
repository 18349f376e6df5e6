/* What goes to standard output: data, made safe for a terminal, or JSON Lines. */
#ifndef MOOT_PRINT_H
#define MOOT_PRINT_H

#include "msg.h"

struct print {
    struct buf bytes;
    bool json;
    struct err failed; /* the first write that failed; nothing is written after it */
};

/* Writes what is gathered. A reader that has gone is no error worth words: ERR_INTERRUPTED's
 * place is taken by a failed without text. */
bool print_flush(struct print *p);
/* Ends the output; false and e when not all of it could be written. */
bool print_end(struct print *p, struct err *e);

/* Words of our own. */
void print_fmt(struct print *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Somebody's text on one line, escaped; then blanks up to width columns (0: none). */
void print_text(struct print *p, struct str text, int width);
/* Somebody's text; lines behind the first are indented, so that no text looks like another row.
 */
void print_lines(struct print *p, struct str text);
/* "2026-11-23 20:39:42" in local time. */
void print_time(struct print *p, int64_t ms);

/* " name=value" of one field of a message or part, on one line, escaped. */
void print_field(struct print *p, const struct field *f, const void *item);

/* One object on a line of its own with the fields of a part of a message, as the table names
 * them: every one of them, in the table's order. extra is put in front: "\"room\":\"#core\",".
 */
void print_json_item(struct print *p, const struct shape *shape, const void *item,
                     struct str extra);
/* The shape of the items of a message's list. */
const struct shape *print_shape(enum msg_type type, const char *list);

#endif
