/* The command line with its completions, the box for a title, and the help. */
#include "view_parts.h"
#include "wrap.h"

#include <stdio.h>

/* ---- the command line ---- */

/* The words that fit, the one that was put in standing out. */
static void draw_completions(struct canvas *c, struct rect r)
{
    const struct completions *words = &c->m->completions;
    struct style bar = style_of(c, MEAN_TOAST);
    size_t at = c->m->completion_at ? c->m->completion_at - 1 : 0, first = 0;
    int x = r.x + 1;
    for (size_t i = 0; i <= at && i < words->words.n; i++) {
        x += glyphs_width(words->words.v[i]) + 2;
        if (x > r.x + r.w) {
            first = i;
            x = r.x + 1 + glyphs_width(words->words.v[i]) + 2;
        }
    }
    x = r.x + 1;
    for (size_t i = first; i < words->words.n && x < r.x + r.w; i++) {
        struct style s = bar;
        if (c->m->completion_at == i + 1)
            s = style_of(c, MEAN_SELECTED);
        x = grid_text_cut(c->g, r, x, r.y, s, words->words.v[i], sign_of(c, SIGN_CUT)) + 2;
    }
}

/* What the command takes and does, while its arguments are written. */
static void draw_usage(struct canvas *c, struct rect r)
{
    struct command command;
    struct err e;
    cmdline_parse(lineedit_text(&c->m->line), &command, &e);
    struct rect text = {r.x + 1, r.y, r.w - 2, 1};
    struct style bar = style_of(c, MEAN_TOAST);
    const struct action *a = &action_table[command.action];
    char usage[200];
    if (command.action == ACTION_NONE)
        snprintf(usage, sizeof usage, "Tab completes, Up brings back, Esc leaves");
    else
        snprintf(usage, sizeof usage, "%s%s%s  %s", a->name, a->args[0] ? " " : "", a->args,
                 a->doc);
    draw_style(c, text, bar, str_of(usage));
}

void view_command(struct canvas *c)
{
    struct rect r = c->l.status, above = {r.x, r.y - 1, r.w, 1};
    grid_fill(c->g, r, style_of(c, MEAN_TEXT));
    grid_text(c->g, r, r.x, r.y, style_of(c, MEAN_MARK), STR(":"));
    draw_editor(c, rect_from(r, r.x + 1), &c->m->line, true);
    if (above.y < 0)
        return;
    grid_fill(c->g, above, style_of(c, MEAN_TOAST));
    if (c->m->completions.words.n > 1)
        draw_completions(c, above);
    else
        draw_usage(c, above);
}

/* ---- a card's title ---- */

void view_title_box(struct canvas *c)
{
    const struct model *m = c->m;
    char title[120];
    const struct replica *r = model_replica(m);
    if (m->prompt == PROMPT_TITLE)
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
        draw_right(c, hint, style_of(c, MEAN_DIM), STR(" Enter saves, Esc leaves "));
    }
    draw_editor(c, (struct rect){box.x + 2, box.y + 1, box.w - 4, rows}, &m->line, true);
}

/* ---- help ---- */

enum { HELP_KEYS = 22, HELP_NAME = 26 };

static void draw_help_action(struct canvas *c, struct rect r, enum action_id id)
{
    const struct action *a = &action_table[id];
    struct buf keys = {0};
    keymap_names(&c->m->keys, id, IN_ALL & ~IN_HELP, &keys);
    bool wide = r.w - HELP_KEYS >= 60;
    if (keys.n == 0 && !wide)
        buf_fmt(&keys, ":%s %s", a->name, a->args);
    struct rect cell = {r.x, r.y, MIN(HELP_KEYS - 1, r.w), 1};
    draw(c, cell, MEAN_KEY, buf_str(&keys));
    buf_finish(&keys);
    r = rect_from(r, r.x + HELP_KEYS);
    if (wide) {
        cell = (struct rect){r.x, r.y, HELP_NAME - 1, 1};
        int x = draw(c, cell, MEAN_TEXT, str_of(a->name));
        draw(c, rect_from(cell, x + 1), MEAN_DIM, str_of(a->args));
        r = rect_from(r, r.x + HELP_NAME);
    }
    draw(c, r, wide ? MEAN_DIM : MEAN_TEXT, str_of(a->doc));
}

/* Row `at` of the help, counted over all groups. */
static void draw_help_row(struct canvas *c, struct rect r, int at)
{
    for (enum action_group g = 0; g < GROUP_COUNT; g++) {
        if (at-- == 0) {
            draw(c, r, MEAN_TITLE, str_of(action_group_name(g)));
            return;
        }
        for (enum action_id id = 1; id < ACTION_COUNT; id++)
            if (action_table[id].group == g && at-- == 0) {
                draw_help_action(c, r, id);
                return;
            }
        if (at-- == 0)
            return;
    }
}

void view_help(struct canvas *c)
{
    struct rect box = help_rect(c->m);
    c->g->caret_x = c->g->caret_y = -1;
    draw_box(c, box, STR(" Help "));
    for (int y = 0; y < box.h - 2 && c->m->help_top + y < help_rows(); y++)
        draw_help_row(c, (struct rect){box.x + 2, box.y + 1 + y, box.w - 4, 1},
                      c->m->help_top + y);
    struct rect hint = {box.x + 2, box.y + box.h - 1, box.w - 4, 1};
    if (box.h > 2)
        draw_right(c, hint, style_of(c, MEAN_DIM), STR(" j k PgUp PgDn, ? or Esc closes "));
}
