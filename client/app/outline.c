#include "outline.h"

#include "markdown.h"
#include "utf8.h"

#include <stdlib.h>

enum { TITLE_CHARS = 512 }; /* of the line of a heading that are looked at */

void outline_of(const struct rope *text, struct outline *out)
{
    struct md_state state = {0};
    struct buf all = {0};
    struct heading h = {0};
    struct str title;
    out->v.n = 0;
    rope_read(text, 0, rope_chars(text), &all);
    struct str rest = buf_str(&all);
    while (rest.n && out->v.n < HEADINGS_MAX) {
        struct str line = str_cut(&rest, '\n');
        h.level = markdown_heading(line, &state, &title);
        if (h.level)
            vec_push(&out->v, h);
        h.pos += utf8_chars(line) + 1;
        h.line++;
    }
    buf_finish(&all);
}

void outline_finish(struct outline *o)
{
    vec_finish(&o->v);
}

size_t outline_at(const struct outline *o, size_t pos)
{
    size_t low = 0, high = o->v.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (o->v.v[mid].pos <= pos)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? low - 1 : SIZE_MAX;
}

void outline_title(const struct rope *text, const struct heading *h, struct buf *out)
{
    struct md_state state = {0};
    struct str title = {0};
    struct buf line = {0};
    size_t end = rope_line_end(text, h->line);
    rope_read(text, h->pos, MIN(end - h->pos, (size_t)TITLE_CHARS), &line);
    if (markdown_heading(buf_str(&line), &state, &title))
        buf_add_str(out, title);
    buf_finish(&line);
}
