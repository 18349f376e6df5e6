#include "words.h"

#include "fold.h"
#include "utf8.h"

static size_t decode(const struct words *w, uint32_t *cp)
{
    return utf8_next((struct str){w->text.p + w->at, w->text.n - w->at}, cp);
}

/* False when there is no room for it. */
static bool add(struct word *out, uint32_t cp)
{
    if (cp < 0x80 && out->n < WORD_MAX) {
        out->folded[out->n++] = (char)fold_char(cp);
        return true;
    }
    uint32_t plain[FOLD_MAX];
    char bytes[4 * FOLD_MAX];
    size_t n = 0, chars = fold_plain(cp, plain);
    for (size_t i = 0; i < chars; i++)
        if (fold_is_word(plain[i]))
            n += utf8_put(bytes + n, plain[i]);
    if (out->n + n > WORD_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        out->folded[out->n++] = bytes[i];
    return true;
}

bool words_next(struct words *w, struct word *out)
{
    out->n = 0;
    while (w->at < w->text.n) {
        uint32_t cp = 0;
        size_t n = decode(w, &cp);
        bool is_word = n && fold_is_word(cp);
        bool is_single = is_word && cp >= 0x80 && fold_is_single(cp);
        if (out->n && (!is_word || is_single))
            return true;
        if (is_word && out->n == 0)
            out->from = w->at;
        if (is_word && !add(out, cp))
            return true;
        w->at += n ? n : 1;
        out->to = w->at;
        if (is_single && out->n)
            return true;
    }
    return out->n > 0;
}

void words_print(struct buf *out, struct str text)
{
    struct words w = {text, 0};
    struct word word;
    for (bool first = true; words_next(&w, &word); first = false) {
        if (!first)
            buf_add_c(out, ' ');
        buf_add(out, word.folded, word.n);
    }
}
