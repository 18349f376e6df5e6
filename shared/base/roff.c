#include "roff.h"

static void add_char(struct buf *out, char c, bool at_line_start)
{
    if (at_line_start && (c == '.' || c == '\''))
        buf_add_str(out, STR("\\&"));
    if (c == '\\')
        buf_add_str(out, STR("\\e"));
    else
        buf_add_c(out, c);
}

void roff_text(struct buf *out, struct str s)
{
    bool at_start = out->n == 0 || out->p[out->n - 1] == '\n';
    for (size_t i = 0; i < s.n; i++) {
        add_char(out, s.p[i], at_start);
        at_start = s.p[i] == '\n';
    }
}

/* A capital behind the dot: "etc. and so on" is one sentence. */
static bool ends_sentence(struct str s, size_t space)
{
    return space > 0 && s.p[space] == ' ' && s.p[space - 1] == '.' && space + 1 < s.n &&
           s.p[space + 1] >= 'A' && s.p[space + 1] <= 'Z';
}

void roff_sentences(struct buf *out, struct str s)
{
    bool at_start = true;
    for (size_t i = 0; i < s.n; i++) {
        bool ends = ends_sentence(s, i);
        if (ends)
            buf_add_c(out, '\n');
        else
            add_char(out, s.p[i], at_start);
        at_start = ends;
    }
    buf_add_c(out, '\n');
}
