#include "bounds.h"
#include "editor_parts.h"
#include "fold.h"
#include "utf8.h"

#include <stdlib.h>

/* What is looked for, prepared (Knuth, Morris and Pratt 1977). */
struct needle {
    uint32_t *chars;
    size_t *back; /* of so many characters that fit, how many are a beginning again */
    size_t n;
    bool folds;
};

/* Its search through a text. Matches end where a cluster does; whether they begin where one
 * does is kept for the last n + 1 positions. */
struct search {
    const struct needle *needle;
    struct walk walk;
    size_t fits; /* characters of the needle, up to here */
    bool *is_boundary;
};

static void needle_finish(struct needle *k)
{
    free(k->chars);
    free(k->back);
}

static void learn(struct needle *k)
{
    size_t fits = 0;
    k->back[1] = 0;
    for (size_t i = 1; i < k->n; i++) {
        while (fits > 0 && k->chars[i] != k->chars[fits])
            fits = k->back[fits];
        fits += k->chars[i] == k->chars[fits];
        k->back[i + 1] = fits;
    }
}

/* False when there is nothing to look for. */
static bool needle_init(struct needle *k, const struct editor *e)
{
    struct str s = buf_str(&e->find);
    *k = (struct needle){.folds = !e->find_case};
    if (s.n == 0)
        return false;
    k->chars = mem_new(s.n * sizeof *k->chars);
    k->back = mem_new((s.n + 1) * sizeof *k->back);
    uint32_t cp;
    for (size_t n; (n = utf8_next(s, &cp)) > 0; s = (struct str){s.p + n, s.n - n}) {
        k->chars[k->n++] = cp;
        k->folds = k->folds && fold_char(cp) == cp;
    }
    if (s.n > 0) {
        needle_finish(k);
        return false;
    }
    learn(k);
    return true;
}

static void search_begin(struct search *s, const struct needle *k, const struct rope *text,
                         size_t from)
{
    s->needle = k;
    s->fits = 0;
    s->is_boundary = mem_new((k->n + 1) * sizeof *s->is_boundary);
    walk_begin(&s->walk, text, from);
}

static void search_finish(struct search *s)
{
    free(s->is_boundary);
}

static void feed(struct search *s, uint32_t cp)
{
    const struct needle *k = s->needle;
    cp = k->folds ? fold_char(cp) : cp;
    while (s->fits > 0 && (s->fits == k->n || cp != k->chars[s->fits]))
        s->fits = k->back[s->fits];
    s->fits += cp == k->chars[s->fits];
}

static void feed_cluster(struct search *s)
{
    struct str rest = s->walk.bytes;
    size_t ring = s->needle->n + 1, pos = s->walk.pos - s->walk.chars;
    uint32_t cp;
    s->is_boundary[pos % ring] = true;
    for (size_t n; (n = utf8_next(rest, &cp)) > 0;) {
        feed(s, cp);
        rest = (struct str){rest.p + n, rest.n - n};
        if (++pos < s->walk.pos)
            s->is_boundary[pos % ring] = false;
    }
}

/* The next match that ends at `to` or in front of it; it may overlap the one before. */
static bool search_next(struct search *s, size_t to, struct span *found)
{
    size_t n = s->needle->n;
    while (s->walk.pos < to && walk_next(&s->walk) && s->walk.pos <= to) {
        feed_cluster(s);
        size_t end = s->walk.pos;
        if (s->fits == n && s->is_boundary[(end - n) % (n + 1)]) {
            *found = (struct span){end - n, end};
            return true;
        }
    }
    return false;
}

static bool first_in(const struct needle *k, const struct rope *text, size_t from, size_t to,
                     struct span *found)
{
    struct search s;
    search_begin(&s, k, text, from);
    bool is_found = search_next(&s, to, found);
    search_finish(&s);
    return is_found;
}

static bool last_of_window(const struct needle *k, const struct rope *text, size_t from,
                           size_t to, struct span *found)
{
    struct search s;
    bool is_found = false;
    search_begin(&s, k, text, from);
    while (search_next(&s, to, found))
        is_found = true;
    search_finish(&s);
    return is_found;
}

/* From the end on, so that a match nearby is found soon. */
static bool last_before(const struct needle *k, const struct rope *text, size_t to,
                        struct span *found)
{
    size_t window = MAX(4 * k->n, 16 * 1024);
    for (;;) {
        size_t from = text_floor(text, to > window ? to - window : 0);
        if (last_of_window(k, text, from, to, found))
            return true;
        if (from == 0)
            return false;
        to = MIN(from + k->n, rope_chars(text));
    }
}

static bool find_from(const struct needle *k, const struct rope *text, size_t pos, bool back,
                      struct span *found)
{
    size_t chars = rope_chars(text);
    if (back)
        return last_before(k, text, MIN(pos, chars), found) ||
               last_before(k, text, chars, found);
    size_t from = text_ceil(text, pos);
    return first_in(k, text, from, chars, found) ||
           first_in(k, text, 0, MIN(from + k->n, chars), found);
}

bool editor_find(const struct editor *e, const struct rope *text, size_t pos, bool back,
                 size_t *start, size_t *end)
{
    struct needle k;
    struct span found = {0};
    if (!needle_init(&k, e))
        return false;
    bool is_found = find_from(&k, text, pos, back, &found);
    needle_finish(&k);
    if (is_found) {
        *start = found.start;
        *end = found.end;
    }
    return is_found;
}

bool editor_match(const struct editor *e, const struct rope *text, size_t from, size_t to,
                  size_t *start, size_t *end)
{
    struct needle k;
    struct span found = {0};
    if (!needle_init(&k, e))
        return false;
    bool is_found =
        first_in(&k, text, text_ceil(text, from), MIN(to, rope_chars(text)), &found);
    needle_finish(&k);
    if (is_found) {
        *start = found.start;
        *end = found.end;
    }
    return is_found;
}

/* ---- verbs ---- */

bool editor_go_to_match(struct editor *e, bool back, struct editor_at *at)
{
    struct span s = at_span(at);
    e->selecting = false;
    return editor_find(e, at->text, back ? s.start : s.end, back, &at->anchor, &at->caret);
}

static bool is_match(const struct editor *e, const struct rope *text, struct span s)
{
    struct span found;
    return s.start < s.end && editor_match(e, text, s.start, s.end, &found.start, &found.end) &&
           found.start == s.start && found.end == s.end;
}

/* The next match behind what is replaced, or from the start up to there. */
static bool match_besides(const struct editor *e, const struct rope *text, struct span s,
                          struct span *found)
{
    return editor_match(e, text, s.end, rope_chars(text), &found->start, &found->end) ||
           editor_match(e, text, 0, s.start, &found->start, &found->end);
}

bool editor_replace(struct editor *e, struct editor_at *at, struct op *out)
{
    struct span s = at_span(at), next;
    if (!is_match(e, at->text, s))
        return editor_go_to_match(e, false, at);
    bool goes_on = match_besides(e, at->text, s, &next);
    e->selecting = false;
    at_replace(at, s, buf_str(&e->replace), out);
    if (goes_on) {
        size_t by = next.start >= s.end ? at->caret - s.end : 0; /* may wrap, and back */
        at->anchor = next.start + by;
        at->caret = next.end + by;
    }
    return true;
}

/* Gives where the caret is afterwards: behind as many replacements as before. What would make
 * the text too long is not worth finishing: it will not be taken. */
static size_t replace_matches(const struct needle *k, const struct rope *text, struct str with,
                              size_t caret, struct op *out, size_t *count)
{
    struct search s;
    struct span found;
    size_t chars = rope_chars(text), done = 0, result = chars, more = utf8_chars(with);
    size_t at = caret;
    search_begin(&s, k, text, 0);
    while (result <= NOTE_MAX && search_next(&s, chars, &found)) {
        s.fits = 0;
        ++*count;
        op_skip(out, found.start - done);
        op_insert(out, with);
        op_delete(out, k->n);
        done = found.end;
        result = result - k->n + more;
        if (found.end <= caret)
            at = at - k->n + more;
        else if (found.start < caret)
            at -= caret - found.start;
    }
    search_finish(&s);
    return at;
}

bool editor_replace_all(struct editor *e, struct editor_at *at, struct op *out)
{
    struct needle k;
    if (!needle_init(&k, e))
        return false;
    e->replaced = 0;
    size_t caret =
        replace_matches(&k, at->text, buf_str(&e->replace), at->caret, out, &e->replaced);
    needle_finish(&k);
    if (op_is_empty(out))
        return false;
    e->selecting = false;
    at->caret = at->anchor = caret;
    return true;
}
