/* What a line is as a whole: CommonMark's blocks, as far as one line tells. */
#include "markdown_parts.h"

#include <string.h>

enum { HEADING_INDENT = 3 }; /* columns; what stands further right is code */

void md_emit(struct md_spans *out, enum md_kind kind, size_t start, size_t end)
{
    struct md_span *last = out->spans.n ? &out->spans.v[out->spans.n - 1] : NULL;
    if (kind == MD_PLAIN || start == end)
        return;
    if (last && last->kind == kind && last->end == start)
        last->end = end;
    else
        vec_push(&out->spans, (struct md_span){kind, start, end});
}

static char at(struct str s, size_t i)
{
    return i < s.n ? s.p[i] : '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t skip_blanks(struct str s, size_t i)
{
    while (is_blank(at(s, i)))
        i++;
    return i;
}

static size_t run_of(struct str s, size_t i, char c)
{
    size_t n = 0;
    while (i + n < s.n && s.p[i + n] == c)
        n++;
    return n;
}

/* ---- fences ---- */

/* A fence that opens: three or more, and no backtick behind backticks. */
static bool opens_fence(struct str s, struct md_state *state)
{
    size_t i = skip_blanks(s, 0);
    char c = at(s, i);
    if (c != '`' && c != '~')
        return false;
    size_t n = run_of(s, i, c);
    if (n < 3 || (c == '`' && str_has((struct str){s.p + i + n, s.n - i - n}, '`')))
        return false;
    struct str info = str_trim((struct str){s.p + i + n, s.n - i - n});
    size_t word = 0;
    while (word < info.n && !is_blank(info.p[word]))
        word++;
    *state = (struct md_state){.in_fence = true,
                               .fence = c,
                               .fence_n = n,
                               .lang = code_language((struct str){info.p, word})};
    return true;
}

static bool closes_fence(struct str s, const struct md_state *state)
{
    size_t i = skip_blanks(s, 0), n = run_of(s, i, state->fence);
    return n >= state->fence_n && skip_blanks(s, i + n) == s.n;
}

/* Reads what concerns fences and gives the kind of the whole line; plain: it is in none. */
static enum md_kind fence_line(struct str line, struct md_state *state)
{
    if (!state->in_fence)
        return opens_fence(line, state) ? MD_FENCE : MD_PLAIN;
    if (!closes_fence(line, state))
        return MD_CODE;
    *state = (struct md_state){0};
    return MD_FENCE;
}

static void emit_code(void *arg, enum code_kind kind, size_t start, size_t end)
{
    static const enum md_kind kinds[] = {
        [CODE_PLAIN] = MD_CODE,      [CODE_KEYWORD] = MD_KEYWORD, [CODE_STRING] = MD_STRING,
        [CODE_COMMENT] = MD_COMMENT, [CODE_NUMBER] = MD_NUMBER,   [CODE_ADDED] = MD_ADDED,
        [CODE_REMOVED] = MD_REMOVED,
    };
    md_emit(arg, kinds[kind], start, end);
}

struct str markdown_address(struct str line, const struct md_spans *spans, size_t i)
{
    const struct md_span *s = &spans->spans.v[i];
    struct str text = {line.p + s->start, s->end - s->start};
    if (i + 1 == spans->spans.n || s[1].kind != MD_MARKUP || s[1].start != s->end)
        return text;
    struct str mark = {line.p + s[1].start, s[1].end - s[1].start};
    const char *close = str_starts(mark, "](") ? memchr(mark.p, ')', mark.n) : NULL;
    size_t n = close ? (size_t)(close - mark.p) : 0;
    return n > 2 ? (struct str){mark.p + 2, n - 2} : text;
}

void markdown_skip(struct str line, struct md_state *state)
{
    if (fence_line(line, state) == MD_CODE)
        code_line(line, state->lang, &state->open, NULL, NULL);
}

/* ---- lines ---- */

/* Three or more of one kind, and nothing but blanks between. */
static bool is_rule(struct str s, size_t i)
{
    char c = at(s, i);
    size_t n = 0;
    if (c != '-' && c != '*' && c != '_')
        return false;
    for (; i < s.n; i++) {
        if (s.p[i] != c && !is_blank(s.p[i]))
            return false;
        n += s.p[i] == c;
    }
    return n >= 3;
}

/* Length of "## ", without the blank where the line ends; 0: no heading. */
static size_t heading_mark(struct str s, size_t i)
{
    size_t n = run_of(s, i, '#');
    if (n == 0 || n > 6 || (i + n < s.n && !is_blank(s.p[i + n])))
        return 0;
    return n;
}

/* Without the blanks at the end, and the marks that may close a heading. */
static struct str heading_text(struct str s)
{
    s = str_trim(s);
    size_t n = s.n;
    while (n > 0 && s.p[n - 1] == '#')
        n--;
    if (n == 0 || is_blank(s.p[n - 1]))
        s.n = n;
    return str_trim(s);
}

int markdown_heading(struct str line, struct md_state *state, struct str *title)
{
    size_t i = skip_blanks(line, 0);
    if (fence_line(line, state) != MD_PLAIN || i > HEADING_INDENT)
        return 0;
    size_t n = heading_mark(line, i);
    if (n > 0)
        *title = heading_text((struct str){line.p + i + n, line.n - i - n});
    return (int)n;
}

/* Length of "-" or "12."; 0: no item. */
static size_t list_mark(struct str s, size_t i)
{
    size_t n = 0;
    while (n < 9 && at(s, i + n) >= '0' && at(s, i + n) <= '9')
        n++;
    char c = at(s, i + n);
    bool is_mark = n ? c == '.' || c == ')' : c == '-' || c == '*' || c == '+';
    return is_mark && (is_blank(at(s, i + n + 1)) || i + n + 1 == s.n) ? n + 1 : 0;
}

static enum md_kind box_at(struct str s, size_t i)
{
    if (i + 3 > s.n || s.p[i] != '[' || s.p[i + 2] != ']' ||
        (i + 3 < s.n && !is_blank(s.p[i + 3])))
        return MD_PLAIN;
    char c = s.p[i + 1];
    return c == ' ' ? MD_BOX_OPEN : c == 'x' || c == 'X' ? MD_BOX_DONE : MD_PLAIN;
}

/* Marks an item's bullet and box, and gives what stands behind. */
static size_t read_item(struct str s, size_t i, size_t mark, enum md_kind *base,
                        struct md_spans *out)
{
    md_emit(out, MD_LIST_MARK, i, i + mark);
    i = skip_blanks(s, i + mark);
    enum md_kind box = box_at(s, i);
    if (box == MD_PLAIN)
        return i;
    md_emit(out, box, i, i + 3);
    if (box == MD_BOX_DONE)
        *base = MD_DONE_TEXT;
    return skip_blanks(s, i + 3);
}

static size_t read_quote(struct str s, size_t i, enum md_kind *base, struct md_spans *out)
{
    size_t start = i;
    while (at(s, i) == '>')
        i = skip_blanks(s, i + 1);
    if (i > start)
        *base = MD_QUOTE;
    md_emit(out, *base, start, i);
    return i;
}

void markdown_line(struct str line, struct md_state *state, struct md_spans *out)
{
    enum md_kind base = fence_line(line, state);
    if (base == MD_CODE) {
        code_line(line, state->lang, &state->open, emit_code, out);
        return;
    }
    if (base == MD_FENCE) {
        md_emit(out, base, 0, line.n);
        return;
    }
    size_t i = read_quote(line, skip_blanks(line, 0), &base, out);
    if (is_rule(line, i)) {
        md_emit(out, MD_RULE, i, line.n);
        return;
    }
    size_t mark = list_mark(line, i);
    if (mark > 0)
        i = read_item(line, i, mark, &base, out);
    mark = heading_mark(line, i);
    if (mark > 0) {
        md_emit(out, MD_MARKUP, i, i + mark);
        base = MD_HEADING;
        i = skip_blanks(line, i + mark);
    }
    md_inline(line, (struct md_range){i, line.n}, base, out);
}
