/* Texts are cut into pieces, lines first, then words within the lines that were changed; equal
 * pieces get equal numbers, and lcs() says which ones are common. Nothing depends on how good
 * that is but the size of the result. */
#include "diff.h"

#include "lcs.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    WORK = 60 * 1000 * 1000, /* comparisons for one difference */
    COMMON_LEAST = 4,        /* lines that share less than the fourth part are not refined, */
    COMMON_BESIDE = 2,       /* or than half, where somebody else changed them too */
    SLOTS_LEAST = 64,
    PROBES = 64,
};

struct side {
    VEC(struct str) pieces; /* one behind the other, nothing between */
    VEC(uint32_t) numbers;
    bool *odd;
};

struct pair {
    struct side from, to;
    VEC(struct str) kinds; /* a piece for each number */
    uint32_t *slots;       /* open hash of kinds: number + 1, or 0 */
    size_t slots_n;        /* a power of two */
};

/* ---- pieces ---- */

typedef size_t piece_fn(struct str text); /* length of the first piece of a text */

/* With its newline. */
static size_t line_of(struct str text)
{
    const char *end = memchr(text.p, '\n', text.n);
    return end ? (size_t)(end - text.p) + 1 : text.n;
}

enum word_kind { WORD, SPACE, SINGLE };

/* From U+3000 on, where most scripts put no space between words, each code point is one. */
static enum word_kind kind_of(unsigned char c)
{
    if (c == ' ' || c == '\t')
        return SPACE;
    bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    bool is_digit = c >= '0' && c <= '9';
    return is_letter || is_digit || (c >= 0x80 && c < 0xe3) ? WORD : SINGLE;
}

static size_t word_of(struct str text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    enum word_kind kind = kind_of(p[0]);
    size_t n = 1;
    if (kind == SINGLE && p[0] < 0x80)
        return n;
    if (kind == SINGLE) {
        while (n < text.n && (p[n] & 0xc0) == 0x80)
            n++;
        return n;
    }
    while (n < text.n && kind_of(p[n]) == kind)
        n++;
    return n;
}

static uint32_t hash_of(struct str s)
{
    uint64_t hash = s.n;
    for (; s.n >= 8; s.p += 8, s.n -= 8) {
        uint64_t word;
        memcpy(&word, s.p, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(hash >> 32);
}

/* Gives up in a table that somebody filled with pieces of one hash: then equal pieces count as
 * different, and the result is larger. */
static uint32_t number_of(struct pair *p, struct str piece)
{
    size_t hash = hash_of(piece);
    for (size_t i = 0; i < PROBES; i++) {
        uint32_t *slot = &p->slots[(hash + i) & (p->slots_n - 1)];
        if (*slot == 0) {
            vec_push(&p->kinds, piece);
            *slot = (uint32_t)p->kinds.n;
        }
        if (str_eq(p->kinds.v[*slot - 1], piece))
            return *slot - 1;
    }
    vec_push(&p->kinds, piece);
    return (uint32_t)p->kinds.n - 1;
}

static void cut_up(struct side *s, struct str text, piece_fn *piece_of)
{
    while (text.n > 0) {
        struct str piece = {text.p, piece_of(text)};
        vec_push(&s->pieces, piece);
        text.p += piece.n;
        text.n -= piece.n;
    }
}

static struct lcs_side number(struct pair *p, struct side *s)
{
    vec_each (piece, &s->pieces)
        vec_push(&s->numbers, number_of(p, *piece));
    s->odd = mem_new(s->pieces.n + 1);
    return (struct lcs_side){s->numbers.v, s->odd, s->pieces.n};
}

/* The pieces are there; finds what they have in common. */
static void compare(struct pair *p, int64_t *work)
{
    size_t n = p->from.pieces.n + p->to.pieces.n;
    for (p->slots_n = SLOTS_LEAST; p->slots_n < n * 2;)
        p->slots_n *= 2;
    p->slots = mem_new(p->slots_n * sizeof *p->slots);
    struct lcs_side from = number(p, &p->from), to = number(p, &p->to);
    lcs(from, to, p->kinds.n, work);
}

static void side_finish(struct side *s)
{
    vec_finish(&s->pieces);
    vec_finish(&s->numbers);
    free(s->odd);
}

static void pair_finish(struct pair *p)
{
    side_finish(&p->from);
    side_finish(&p->to);
    vec_finish(&p->kinds);
    free(p->slots);
}

/* ---- stretches ---- */

/* Pieces that are the same in both, or what came out and what went in between such. */
struct stretch {
    size_t from, from_end, to, to_end; /* numbers of pieces */
    bool is_same;
};

static size_t run_end(const struct side *s, size_t i, bool odd)
{
    while (i < s->pieces.n && s->odd[i] == odd)
        i++;
    return i;
}

/* The stretch behind s, which is zeroed at first. */
static bool next_stretch(const struct pair *p, struct stretch *s)
{
    *s = (struct stretch){.from = s->from_end, .to = s->to_end};
    s->from_end = run_end(&p->from, s->from, true);
    s->to_end = run_end(&p->to, s->to, true);
    if (s->from_end > s->from || s->to_end > s->to)
        return true;
    s->is_same = true;
    size_t n =
        MIN(run_end(&p->from, s->from, false) - s->from, run_end(&p->to, s->to, false) - s->to);
    s->from_end += n;
    s->to_end += n;
    return n > 0;
}

static struct str text_of(const struct side *s, size_t first, size_t end)
{
    if (first == end)
        return (struct str){0};
    const struct str *last = &s->pieces.v[end - 1];
    const char *p = s->pieces.v[first].p;
    return (struct str){p, (size_t)(last->p + last->n - p)};
}

/* ---- the operation ---- */

static bool is_inside(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t common_start(struct str a, struct str b)
{
    size_t n = 0, most = MIN(a.n, b.n);
    while (n < most && a.p[n] == b.p[n])
        n++;
    while (n > 0 && ((n < a.n && is_inside(a.p[n])) || (n < b.n && is_inside(b.p[n]))))
        n--;
    return n;
}

static size_t common_end(struct str a, struct str b)
{
    size_t n = 0, most = MIN(a.n, b.n);
    while (n < most && a.p[a.n - 1 - n] == b.p[b.n - 1 - n])
        n++;
    while (n > 0 && is_inside(a.p[a.n - n]))
        n--;
    return n;
}

/* An empty text may have no address at all, to which nothing may be added either. */
static void drop_start(struct str *s, size_t n)
{
    s->p = n > 0 ? s->p + n : s->p;
    s->n -= n;
}

/* Passes over what both begin with, takes off what both end with; gives the length of that. */
static size_t trim(struct str *from, struct str *to, struct op *out)
{
    size_t start = common_start(*from, *to);
    op_skip(out, utf8_chars((struct str){from->p, start}));
    drop_start(from, start);
    drop_start(to, start);
    size_t end = common_end(*from, *to);
    from->n -= end;
    to->n -= end;
    return end > 0 ? utf8_chars((struct str){from->p + from->n, end}) : 0;
}

static void replace(struct str from, struct str to, struct op *out)
{
    size_t tail = trim(&from, &to, out);
    op_delete(out, utf8_chars(from));
    op_insert(out, to);
    op_skip(out, tail);
}

static bool has_word(const struct side *s, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        unsigned char c = (unsigned char)s->pieces.v[i].p[0];
        if (kind_of(c) == WORD || c >= 0x80)
            return true;
    }
    return false;
}

/* Between two changes, spaces and commas that happen to be the same are no common ground:
 * keeping them would tear a sentence that was written anew. */
static void drop_chaff(struct pair *p)
{
    struct stretch s = {0};
    while (next_stretch(p, &s)) {
        bool is_inner = s.from > 0 && s.to > 0 && s.from_end < p->from.pieces.n &&
                        s.to_end < p->to.pieces.n;
        if (!s.is_same || !is_inner || has_word(&p->from, s.from, s.from_end))
            continue;
        memset(p->from.odd + s.from, true, s.from_end - s.from);
        memset(p->to.odd + s.to, true, s.to_end - s.to);
    }
}

static void change(const struct pair *p, const struct stretch *s, struct op *out)
{
    struct str from = text_of(&p->from, s->from, s->from_end);
    if (s->is_same)
        op_skip(out, utf8_chars(from));
    else
        replace(from, text_of(&p->to, s->to, s->to_end), out);
}

static size_t common_bytes(const struct pair *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->from.pieces.n; i++)
        n += p->from.odd[i] ? 0 : p->from.pieces.v[i].n;
    return n;
}

static bool is_word_at(struct str s, size_t i)
{
    return i < s.n && kind_of((unsigned char)s.p[i]) == WORD;
}

/* Of so many bytes that both begin with, or end with, those of whole words. */
static size_t whole_at_start(struct str a, struct str b, size_t n)
{
    bool cut = is_word_at(a, n) || is_word_at(b, n);
    while (cut && n > 0 && is_word_at(a, n - 1))
        n--;
    while (n > 0 && n < a.n && is_inside(a.p[n]))
        n--;
    return n;
}

static size_t whole_at_end(struct str a, struct str b, size_t n)
{
    bool cut = is_word_at(a, a.n - n - 1) || is_word_at(b, b.n - n - 1);
    while (cut && n > 0 && is_word_at(a, a.n - n))
        n--;
    return n;
}

/* To the last letter: who takes the old one out meanwhile takes nothing of the new one. */
static void replace_whole(struct str from, struct str to, struct op *out)
{
    op_delete(out, utf8_chars(from));
    op_insert(out, to);
}

/* Who else has changed the lines that became other lines. */
enum beside {
    NOBODY,
    SOMEBODY,
    GONE, /* somebody has taken lines of them out */
};

static void change_words(const struct pair *p, const struct stretch *s, enum beside who,
                         struct op *out)
{
    if (who == NOBODY || s->is_same)
        change(p, s, out);
    else
        replace_whole(text_of(&p->from, s->from, s->from_end),
                      text_of(&p->to, s->to, s->to_end), out);
}

/* Lines that became other lines: word by word, unless they share little but small words. */
static void refine(struct str from, struct str to, enum beside who, struct op *out,
                   int64_t *work)
{
    size_t start = common_start(from, to), whole = whole_at_start(from, to, start);
    start = who == NOBODY ? start : whole;
    struct str old = from, new = to;
    drop_start(&old, start);
    drop_start(&new, start);
    size_t end = common_end(old, new);
    end = who == NOBODY ? end : whole_at_end(old, new, end);
    old.n -= end;
    new.n -= end;
    struct pair p = {0};
    cut_up(&p.from, old, word_of);
    cut_up(&p.to, new, word_of);
    compare(&p, work);
    drop_chaff(&p);
    struct stretch s = {0};
    size_t least = MIN(from.n, to.n) / (who == NOBODY ? COMMON_LEAST : COMMON_BESIDE);
    if (whole + common_bytes(&p) + end < least) {
        replace_whole(from, to, out);
    } else {
        op_skip(out, utf8_chars((struct str){from.p, start}));
        while (next_stretch(&p, &s))
            change_words(&p, &s, who, out);
        op_skip(out, utf8_chars((struct str){from.p + (from.n - end), end}));
    }
    pair_finish(&p);
}

/* Takes off the whole lines that both begin with; gives how many code points they have. */
static size_t trim_first_lines(struct str *a, struct str *b)
{
    size_t n = common_start(*a, *b);
    const char *end = n ? memrchr(a->p, '\n', n) : NULL;
    n = end ? (size_t)(end - a->p) + 1 : 0;
    struct str same = {a->p, n};
    drop_start(a, n);
    drop_start(b, n);
    return utf8_chars(same);
}

static void trim_last_lines(struct str *a, struct str *b)
{
    size_t n = common_end(*a, *b);
    const char *start = n ? memchr(a->p + (a->n - n), '\n', n) : NULL;
    n = start ? (size_t)(a->p + a->n - start) - 1 : 0;
    a->n -= n;
    b->n -= n;
}

/* What somebody else changes: pieces of the text that go, in order; an empty one where
 * something comes. */
struct touched {
    struct str *v;
    size_t n, cap;
    size_t at; /* those before end before anything that is asked about */
};

static size_t bytes_of(struct str text, size_t chars)
{
    uint32_t cp;
    size_t n = 0;
    for (; chars > 0 && n < text.n; chars--)
        n += utf8_next((struct str){text.p + n, text.n - n}, &cp);
    return n;
}

static void learn_touched(struct str text, const struct op *o, struct touched *t)
{
    struct op_part part;
    struct op_at at = {0};
    while (o && op_next(o, &at, &part)) {
        size_t n = part.kind == OP_INSERT ? 0 : bytes_of(text, part.chars);
        if (part.kind != OP_SKIP)
            vec_push(t, (struct str){text.p, n});
        drop_start(&text, n);
    }
}

/* Who has changed this part of the text, which is lines? Asked for one part after the other. */
static enum beside who_changed(struct touched *t, struct str part)
{
    size_t n = 0;
    enum beside who = NOBODY;
    const char *part_end = part.p + part.n;
    while (t->at < t->n && t->v[t->at].p + t->v[t->at].n <= part.p)
        t->at++;
    for (size_t i = t->at; i < t->n && t->v[i].p < part_end; i++) {
        const char *start = MAX(t->v[i].p, part.p), *end = MIN(t->v[i].p + t->v[i].n, part_end);
        size_t gone = (size_t)(end - start);
        n += gone;
        who = SOMEBODY;
        if (n == part.n || memchr(start, '\n', gone))
            return GONE;
    }
    return who;
}

static void change_lines(const struct pair *p, const struct stretch *s, struct touched *t,
                         struct op *out, int64_t *work)
{
    struct str from = text_of(&p->from, s->from, s->from_end);
    struct str to = text_of(&p->to, s->to, s->to_end);
    bool replaced = !s->is_same && from.n && to.n;
    enum beside who = replaced ? who_changed(t, from) : NOBODY;
    if (!replaced)
        change(p, s, out);
    else if (who == GONE)
        replace_whole(from, to, out);
    else
        refine(from, to, who, out, work);
}

void diff_op_beside(struct str from, struct str to, const struct op *others, struct op *out)
{
    int64_t work = WORK;
    struct touched touched = {0};
    learn_touched(from, others, &touched);
    op_clear(out);
    op_skip(out, trim_first_lines(&from, &to));
    trim_last_lines(&from, &to);
    struct pair p = {0};
    cut_up(&p.from, from, line_of);
    cut_up(&p.to, to, line_of);
    compare(&p, &work);
    struct stretch s = {0};
    while (next_stretch(&p, &s))
        change_lines(&p, &s, &touched, out, &work);
    pair_finish(&p);
    vec_finish(&touched);
}

void diff_op(struct str from, struct str to, struct op *out)
{
    diff_op_beside(from, to, NULL, out);
}

/* ---- for people ---- */

/* The lines without newlines; behind the last newline there is one more, as in an editor. The
 * empty text has none. */
static void cut_lines(struct side *s, struct str text)
{
    if (text.n == 0)
        return;
    while (text.p)
        vec_push(&s->pieces, str_cut(&text, '\n'));
}

static void add_lines(struct diff_lines *out, const struct pair *p, const struct stretch *s)
{
    for (size_t i = s->from; i < s->from_end; i++) {
        size_t to = s->is_same ? s->to + (i - s->from) : s->to;
        enum diff_kind kind = s->is_same ? DIFF_SAME : DIFF_REMOVED;
        vec_push(&out->lines, (struct diff_line){kind, p->from.pieces.v[i], i, to});
    }
    for (size_t i = s->to; !s->is_same && i < s->to_end; i++)
        vec_push(&out->lines,
                 (struct diff_line){DIFF_ADDED, p->to.pieces.v[i], s->from_end, i});
}

void diff_lines(struct str from, struct str to, struct diff_lines *out)
{
    int64_t work = WORK;
    struct pair p = {0};
    cut_lines(&p.from, from);
    cut_lines(&p.to, to);
    compare(&p, &work);
    struct stretch s = {0};
    while (next_stretch(&p, &s))
        add_lines(out, &p, &s);
    pair_finish(&p);
}
