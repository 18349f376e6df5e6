#include "rich.h"

#include "emoji.h"
#include "markdown.h"
#include "utf8.h"
#include "wrap.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    const struct rich_want *want;
    struct rich *out;
    struct str line;
    const struct md_spans *spans;
};

/* ---- pieces ---- */

static struct rich_piece *add(struct rich *out, struct str text, int tone)
{
    vec_push(&out->pieces, (struct rich_piece){.text = text, .tone = tone});
    return &out->pieces.v[out->pieces.n - 1];
}

/* Text of one tone; pieces that stand next to each other in the source become one. */
static void add_text(struct rich *out, struct str text, int tone)
{
    struct rich_line *line = &out->lines.v[out->lines.n - 1];
    struct rich_piece *last =
        out->pieces.n > line->first ? &out->pieces.v[out->pieces.n - 1] : NULL;
    if (text.n == 0)
        return;
    if (last && last->tone == tone && last->goes == GOES_NOWHERE &&
        last->text.p + last->text.n == text.p)
        last->text.n += text.n;
    else
        add(out, text, tone);
}

static bool is_escapable(char c)
{
    return c && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c);
}

/* The first byte that may stand for something else than itself, from i on. */
static size_t find_special(const struct reader *r, struct str s, size_t i)
{
    while (i < s.n && s.p[i] != ':' && s.p[i] != '\\' &&
           !(r->want->ascii && (unsigned char)s.p[i] >= 0x80))
        i++;
    return i;
}

/* An emoji by its name, where only ASCII shows; the bytes it takes, or 0. */
static size_t add_name(struct reader *r, struct str s, int tone)
{
    int width;
    size_t n = width_cluster(s, &width);
    struct str name =
        (unsigned char)s.p[0] >= 0x80 ? emoji_name((struct str){s.p, n}) : (struct str){0};
    if (name.n == 0)
        return 0;
    add(r->out, str_fmt(&r->out->arena, ":%.*s:", STR_ARG(name)), tone);
    return n;
}

/* What stands at a special byte: the bytes it takes. */
static size_t add_special(struct reader *r, struct str s, int tone)
{
    struct str name = r->want->ascii ? (struct str){0} : emoji_at(s);
    if (name.n) {
        add(r->out, emoji_named(name), tone);
        return name.n + 2;
    }
    if (s.p[0] == '\\' && s.n > 1 && is_escapable(s.p[1])) {
        add_text(r->out, (struct str){s.p + 1, 1}, tone);
        return 2;
    }
    size_t n = r->want->ascii ? add_name(r, s, tone) : 0;
    if (n)
        return n;
    uint32_t cp;
    n = MAX(utf8_next(s, &cp), (size_t)1);
    add_text(r->out, (struct str){s.p, n}, tone);
    return n;
}

/* Words, with emoji for their names and without the strokes that keep marks from being marks.
 */
static void add_words(struct reader *r, struct str s, int tone)
{
    for (size_t i = 0; i < s.n;) {
        size_t special = find_special(r, s, i);
        add_text(r->out, (struct str){s.p + i, special - i}, tone);
        i = special;
        if (i < s.n)
            i += add_special(r, (struct str){s.p + i, s.n - i}, tone);
    }
}

/* ---- spans ---- */

static struct str span_text(const struct reader *r, const struct md_span *s)
{
    return (struct str){r->line.p + s->start, s->end - s->start};
}

/* `code` without its ticks, and one blank on each side of ticks inside. */
static struct str code_text(struct str s)
{
    size_t n = 0;
    while (n < s.n / 2 && s.p[n] == '`' && s.p[s.n - 1 - n] == '`')
        n++;
    s = (struct str){s.p + n, s.n - 2 * n};
    bool padded = s.n > 2 && s.p[0] == ' ' && s.p[s.n - 1] == ' ';
    return padded ? (struct str){s.p + 1, s.n - 2} : s;
}

static void add_link(struct reader *r, size_t i)
{
    struct str text = span_text(r, &r->spans->spans.v[i]);
    struct str to = markdown_address(r->line, r->spans, i);
    struct rich_piece *p = add(r->out, text, TONE_MARKDOWN + MD_LINK);
    p->goes = GOES_LINK;
    p->to = to;
    if (str_eq(to, text))
        return;
    vec_push(&r->out->links, to);
    p = add(r->out, str_fmt(&r->out->arena, "[%zu]", r->out->links.n), TONE_DIM);
    p->goes = GOES_LINK;
    p->to = to;
}

static void add_card(struct reader *r, struct str text)
{
    struct rich_piece *p = add(r->out, text, TONE_MARKDOWN + MD_CARD);
    p->goes = GOES_CARD;
    str_int((struct str){text.p + 1, text.n - 1}, 1, INT64_MAX, &p->number);
}

static void add_user(struct reader *r, struct str text)
{
    struct str name = {text.p + 1, text.n - 1};
    bool is_me = str_eq(name, r->want->me) || str_is(name, "here");
    struct rich_piece *p = add(r->out, text, is_me ? TONE_WARN : TONE_PERSON);
    p->goes = GOES_USER;
    p->to = name;
}

static void add_span(struct reader *r, size_t i)
{
    const struct md_span *s = &r->spans->spans.v[i];
    struct str text = span_text(r, s);
    int tone = TONE_MARKDOWN + (int)s->kind;
    if (s->kind == MD_CODE)
        add_text(r->out, code_text(text), tone);
    else if (s->kind == MD_LINK)
        add_link(r, i);
    else if (s->kind == MD_CARD)
        add_card(r, text);
    else if (s->kind == MD_USER)
        add_user(r, text);
    else if (s->kind != MD_MARKUP)
        add_words(r, text, tone);
    else if (r->want->strokes && str_is(text, "~~"))
        add_text(r->out, text, TONE_TEXT);
}

/* ---- lines ---- */

static int columns_of(const struct rich *out, const struct rich_line *line)
{
    int width = 0;
    for (size_t i = line->first; i < out->pieces.n; i++)
        width += glyphs_width(out->pieces.v[i].text);
    return width;
}

/* Takes the bars of a quotation off the line; the column where its text begins. */
static size_t read_quote(struct str line, struct rich_line *out)
{
    size_t i = 0, end = 0;
    while (i < line.n && (line.p[i] == ' ' || line.p[i] == '>')) {
        if (line.p[i++] != '>')
            continue;
        out->quote += out->quote < RICH_QUOTES_MAX;
        end = i < line.n && line.p[i] == ' ' ? i + 1 : i;
    }
    return end;
}

static void add_bullet(struct reader *r, const struct md_span *s)
{
    struct str mark = span_text(r, s);
    bool is_plain = mark.n == 1 && !r->want->ascii;
    add(r->out, is_plain ? STR("\u2022") : mark, TONE_MARKDOWN + MD_LIST_MARK);
}

/* A bullet, a heading's mark: what the rest of the line hangs behind. Returns where that
 * begins, *i the span behind. */
static size_t read_front(struct reader *r, size_t from, size_t *i, struct rich_line *line)
{
    const struct md_spans *all = r->spans;
    while (*i < all->spans.n) {
        const struct md_span *s = &all->spans.v[*i];
        bool is_list = s->kind == MD_LIST_MARK;
        bool is_heading = s->kind == MD_MARKUP && r->line.p[s->start] == '#';
        if (!is_list && !is_heading)
            break;
        add_text(r->out, (struct str){r->line.p + from, s->start - from}, TONE_TEXT);
        if (is_list)
            add_bullet(r, s);
        from = s->end;
        if (is_heading)
            while (from < r->line.n && r->line.p[from] == ' ')
                from++;
        else if (from < r->line.n)
            add_text(r->out, (struct str){r->line.p + from++, 1}, TONE_TEXT);
        (*i)++;
    }
    line->hang = columns_of(r->out, line);
    return from;
}

static void read_inline(struct reader *r, struct rich_line *line)
{
    size_t i = 0, at = read_quote(r->line, line);
    int plain = line->quote ? TONE_MARKDOWN + MD_QUOTE : TONE_TEXT;
    struct md_spans *spans = (struct md_spans *)(uintptr_t)r->spans;
    while (i < spans->spans.n && spans->spans.v[i].end <= at)
        i++;
    if (i < spans->spans.n && spans->spans.v[i].start < at)
        spans->spans.v[i].start = at;
    at = read_front(r, at, &i, line);
    for (; i < spans->spans.n; i++) {
        const struct md_span *s = &spans->spans.v[i];
        if (s->start > at)
            add_words(r, (struct str){r->line.p + at, s->start - at}, plain);
        if (s->end > at)
            add_span(r, i);
        at = MAX(at, s->end);
    }
    if (at < r->line.n)
        add_words(r, (struct str){r->line.p + at, r->line.n - at}, plain);
}

static void read_code(struct reader *r, struct rich_line *line)
{
    line->indent = line->hang = RICH_CODE_INDENT;
    line->hang = 0;
    vec_each (s, &r->spans->spans)
        add_text(r->out, span_text(r, s), TONE_MARKDOWN + (int)s->kind);
}

static void read_line(struct reader *r, struct md_state *state)
{
    struct md_spans spans = {0};
    bool was_code = state->in_fence;
    markdown_line(r->line, state, &spans);
    bool is_fence = spans.spans.n == 1 && spans.spans.v[0].kind == MD_FENCE;
    r->spans = &spans;
    if (!is_fence) {
        struct rich_line line = {.first = r->out->pieces.n};
        line.is_rule = spans.spans.n == 1 && spans.spans.v[0].kind == MD_RULE;
        vec_push(&r->out->lines, line);
        if (was_code)
            read_code(r, &line);
        else if (!line.is_rule)
            read_inline(r, &line);
        line.behind = r->out->pieces.n;
        r->out->lines.v[r->out->lines.n - 1] = line;
    }
    vec_finish(&spans.spans);
}

/* As a text of marks that have no width. */
static bool is_invisible(struct str text)
{
    struct glyph g;
    for (size_t n; (n = glyph_next(text, &g)); text.p += n, text.n -= n)
        if (g.width > 0 && text.p[0] != ' ' && text.p[0] != '\t' && text.p[0] != '\n')
            return false;
    return true;
}

static bool shows_nothing(const struct rich *out)
{
    vec_each (l, &out->lines)
        if (l->is_rule || l->quote)
            return false;
    vec_each (p, &out->pieces)
        if (!is_invisible(p->text))
            return false;
    return true;
}

/* The next line; what a program of Windows wrote ends its lines with two characters. */
static struct str next_line(struct str *rest)
{
    struct str line = str_cut(rest, '\n');
    line.n -= line.n > 0 && line.p[line.n - 1] == '\r';
    return line;
}

static void read_plain(struct str text, struct rich *out)
{
    out->pieces.n = out->lines.n = 0;
    if (is_invisible(text)) {
        vec_push(&out->lines, (struct rich_line){.first = 0, .behind = 1});
        add(out, STR("(nothing that shows)"), TONE_DIM);
        return;
    }
    while (text.p) {
        vec_push(&out->lines, (struct rich_line){.first = out->pieces.n});
        add_text(out, next_line(&text), TONE_TEXT);
        out->lines.v[out->lines.n - 1].behind = out->pieces.n;
    }
}

/* What consists of marks alone, as three backticks, would be blank: it is shown as it is. */
void rich_read(struct str text, const struct rich_want *want, struct rich *out)
{
    struct md_state state = {0};
    struct reader r = {.want = want, .out = out};
    while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
        text.n--;
    for (struct str rest = text; rest.p;) {
        r.line = next_line(&rest);
        read_line(&r, &state);
    }
    if (text.n && shows_nothing(out))
        read_plain(text, out);
}

void rich_finish(struct rich *r)
{
    vec_finish(&r->pieces);
    vec_finish(&r->lines);
    vec_finish(&r->links);
    arena_finish(&r->arena);
}

/* ---- rows ---- */

/* A place in the pieces of a line. */
struct mark {
    size_t piece, byte;
};

static bool next_glyph(const struct rich *r, const struct rich_line *line, struct mark *at,
                       struct glyph *g)
{
    while (at->piece < line->behind) {
        struct str text = r->pieces.v[at->piece].text;
        size_t n = glyph_next((struct str){text.p + at->byte, text.n - at->byte}, g);
        at->byte += n;
        if (n)
            return true;
        *at = (struct mark){at->piece + 1, 0};
    }
    return false;
}

static bool is_blank(const struct glyph *g)
{
    return g->n == 1 && g->text[0] == ' ';
}

/* Where the row that begins at `from` ends, and where the next one begins. False at the end of
 * the line. */
static bool find_row(const struct rich *r, const struct rich_line *line, struct mark from,
                     int width, struct mark *end, struct mark *next)
{
    struct mark at = from, before = from, word = from;
    struct glyph g;
    int x = 0;
    bool has_text = false, has_break = false, in_blank = false;
    while (next_glyph(r, line, &at, &g)) {
        bool blank = is_blank(&g);
        if (blank && !in_blank)
            word = before; /* the row may end in front of this blank */
        if (!blank && in_blank && has_text) {
            *end = word;
            *next = before;
            has_break = true;
        }
        if (x + g.width > width && !blank && x > 0) {
            if (!has_break)
                *end = *next = before;
            return true;
        }
        in_blank = blank;
        has_text = has_text || !blank;
        x += g.width;
        before = at;
    }
    *end = in_blank && has_text ? word : at;
    *next = at;
    return false;
}

/* The pieces between two places, as a line of out. */
static void add_row(const struct rich *r, const struct rich_line *line, struct mark from,
                    struct mark to, bool first, struct rich *out)
{
    struct rich_line row = {.first = out->pieces.n, .quote = line->quote};
    row.indent = line->indent + (first ? 0 : line->hang);
    for (size_t i = from.piece; i < line->behind && i <= to.piece; i++) {
        struct rich_piece p = r->pieces.v[i];
        size_t start = i == from.piece ? from.byte : 0;
        size_t stop = i == to.piece ? to.byte : p.text.n;
        p.text = (struct str){p.text.p + start, stop - start};
        if (p.text.n)
            vec_push(&out->pieces, p);
    }
    row.behind = out->pieces.n;
    vec_push(&out->lines, row);
}

void rich_wrap(const struct rich *r, const struct rich_line *line, int width, struct rich *out)
{
    struct mark from = {line->first, 0}, end, next;
    bool more = true;
    if (line->is_rule) {
        vec_push(&out->lines, (struct rich_line){.first = out->pieces.n,
                                                 .behind = out->pieces.n,
                                                 .quote = line->quote,
                                                 .is_rule = true});
        return;
    }
    for (bool first = true; more; first = false) {
        int used = 2 * line->quote + line->indent + (first ? 0 : line->hang);
        more = find_row(r, line, from, MAX(width - used, 1), &end, &next);
        add_row(r, line, from, end, first, out);
        from = next;
    }
}
