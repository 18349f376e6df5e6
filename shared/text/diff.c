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
    COMMON_LEAST = 4,        /* lines that share less than the fourth part are not refined */
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

static size_t run_end(const struct side *s, size_t i)
{
    while (i < s->pieces.n && s->odd[i])
        i++;
    return i;
}

/* The stretch behind s, which is zeroed at first. */
static bool next_stretch(const struct pair *p, struct stretch *s)
{
    *s = (struct stretch){.from = s->from_end, .to = s->to_end};
    s->from_end = run_end(&p->from, s->from);
    s->to_end = run_end(&p->to, s->to);
    if (s->from_end > s->from || s->to_end > s->to)
        return true;
    s->is_same = true;
    size_t n = 0, most = MIN(p->from.pieces.n - s->from, p->to.pieces.n - s->to);
    while (n < most && !p->from.odd[s->from + n] && !p->to.odd[s->to + n])
        n++;
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

/* The same for words that were replaced on both sides of it, and only for spaces in a line. */
static void drop_blanks(struct pair *p)
{
    struct stretch s = {0};
    bool behind = false; /* something that was replaced */
    while (next_stretch(p, &s)) {
        bool is_blank = s.is_same && behind && s.from_end == s.from + 1 &&
                        kind_of((unsigned char)p->from.pieces.v[s.from].p[0]) == SPACE;
        behind = !s.is_same && s.from_end > s.from && s.to_end > s.to;
        struct stretch next = s;
        if (is_blank && next_stretch(p, &next) && next.from_end > next.from &&
            next.to_end > next.to)
            p->from.odd[s.from] = p->to.odd[s.to] = behind = true;
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

/* Of so many bytes that both begin with, those of whole words. */
static size_t whole_words(struct str a, struct str b, size_t n)
{
    bool cut = is_word_at(a, n) || is_word_at(b, n);
    while (cut && n > 0 && is_word_at(a, n - 1))
        n--;
    return n;
}

/* Lines that became other lines: word by word, unless they share little but small words. */
static void refine(struct str from, struct str to, struct op *out, int64_t *work)
{
    struct str old = from, new = to;
    size_t start = common_start(old, new), whole = whole_words(old, new, start);
    drop_start(&old, start);
    drop_start(&new, start);
    size_t end = common_end(old, new);
    old.n -= end;
    new.n -= end;
    struct pair p = {0};
    cut_up(&p.from, old, word_of);
    cut_up(&p.to, new, word_of);
    compare(&p, work);
    drop_chaff(&p);
    struct stretch s = {0};
    if (whole + common_bytes(&p) + end < MIN(from.n, to.n) / COMMON_LEAST) {
        op_delete(out, utf8_chars(from));
        op_insert(out, to);
    } else {
        op_skip(out, utf8_chars((struct str){from.p, start}));
        while (next_stretch(&p, &s))
            change(&p, &s, out);
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

static void change_lines(const struct pair *p, const struct stretch *s, struct op *out,
                         int64_t *work)
{
    struct str from = text_of(&p->from, s->from, s->from_end);
    struct str to = text_of(&p->to, s->to, s->to_end);
    if (s->is_same || !from.n || !to.n)
        change(p, s, out);
    else
        refine(from, to, out, work);
}

typedef void lines_fn(struct pair *p, struct op *out, int64_t *work);

static void diff_with(struct str from, struct str to, lines_fn *write, struct op *out)
{
    int64_t work = WORK;
    op_clear(out);
    op_skip(out, trim_first_lines(&from, &to));
    trim_last_lines(&from, &to);
    struct pair p = {0};
    cut_up(&p.from, from, line_of);
    cut_up(&p.to, to, line_of);
    compare(&p, &work);
    write(&p, out, &work);
    pair_finish(&p);
}

static void write_lines(struct pair *p, struct op *out, int64_t *work)
{
    struct stretch s = {0};
    while (next_stretch(p, &s))
        change_lines(p, &s, out, work);
}

void diff_op(struct str from, struct str to, struct op *out)
{
    diff_with(from, to, write_lines, out);
}

/* ---- by words ---- */

/* A run of pieces that only one side has, while its last piece is also the one in front of it,
 * could as well begin with that. `at` is where it stands in the other side. */
static void slide_run(struct side *s, size_t start, size_t end, const struct side *other,
                      size_t at)
{
    for (; start > 0 && at > 0 && !s->odd[start - 1] && !other->odd[at - 1] &&
           s->numbers.v[start - 1] == s->numbers.v[end - 1];
         start--, end--, at--) {
        s->odd[start - 1] = true;
        s->odd[end - 1] = false;
    }
}

static bool is_newline(const struct side *s, size_t i)
{
    return i < s->pieces.n && s->pieces.v[i].p[0] == '\n';
}

/* Lines that came or went come and go behind the end of the one that they follow: of the
 * newlines in a run and the one behind it, that is the first. */
static bool end_line(struct side *s, size_t start, size_t end)
{
    for (size_t i = start; i < end && is_newline(s, end); i++) {
        if (is_newline(s, i)) {
            s->odd[i] = false;
            s->odd[end] = true;
            return true;
        }
    }
    return false;
}

/* One of the two is the end of the other: words were put in front of it, or taken. */
static bool is_tail(const struct pair *p, const struct stretch *s)
{
    struct str from = text_of(&p->from, s->from, s->from_end);
    struct str to = text_of(&p->to, s->to, s->to_end);
    return from.n && to.n && common_end(from, to) == MIN(from.n, to.n);
}

static void slide(struct pair *p)
{
    struct stretch s = {0};
    while (next_stretch(p, &s)) {
        if (s.is_same || is_tail(p, &s) || end_line(&p->to, s.to, s.to_end) ||
            end_line(&p->from, s.from, s.from_end))
            continue;
        if (s.from == s.from_end)
            slide_run(&p->to, s.to, s.to_end, &p->from, s.from);
        else if (s.to == s.to_end)
            slide_run(&p->from, s.from, s.from_end, &p->to, s.to);
    }
}

/* Who only writes into words, or at their ends, takes nothing out; and the other way round. */
static void replace_or_add(struct str from, struct str to, struct op *out)
{
    struct str old = from, new = to;
    size_t start = common_start(old, new);
    drop_start(&old, start);
    drop_start(&new, start);
    size_t end = common_end(old, new);
    if (old.n == end || new.n == end) {
        replace(from, to, out);
    } else {
        op_delete(out, utf8_chars(from));
        op_insert(out, to);
    }
}

static void replace_words(struct str from, struct str to, struct op *out, int64_t *work)
{
    struct pair p = {0};
    struct stretch s = {0};
    cut_up(&p.from, from, word_of);
    cut_up(&p.to, to, word_of);
    compare(&p, work);
    drop_blanks(&p);
    slide(&p);
    while (next_stretch(&p, &s)) {
        struct str old = text_of(&p.from, s.from, s.from_end);
        if (s.is_same)
            op_skip(out, utf8_chars(old));
        else
            replace_or_add(old, text_of(&p.to, s.to, s.to_end), out);
    }
    pair_finish(&p);
}

static bool is_blank(const struct side *s, size_t first, size_t end)
{
    for (; first < end; first++)
        for (size_t i = 0; i < s->pieces.v[first].n; i++)
            if (!strchr(" \t\n", s->pieces.v[first].p[i]))
                return false;
    return true;
}

/* Beside lines that changed, blank ones are the same by chance. */
static void drop_blank_lines(struct pair *p)
{
    struct stretch s = {0};
    while (next_stretch(p, &s)) {
        if (!s.is_same || !is_blank(&p->from, s.from, s.from_end))
            continue;
        memset(p->from.odd + s.from, true, s.from_end - s.from);
        memset(p->to.odd + s.to, true, s.to_end - s.to);
    }
}

static void write_words(struct pair *p, struct op *out, int64_t *work)
{
    struct stretch s = {0};
    drop_blank_lines(p);
    slide(p);
    while (next_stretch(p, &s)) {
        struct str from = text_of(&p->from, s.from, s.from_end);
        struct str to = text_of(&p->to, s.to, s.to_end);
        if (s.is_same)
            op_skip(out, utf8_chars(from));
        else
            replace_words(from, to, out, work);
    }
}

void diff_op_words(struct str from, struct str to, struct op *out)
{
    diff_with(from, to, write_words, out);
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
