/* What the two halves of the Markdown reader share. */
#ifndef MOOT_MARKDOWN_PARTS_H
#define MOOT_MARKDOWN_PARTS_H

#include "markdown.h"

struct md_range {
    size_t start, end; /* bytes within the line */
};

/* Appends a span, or lengthens the last; nothing for plain text and for empty ranges. */
void md_emit(struct md_spans *out, enum md_kind kind, size_t start, size_t end);
/* Code, emphasis, links, cards and people in part of a line; the rest of it is of kind `base`.
 */
void md_inline(struct str line, struct md_range r, enum md_kind base, struct md_spans *out);

#endif
