/* What stands within a line. Every search forward either ends behind what it found, where
 * reading goes on, or is not made again in the same range: so the work is linear, with a factor
 * for how deep emphasis may be nested. */
#include "markdown_parts.h"

#include <string.h>

enum {
    DEPTH_MAX = 4,     /* emphasis in emphasis; deeper marks are text */
    RUN_MAX = 32,      /* longer runs of backticks are text */
    NUMBER_DIGITS = 9, /* of a card */
};

enum mark { MARK_STAR, MARK_LINE, MARK_TILDE, MARKS };

/* Part of a line that is read from its start to its end. */
struct reader {
    struct str line;
    size_t at, end;
    size_t plain; /* what lies between it and `at` is of kind `base` yet */
    enum md_kind base;
    int depth;
    struct md_spans *out;
    uint32_t no_code;             /* bit n: no run of n + 1 backticks is further on */
    unsigned char no_mark[MARKS]; /* bit n: no run of the mark that closes n is further on */
};

static void read_all(struct reader *r);

static char peek(const struct reader *r, size_t i)
{
    return i < r->end ? r->line.p[i] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters of any script: what is not ASCII counts as one. */
static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\0';
}

static char before(const struct reader *r, size_t i)
{
    return i > 0 ? r->line.p[i - 1] : '\0';
}

static size_t run_at(const struct reader *r, size_t i)
{
    size_t n = 0;
    while (i + n < r->end && r->line.p[i + n] == r->line.p[i])
        n++;
    return n;
}

/* Emits what is in front of `at` and then a span up to `end`. */
static void take(struct reader *r, enum md_kind kind, size_t end)
{
    md_emit(r->out, r->base, r->plain, r->at);
    md_emit(r->out, kind, r->at, end);
    r->at = r->plain = end;
}

/* ---- code ---- */

/* Behind the code that a run of backticks at i opens; 0 when nothing closes it. */
static size_t code_end(struct reader *r, size_t i)
{
    size_t n = run_at(r, i);
    if (n > RUN_MAX || (r->no_code >> (n - 1) & 1))
        return 0;
    for (size_t j = i + n; j < r->end;) {
        const char *tick = memchr(r->line.p + j, '`', r->end - j);
        if (!tick)
            break;
        j = (size_t)(tick - r->line.p);
        size_t m = run_at(r, j);
        if (m == n)
            return j + m;
        j += m;
    }
    r->no_code |= UINT32_C(1) << (n - 1);
    return 0;
}

static bool read_code(struct reader *r)
{
    size_t end = code_end(r, r->at);
    if (end > 0)
        take(r, MD_CODE, end);
    else
        r->at += run_at(r, r->at);
    return true;
}

/* ---- emphasis ---- */

static enum mark mark_of(char c)
{
    return c == '*' ? MARK_STAR : c == '_' ? MARK_LINE : MARK_TILDE;
}

/* How much of a run of n closes what was opened by `want`; a run of three may close one and two
 * at once. */
static bool closes(const struct reader *r, size_t i, size_t n, size_t want)
{
    bool is_joined = r->line.p[i] == '_' && is_word(peek(r, i + n));
    return !is_space(before(r, i)) && !is_joined && (n == want || (want < 3 && n == 3));
}

/* Where the run that closes what `want` marks opened begins, from i on; 0: nowhere. */
static size_t closer(struct reader *r, size_t i, char c, size_t want)
{
    unsigned char *none = &r->no_mark[mark_of(c)];
    if (*none >> want & 1)
        return 0;
    while (i < r->end) {
        char now = r->line.p[i];
        size_t n = now == c || now == '`' ? run_at(r, i) : 1;
        size_t code = now == '`' ? code_end(r, i) : 0;
        if (now == c && closes(r, i, n, want))
            return i + n - want;
        if (now == '\\')
            n = 2;
        i = code > 0 ? code : i + n;
    }
    *none |= (unsigned char)(1 << want);
    return 0;
}

static enum md_kind kind_of(const struct reader *r, char c, size_t n)
{
    if (r->base == MD_HEADING || r->base == MD_DONE_TEXT)
        return r->base; /* that says more */
    return c == '~' ? MD_STRUCK : n == 1 ? MD_EMPHASIS : MD_STRONG;
}

static bool read_emphasis(struct reader *r)
{
    size_t n = run_at(r, r->at), inner = r->at + n;
    char c = r->line.p[r->at];
    bool opens = (c == '~' ? n == 2 : n <= 3) && !is_space(peek(r, inner)) &&
                 !(c == '_' && is_word(before(r, r->at)));
    size_t end = opens && r->depth < DEPTH_MAX ? closer(r, inner, c, n) : 0;
    if (end == 0) {
        r->at = inner;
        return true;
    }
    take(r, MD_MARKUP, inner);
    struct reader within = {.line = r->line,
                            .at = inner,
                            .end = end,
                            .plain = inner,
                            .base = kind_of(r, c, n),
                            .depth = r->depth + 1,
                            .out = r->out};
    read_all(&within);
    r->at = r->plain = end;
    take(r, MD_MARKUP, end + n);
    return true;
}

/* ---- links ---- */

/* The first of some characters from i on, or the end. */
static size_t find_any(const struct reader *r, size_t i, const char *any)
{
    while (i < r->end && !(r->line.p[i] && strchr(any, r->line.p[i])))
        i++;
    return i;
}

/* [text](address): neither holds brackets, so a search stops at the next one. */
static bool read_link(struct reader *r)
{
    size_t close = find_any(r, r->at + 1, "[]");
    if (peek(r, close) != ']' || peek(r, close + 1) != '(') {
        r->at++;
        return true;
    }
    size_t end = find_any(r, close + 2, ")[ \t");
    if (peek(r, end) != ')') {
        r->at++;
        return true;
    }
    take(r, MD_MARKUP, r->at + 1);
    take(r, MD_LINK, close);
    take(r, MD_MARKUP, end + 1);
    return true;
}

static bool starts(const struct reader *r, const char *word)
{
    size_t n = strlen(word);
    return r->end - r->at > n && memcmp(r->line.p + r->at, word, n) == 0;
}

/* What ends a sentence is not part of an address in it; a ')' is when it was opened there. */
static size_t trim_address(const struct reader *r, size_t start, size_t end)
{
    int open = 0;
    for (size_t i = start; i < end; i++)
        open += (r->line.p[i] == '(') - (r->line.p[i] == ')');
    for (; end > start; end--) {
        char c = r->line.p[end - 1];
        if (c == ')' && open < 0)
            open++;
        else if (!strchr(".,;:!?'", c))
            break;
    }
    return end;
}

static bool read_address(struct reader *r)
{
    if (is_word(before(r, r->at)))
        return false;
    size_t scheme = starts(r, "https://") ? 8 : starts(r, "http://") ? 7 : 0;
    size_t start = r->at + scheme;
    size_t end = scheme ? trim_address(r, start, find_any(r, start, " \t<>\"`")) : start;
    if (end == start)
        return false;
    take(r, MD_LINK, end);
    return true;
}

/* ---- cards and people ---- */

static bool read_card(struct reader *r)
{
    size_t end = r->at + 1;
    while (is_digit(peek(r, end)) && end - r->at <= NUMBER_DIGITS)
        end++;
    char c = before(r, r->at);
    if (end == r->at + 1 || is_word(c) || c == '#' || c == '&' || is_word(peek(r, end)) ||
        peek(r, r->at + 1) == '0')
        return false;
    take(r, MD_CARD, end);
    return true;
}

static bool is_name(char c)
{
    return (unsigned char)c < 0x80 && (is_word(c) || c == '.' || c == '-');
}

static bool read_user(struct reader *r)
{
    size_t end = r->at + 1;
    while (is_name(peek(r, end)))
        end++;
    while (end > r->at + 1 && strchr(".-", r->line.p[end - 1]))
        end--; /* a name may end so, a sentence does more often */
    char first = peek(r, r->at + 1), c = before(r, r->at);
    if (end == r->at + 1 || end > r->at + 33 || first == '.' || first == '-' || is_word(c) ||
        c == '@' || c == '/')
        return false;
    take(r, MD_USER, end);
    return true;
}

/* ---- all of it ---- */

static bool read_one(struct reader *r)
{
    switch (r->line.p[r->at]) {
    case '\\':
        r->at++;
        return false;
    case '`':
        return read_code(r);
    case '*':
    case '_':
    case '~':
        return read_emphasis(r);
    case '[':
        return read_link(r);
    case 'h':
        return read_address(r);
    case '#':
        return read_card(r);
    case '@':
        return read_user(r);
    }
    return false;
}

static void read_all(struct reader *r)
{
    while (r->at < r->end)
        if (!read_one(r))
            r->at++;
    r->at = r->end;
    take(r, MD_PLAIN, r->end);
}

void md_inline(struct str line, struct md_range range, enum md_kind base, struct md_spans *out)
{
    struct reader r = {.line = line,
                       .at = range.start,
                       .end = range.end,
                       .plain = range.start,
                       .base = base,
                       .out = out};
    if (range.start < range.end)
        read_all(&r);
}
