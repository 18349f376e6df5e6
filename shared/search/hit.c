#include "hit.h"

#include "utf8.h"
#include "words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- matching ---- */

/* A text goes by word for word; a term that stands for several words remembers how many of them
 * the newest words were, for each length at once: bit i is set when the last i + 1 words are
 * its first i + 1. */
struct state {
    uint32_t reached;
    size_t times;
};
static_assert(QUERY_WORDS_MAX <= 32, "a bit for each word of a term");

typedef void seen_fn(void *arg, size_t from, size_t to);

struct walk {
    const struct query *q;
    struct state terms[QUERY_TERMS_MAX];
    size_t starts[QUERY_WORDS_MAX]; /* of the newest words, by count modulo */
    size_t words;
    seen_fn *seen; /* each place of a term that is not negated */
    void *arg;
};

static bool is_word(const struct query_term *t, size_t i, const struct word *w)
{
    struct str want = t->words[i];
    bool is_begun = t->is_prefix && i + 1 == t->n;
    return (is_begun ? w->n >= want.n : w->n == want.n) &&
           memcmp(w->folded, want.p, want.n) == 0;
}

static void step(struct walk *k, size_t n, const struct word *w)
{
    const struct query_term *t = &k->q->terms[n];
    struct state *s = &k->terms[n];
    uint32_t next = 0;
    for (size_t i = 0; i < t->n; i++)
        if ((i == 0 || s->reached >> (i - 1) & 1) && is_word(t, i, w))
            next |= (uint32_t)1 << i;
    s->reached = next;
    if (!(next >> (t->n - 1) & 1))
        return;
    s->times++;
    if (k->seen && !t->negated)
        k->seen(k->arg, k->starts[(k->words - t->n) % QUERY_WORDS_MAX], w->to);
}

static void walk(struct walk *k, struct str text)
{
    struct words w = {text, 0};
    struct word word;
    while (words_next(&w, &word)) {
        k->starts[k->words++ % QUERY_WORDS_MAX] = word.from;
        for (size_t i = 0; i < k->q->terms_n; i++)
            step(k, i, &word);
    }
}

static bool asks(const struct query *q, enum query_key key)
{
    for (size_t i = 0; i < q->filters_n; i++)
        if (q->filters[i].key == key)
            return true;
    return false;
}

static bool passes(const struct query *q, const struct hit_text *t)
{
    const struct str none = {0};
    return query_allows(q, KEY_FROM, t->author, 0) &&
           query_allows(q, KEY_ON, none, t->number) &&
           query_allows(q, KEY_KIND, none, t->kind) &&
           query_allows(q, KEY_BEFORE, none, t->time) &&
           query_allows(q, KEY_AFTER, none, t->time) &&
           (!asks(q, KEY_HAS) || query_allows(q, KEY_HAS, none, has_of(t->text)));
}

/* Halves with each doubling of the length: what is short is about little else. */
static int64_t weight_of(size_t words)
{
    int64_t weight = 1000;
    for (size_t n = words; n > 8; n /= 2)
        weight = weight * 4 / 5;
    return weight;
}

static bool has_words(const struct walk *k)
{
    for (size_t i = 0; i < k->q->terms_n; i++)
        if ((k->terms[i].times > 0) == k->q->terms[i].negated)
            return false;
    return true;
}

bool hit_has_words(const struct query *q, struct str text)
{
    struct walk k = {.q = q};
    walk(&k, text);
    return has_words(&k);
}

int64_t hit_score(const struct query *q, const struct hit_text *t)
{
    struct walk k = {.q = q};
    int64_t times = 0;
    if (!passes(q, t))
        return 0;
    walk(&k, t->text);
    if (!has_words(&k))
        return 0;
    for (size_t i = 0; i < q->terms_n; i++)
        times += (int64_t)MIN(k.terms[i].times, (size_t)4);
    return (times + 1) * weight_of(k.words) * (t->is_title ? 2 : 1) / 4 + 1;
}

/* ---- excerpts ---- */

enum { LEAD_CHARS = 60 }; /* in front of the first mark */

struct place {
    size_t from, to; /* bytes */
};
struct places {
    struct place v[MARKS_MAX];
    size_t n;
};

static void add_place(void *arg, size_t from, size_t to)
{
    struct places *p = arg;
    for (; p->n && from < p->v[p->n - 1].to; p->n--) { /* over each other: one mark */
        from = MIN(from, p->v[p->n - 1].from);
        to = MAX(to, p->v[p->n - 1].to);
    }
    if (p->n < MARKS_MAX)
        p->v[p->n++] = (struct place){from, to};
}

/* So many code points in front of byte `at`, or the first of the text. */
static size_t back(struct str text, size_t at, size_t chars)
{
    while (at > 0 && chars > 0) {
        at--;
        while (at > 0 && ((unsigned char)text.p[at] & 0xc0) == 0x80)
            at--;
        chars--;
    }
    return at;
}

static size_t start_of(struct str text, const struct places *p)
{
    size_t first = p->n ? p->v[0].from : 0, at = back(text, first, LEAD_CHARS);
    size_t word = at;
    if (at == 0)
        return 0;
    while (word < first && text.p[word] != ' ' && text.p[word] != '\n')
        word++;
    return word < first ? word + 1 : at;
}

static void put_char(struct buf *out, struct str text, size_t at, size_t n, uint32_t cp)
{
    bool is_odd = n == 0 || cp == '\n' || cp == '\t' || utf8_is_unsafe(cp);
    if (is_odd)
        buf_add_c(out, ' ');
    else
        buf_add(out, text.p + at, n);
}

/* Puts the text from `at` on and moves the marks along. */
static void put_window(struct hit *h, struct str text, size_t at, const struct places *p)
{
    size_t chars = at > 0, next = 0;
    if (at > 0)
        buf_add_str(&h->excerpt, STR("…"));
    while (at < text.n && chars < EXCERPT_CHARS_MAX - 1) {
        uint32_t cp = 0;
        size_t n = utf8_next((struct str){text.p + at, text.n - at}, &cp);
        if (next < p->n && at == p->v[next].from)
            h->marks[h->marks_n++] = (struct hit_mark){chars, 0};
        if (h->marks_n > next)
            h->marks[next].n = chars + 1 - h->marks[next].at;
        put_char(&h->excerpt, text, at, n, cp);
        at += n ? n : 1;
        chars++;
        next += h->marks_n > next && at >= p->v[next].to;
    }
    if (at < text.n)
        buf_add_str(&h->excerpt, STR("…"));
}

void hit_excerpt(struct hit *h, const struct query *q, struct str text)
{
    struct places p = {0};
    struct walk k = {.q = q, .seen = add_place, .arg = &p};
    buf_clear(&h->excerpt);
    h->marks_n = 0;
    walk(&k, text);
    put_window(h, text, start_of(text, &p), &p);
}

void hit_finish(struct hit *h)
{
    buf_finish(&h->excerpt);
}

/* ---- tags ---- */

/* A name as one word of letters and digits, no two names as the same. */
static void put_name(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if ((c >= 'a' && c <= 'y') || (c >= '0' && c <= '9'))
            buf_add_c(out, c);
        else
            buf_fmt(out, "z%02x", (unsigned char)c);
    }
}

void hit_tag(struct buf *out, const struct query_filter *f)
{
    if (f->key == KEY_FROM) {
        buf_add_c(out, 'f');
        put_name(out, f->value);
    } else if (f->key == KEY_ON) {
        buf_fmt(out, "n%lld", (long long)f->number);
    } else if (f->key == KEY_KIND) {
        buf_fmt(out, "k%s", found_name((enum found_kind)f->number));
    } else {
        bug_on(f->key != KEY_HAS);
        buf_fmt(out, "h%s", has_name((unsigned)f->number));
    }
}

void hit_tags(struct buf *out, const struct hit_text *t)
{
    unsigned has = has_of(t->text);
    hit_tag(out, &(struct query_filter){.key = KEY_KIND, .number = t->kind});
    buf_add_c(out, ' ');
    hit_tag(out, &(struct query_filter){.key = KEY_FROM, .value = t->author});
    if (t->number) {
        buf_add_c(out, ' ');
        hit_tag(out, &(struct query_filter){.key = KEY_ON, .number = t->number});
    }
    for (unsigned bit = 1; bit < HAS_END; bit *= 2)
        if (has & bit) {
            buf_add_c(out, ' ');
            hit_tag(out, &(struct query_filter){.key = KEY_HAS, .number = bit});
        }
}
