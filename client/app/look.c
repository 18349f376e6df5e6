#include "look.h"

#include "emoji.h"
#include "wrap.h"

#include <stdlib.h>
#include <string.h>

static struct rich_want rich_want(const struct look_want *w)
{
    return (struct rich_want){
        .ascii = w->ascii, .strokes = w->strokes, .me = str_of(w->r->user)};
}

void look_finish(struct look *l)
{
    rich_finish(&l->text);
    rich_finish(&l->rows);
}

/* ---- rows that are not text ---- */

static struct rich_line *begin_row(struct rich *out)
{
    vec_push(&out->lines, (struct rich_line){.first = out->pieces.n, .behind = out->pieces.n});
    return &out->lines.v[out->lines.n - 1];
}

static struct rich_piece *say(struct rich *out, int tone, struct str text)
{
    vec_push(&out->pieces, (struct rich_piece){.text = text, .tone = tone});
    out->lines.v[out->lines.n - 1].behind = out->pieces.n;
    return &out->pieces.v[out->pieces.n - 1];
}

static int row_width(const struct rich *out)
{
    const struct rich_line *row = &out->lines.v[out->lines.n - 1];
    int width = 2 * row->quote + row->indent;
    for (size_t i = row->first; i < row->behind; i++)
        width += glyphs_width(out->pieces.v[i].text);
    return width;
}

/* Adds to the last row what fits of it. */
static struct rich_piece *say_cut(struct rich *out, int tone, struct str text, int width,
                                  bool ascii)
{
    int left = MAX(width - row_width(out), 0);
    size_t fit = glyphs_fit(text, left);
    if (fit < text.n) {
        fit = glyphs_fit(text, MAX(left - 1, 0));
        text = str_fmt(&out->arena, "%.*s%s", (int)fit, text.p, ascii ? ">" : "\u2026");
    }
    return say(out, tone, text);
}

/* ---- answers ---- */

void look_quote(const struct look_want *w, struct rich *out)
{
    struct rich_want want = rich_want(w);
    struct str text = w->line->text;
    while (text.n && text.p[0] == '\n')
        text = (struct str){text.p + 1, text.n - 1};
    rich_read(str_cut(&text, '\n'), &want, out);
    if (out->lines.n == 0 && text.n) { /* a fence, most likely */
        rich_finish(out);
        *out = (struct rich){0};
        rich_read(str_cut(&text, '\n'), &want, out);
    }
}

static void add_quote(const struct look_want *w, const struct line *root, struct rich *out)
{
    struct look_want of = *w;
    struct rich quote = {0};
    of.line = root;
    if (root->deleted[0]) {
        say_cut(out, TONE_DIM, STR("(deleted)"), w->width, w->ascii);
        return;
    }
    look_quote(&of, &quote);
    for (size_t i = 0; quote.lines.n && i < quote.lines.v[0].behind; i++)
        if (row_width(out) < w->width)
            say_cut(out, TONE_DIM, str_keep(&out->arena, quote.pieces.v[i].text), w->width,
                    w->ascii);
    rich_finish(&quote);
}

static void add_answer(const struct look_want *w, struct rich *out)
{
    const struct line *root = w->line->reply ? replica_said(w->r, w->line->reply) : NULL;
    if (w->line->reply == 0)
        return;
    struct str whom = root ? root->author : w->line->to;
    begin_row(out);
    say(out, TONE_DIM, w->ascii ? STR("> ") : STR("\u21b3 "));
    say_cut(out, TONE_PERSON, whom, w->width, w->ascii);
    say_cut(out, TONE_DIM, STR(" "), w->width, w->ascii);
    if (root)
        add_quote(w, root, out);
    else if (!w->line->task && replica_is_removed(w->r, w->line->reply))
        say_cut(out, TONE_DIM, STR("(removed)"), w->width, w->ascii);
    struct rich_line *row = &out->lines.v[out->lines.n - 1];
    for (size_t i = row->first; i < row->behind; i++) {
        out->pieces.v[i].goes = GOES_ORIGINAL;
        out->pieces.v[i].number = w->line->reply;
    }
}

/* ---- reactions ---- */

static struct str shown_emoji(const struct look_want *w, struct rich *out, const char *emoji)
{
    struct str name = w->ascii ? emoji_name(str_of(emoji)) : (struct str){0};
    if (name.n)
        return str_fmt(&out->arena, ":%.*s:", STR_ARG(name));
    return w->ascii ? str_of(emoji) : emoji_of(str_of(emoji));
}

/* "2", or for a selected message "ana, ben". */
static struct str who_reacted(const struct look_want *w, struct rich *out, const char *emoji)
{
    struct buf names = {0};
    size_t n = 0;
    vec_each (x, &w->line->reactions) {
        if (strcmp(x->emoji, emoji) != 0)
            continue;
        if (w->is_selected && n < LOOK_NAMES_MAX)
            buf_fmt(&names, "%s%s", n ? ", " : "", x->user);
        n++;
    }
    if (!w->is_selected)
        buf_fmt(&names, "%zu", n);
    else if (n > LOOK_NAMES_MAX)
        buf_fmt(&names, " and %zu more", n - LOOK_NAMES_MAX);
    struct str kept = str_keep(&out->arena, buf_str(&names));
    buf_finish(&names);
    return kept;
}

static void add_reaction(const struct look_want *w, struct rich *out, const char *emoji)
{
    struct str sign = shown_emoji(w, out, emoji), who = who_reacted(w, out, emoji);
    struct str text = str_fmt(&out->arena, "%.*s %.*s", STR_ARG(sign), STR_ARG(who));
    bool is_own = line_has_reaction(w->line, str_of(emoji), str_of(w->r->user));
    const struct rich_line *row = &out->lines.v[out->lines.n - 1];
    int gap = row->behind > row->first ? 2 : 0;
    if (gap && row_width(out) + gap + glyphs_width(text) > w->width)
        begin_row(out);
    else if (gap)
        say(out, TONE_TEXT, STR("  "));
    struct rich_piece *p =
        say_cut(out, is_own ? TONE_MARK : TONE_DIM, text, w->width, w->ascii);
    p->goes = GOES_REACTION;
    p->to = str_of(emoji);
}

static void add_reactions(const struct look_want *w, struct rich *out)
{
    const struct line *l = w->line;
    if (l->reactions.n)
        begin_row(out);
    for (size_t i = 0; i < l->reactions.n; i++) {
        size_t k = 0;
        while (k < i && strcmp(l->reactions.v[k].emoji, l->reactions.v[i].emoji) != 0)
            k++;
        if (k == i)
            add_reaction(w, out, l->reactions.v[i].emoji);
    }
}

/* ---- text ---- */

static bool ends_in_code(struct str text)
{
    text = str_trim(text);
    return text.n > 3 && memcmp(text.p + text.n - 3, "```", 3) == 0;
}

/* ": C-Up z shows them" */
static struct str unfold_words(const struct look_want *w, struct arena *a)
{
    if (!w->keys || (w->on_card && !w->is_selected))
        return (struct str){0};
    struct key_words unfold = keymap_key(w->keys, ACTION_MESSAGE_FOLD, IN_MESSAGE),
                     select = keymap_key(w->keys, ACTION_MESSAGE_SELECT, IN_CHAT);
    return w->is_selected ? str_fmt(a, ": %s shows them", unfold.s)
                          : str_fmt(a, ": %s %s shows them", select.s, unfold.s);
}

static void add_hidden(const struct look_want *w, size_t n, struct rich *rows)
{
    begin_row(rows);
    struct str words = unfold_words(w, &rows->arena);
    struct str text = str_fmt(&rows->arena, "%s %zu more lines%.*s",
                              w->ascii ? "..." : "\u2026", n, STR_ARG(words));
    say_cut(rows, TONE_MARK, text, w->width, w->ascii)->goes = GOES_UNFOLD;
}

/* Of the text, which begins at row `first`, the middle goes. */
static void fold(const struct look_want *w, size_t first, struct look *out)
{
    struct rich *rows = &out->rows, tail = {0};
    size_t n = rows->lines.n - first;
    if (w->is_open || n < LOOK_FOLD_FROM)
        return;
    size_t head = ends_in_code(w->line->text) ? LOOK_HEAD_CODE : LOOK_HEAD;
    size_t behind = rows->lines.n - (LOOK_FOLDED - head);
    for (size_t i = behind; i < rows->lines.n; i++) {
        struct rich_line line = rows->lines.v[i];
        line.first = tail.pieces.n;
        for (size_t k = rows->lines.v[i].first; k < rows->lines.v[i].behind; k++)
            vec_push(&tail.pieces, rows->pieces.v[k]);
        line.behind = tail.pieces.n;
        vec_push(&tail.lines, line);
    }
    out->folds = true;
    rows->lines.n = first + head;
    rows->pieces.n = rows->lines.v[rows->lines.n - 1].behind;
    add_hidden(w, n - LOOK_FOLDED, rows);
    vec_each (line, &tail.lines) {
        struct rich_line *row = begin_row(rows);
        size_t from = line->first, to = line->behind;
        *row = *line;
        row->first = rows->pieces.n;
        for (; from < to; from++)
            vec_push(&rows->pieces, tail.pieces.v[from]);
        row->behind = rows->pieces.n;
    }
    rich_finish(&tail);
}

/* In front of the text: the card that it is a comment on. */
static void put_card(const struct look_want *w, struct rich *text)
{
    if (w->line->task <= 0 || w->on_card || text->lines.n == 0)
        return;
    struct str name = str_fmt(&text->arena, "#%lld ", (long long)w->line->task);
    struct rich_piece card = {
        .text = name, .tone = TONE_CARD, .goes = GOES_CARD, .number = w->line->task};
    vec_push(&text->pieces, card);
    memmove(text->pieces.v + 1, text->pieces.v, (text->pieces.n - 1) * sizeof card);
    text->pieces.v[0] = card;
    vec_each (l, &text->lines) {
        l->first++;
        l->behind++;
    }
    text->lines.v[0].first = 0;
}

static void add_marks(const struct look_want *w, struct rich *rows)
{
    bool pinned = replica_is_pinned(w->r, w->line->seq);
    const char *marks = w->line->edited && pinned ? " (edited, pinned)"
                        : w->line->edited         ? " (edited)"
                        : pinned                  ? " (pinned)"
                                                  : NULL;
    if (!marks)
        return;
    if (rows->lines.n == 0 || row_width(rows) + (int)strlen(marks) > w->width) {
        begin_row(rows);
        marks++;
    }
    say_cut(rows, TONE_DIM, str_of(marks), w->width, w->ascii);
}

static void add_links(const struct look_want *w, const struct rich *text, struct rich *rows)
{
    for (size_t i = 0; i < text->links.n; i++) {
        begin_row(rows);
        say_cut(rows, TONE_DIM, str_fmt(&rows->arena, "[%zu] ", i + 1), w->width, w->ascii);
        struct rich_piece *p = say_cut(rows, TONE_DIM, text->links.v[i], w->width, w->ascii);
        p->goes = GOES_LINK;
        p->to = text->links.v[i];
    }
}

static void add_text(const struct look_want *w, struct look *out)
{
    struct rich_want want = rich_want(w);
    rich_read(w->line->text, &want, &out->text);
    put_card(w, &out->text);
    vec_each (l, &out->text.lines)
        rich_wrap(&out->text, l, w->width, &out->rows);
    if (out->rows.lines.n == 0)
        begin_row(&out->rows);
}

static void add_deleted(const struct look_want *w, struct rich *rows)
{
    begin_row(rows);
    struct str text = str_fmt(&rows->arena, "deleted by %s", w->line->deleted);
    say_cut(rows, TONE_DIM, text, w->width, w->ascii);
}

void look_make(const struct look_want *w, struct look *out)
{
    if (w->line->deleted[0]) {
        add_deleted(w, &out->rows);
        return;
    }
    add_answer(w, &out->rows);
    size_t first = out->rows.lines.n;
    add_text(w, out);
    fold(w, first, out);
    add_marks(w, &out->rows);
    if (!out->folds)
        add_links(w, &out->text, &out->rows);
    add_reactions(w, &out->rows);
}

static bool is_known(const struct rich *out, const struct rich_piece *p)
{
    vec_each (q, &out->pieces)
        if (q->goes == p->goes && q->number == p->number && str_eq(q->to, p->to))
            return true;
    return false;
}

void look_targets(const struct look_want *w, struct rich *out)
{
    struct rich_want want = rich_want(w);
    struct rich text = {0};
    rich_read(w->line->text, &want, &text);
    vec_each (p, &text.pieces) {
        bool leads = p->goes == GOES_LINK || p->goes == GOES_CARD;
        if (leads && out->pieces.n < LOOK_TARGETS_MAX && !is_known(out, p))
            vec_push(&out->pieces, *p);
    }
    vec_each (p, &out->pieces)
        p->text = str_keep(&out->arena, p->text);
    rich_finish(&text);
}
