#include "roff.h"

enum { LINE_MAX_BYTES = 78 };

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

/* A word that ends in a dot, with a capital behind it: "etc. and so on" is one sentence. */
static bool ends_sentence(struct str word, struct str rest)
{
    return word.n && word.p[word.n - 1] == '.' && rest.n && rest.p[0] >= 'A' &&
           rest.p[0] <= 'Z';
}

void roff_sentences(struct buf *out, struct str s)
{
    size_t column = 0;
    while (s.n) {
        struct str word = str_cut(&s, ' ');
        bool breaks = ends_sentence(word, s);
        if (column && column + 1 + word.n > LINE_MAX_BYTES) {
            buf_add_c(out, '\n');
            column = 0;
        } else if (column) {
            buf_add_c(out, ' ');
        }
        roff_text(out, word);
        column += word.n + 1;
        if (breaks) {
            buf_add_c(out, '\n');
            column = 0;
        }
    }
    buf_add_c(out, '\n');
}
