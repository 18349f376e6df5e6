/* The command line with its completions, and the box for a title. */
#include "view_parts.h"
#include "wrap.h"

#include <stdio.h>

/* ---- the command line ---- */

enum { USAGE_ROWS_MAX = 4, OFFER_WIDTH = 24 };

/* The words that fit, the one that was put in standing out. */
void draw_completions(struct canvas *c, struct rect r)
{
    const struct completions *words = &c->m->completions;
    struct style bar = style_of(c, MEAN_TOAST);
    size_t at = c->m->completion_at ? c->m->completion_at - 1 : 0, first = 0;
    int x = r.x + 1;
    for (size_t i = 0; i <= at && i < words->words.n; i++) {
        x += glyphs_width(words->words.v[i]) + 2;
        if (x >= r.x + r.w) {
            first = i;
            x = r.x + 1 + glyphs_width(words->words.v[i]) + 2;
        }
    }
    x = r.x + 1;
    grid_fill(c->g, r, bar);
    for (size_t i = first; i < words->words.n && x < r.x + r.w; i++) {
        struct style s = bar;
        int end = x + glyphs_width(words->words.v[i]);
        if (end + 2 >= r.x + r.w && i > first && (i + 1 < words->words.n || end > r.x + r.w)) {
            grid_text(c->g, r, x, r.y, bar, sign_of(c, SIGN_CUT)); /* there are more */
            break;
        }
        if (c->m->completion_at == i + 1)
            s = style_of(c, MEAN_SELECTED);
        x = grid_text_cut(c->g, r, x, r.y, s, words->words.v[i], sign_of(c, SIGN_CUT)) + 2;
    }
}

/* What the command takes and does, while its arguments are written: in rows that end above
 * r, as many as it needs. */
static void draw_usage(struct canvas *c, struct rect r)
{
    struct command command;
    struct err e;
    cmdline_parse(lineedit_text(&c->m->line), &command, &e);
    struct style bar = style_of(c, MEAN_TOAST);
    const struct action *a = &action_table[command.action];
    char usage[200];
    if (command.action == ACTION_NONE)
        snprintf(usage, sizeof usage, "Tab completes, Up brings back, Esc leaves");
    else
        snprintf(usage, sizeof usage, "%s%s%s  %s", a->name, a->args[0] ? " " : "", a->args,
                 a->doc);
    struct str rest = str_of(usage), row;
    int width = MAX(r.w - 2, 1), rows = MIN(wrap_rows(rest, width, USAGE_ROWS_MAX), r.y + 1);
    struct rect box = {r.x, r.y - rows + 1, r.w, rows};
    grid_fill(c->g, box, bar);
    for (int y = box.y; y < box.y + rows && wrap_next(&rest, width, &row); y++)
        grid_text(c->g, box, r.x + 1, y, bar, row);
}

void view_command(struct canvas *c)
{
    struct rect r = c->l.status, above = {r.x, r.y - 1, r.w, 1};
    grid_fill(c->g, r, style_of(c, MEAN_TEXT));
    grid_text(c->g, r, r.x, r.y, style_of(c, MEAN_MARK), STR(":"));
    draw_editor(c, rect_from(r, r.x + 1), &c->m->line, true);
    if (above.y < 0)
        return;
    if (c->m->completions.words.n > 1)
        draw_completions(c, above);
    else
        draw_usage(c, above);
}

/* ---- what is searched ---- */

/* " [word]": what Enter searches when nothing is typed. */
static int draw_offer(struct canvas *c, struct rect r, int x)
{
    struct str offer = buf_str(&c->m->here->note.search.offer);
    struct rect at = {x, r.y, MIN(r.x + r.w - x, OFFER_WIDTH), 1};
    if (offer.n == 0 || at.w < 8)
        return x;
    x = grid_text(c->g, r, x, r.y, style_of(c, MEAN_DIM), STR(" ["));
    at.x = x;
    x = grid_text_cut(c->g, at, x, r.y, style_of(c, MEAN_DIM), offer, sign_of(c, SIGN_CUT));
    return grid_text(c->g, r, x, r.y, style_of(c, MEAN_DIM), STR("]"));
}

void view_find(struct canvas *c)
{
    static const char *const labels[] = {[PROMPT_FIND] = "Find",
                                         [PROMPT_REPLACE] = "Replace",
                                         [PROMPT_REPLACE_WITH] = "With",
                                         [PROMPT_LINE] = "Line",
                                         [PROMPT_SEARCH] = "Search",
                                         [PROMPT_DAY] = "Go to the day (2026-12-31, "
                                                        "yesterday, 7d)"};
    struct rect r = c->l.status;
    grid_fill(c->g, r, style_of(c, MEAN_TEXT));
    int x = grid_text(c->g, r, r.x, r.y, style_of(c, MEAN_MARK), str_of(labels[c->m->prompt]));
    if (c->m->prompt < PROMPT_REPLACE_WITH)
        x = draw_offer(c, r, x);
    x = grid_text(c->g, r, x, r.y, style_of(c, MEAN_MARK), STR(": "));
    draw_editor(c, rect_from(r, x), &c->m->line, true);
}

/* ---- a card's title, a note's name ---- */

static void say_about(const struct model *m, char *out, size_t n)
{
    const struct line *l = replica_said(model_replica(m), m->about.message);
    struct str author = l ? l->author : STR("a comment");
    if (m->about.is_edit)
        snprintf(out, n, " Edit the comment ");
    else
        snprintf(out, n, " Answer %.*s ", STR_ARG(author));
}

void view_title_box(struct canvas *c)
{
    const struct model *m = c->m;
    char title[120];
    const struct replica *r = model_replica(m);
    if (m->prompt == PROMPT_NOTE_NEW)
        snprintf(title, sizeof title, " New note ");
    else if (m->prompt == PROMPT_NOTE_NAME)
        snprintf(title, sizeof title, " Name of the note ");
    else if (m->prompt == PROMPT_COMMENT && m->about.message)
        say_about(m, title, sizeof title);
    else if (m->prompt == PROMPT_COMMENT && m->prompt_card > 0)
        snprintf(title, sizeof title, " Comment on card %lld ", (long long)m->prompt_card);
    else if (m->prompt == PROMPT_COMMENT)
        snprintf(title, sizeof title, " Comment ");
    else if (m->prompt == PROMPT_TITLE)
        snprintf(title, sizeof title, " Card %lld ", (long long)MAX(m->prompt_card, 0));
    else if (r && (size_t)m->prompt_column < r->board.columns.n)
        snprintf(title, sizeof title, " New card in %.64s ",
                 r->board.columns.v[m->prompt_column].name);
    else
        snprintf(title, sizeof title, " New card ");
    int w = MIN(c->g->w, 64), most = MAX(c->g->h - 3, 1);
    int rows = wrap_rows(lineedit_text(&m->line), MAX(w - 5, 1), MIN(8, most));
    struct rect box = {(c->g->w - w) / 2, MAX((c->g->h - rows - 2) / 3, 0), w, rows + 2};
    if (c->g->h < 4) {
        /* No room for a box: the lowest line. */
        box = (struct rect){-2, c->g->h - 2, c->g->w + 4, 3};
        grid_fill(c->g, (struct rect){0, c->g->h - 1, c->g->w, 1}, style_of(c, MEAN_TEXT));
    } else {
        draw_box(c, box, str_of(title));
        struct rect hint = {box.x + 2, box.y + box.h - 1, box.w - 4, 1};
        if (m->completions.words.n > 1)
            draw_completions(c, hint);
        else
            draw_right(c, hint, style_of(c, MEAN_DIM),
                       m->line.multiline ? STR(" Enter sends, M-Enter new line, Esc leaves ")
                                         : STR(" Enter saves, Esc leaves "));
    }
    draw_editor(c, (struct rect){box.x + 2, box.y + 1, box.w - 4, rows}, &m->line, true);
}
