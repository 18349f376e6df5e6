/* What the help begins with, and how it breaks its lines: sentences are wrapped, never cut. */
#include "layout.h"
#include "legend.h"
#include "wrap.h"

enum {
    NAMES_FROM = 90,    /* columns from which keys and names stand apart */
    STACKED_BELOW = 48, /* columns below which a sentence stands under its keys */
    ROWS_MAX = 100,
};

struct rect help_rect(const struct model *m)
{
    int w = MIN(m->width, 112), h = m->height;
    return (struct rect){(m->width - w) / 2, 0, w, h};
}

struct help_columns help_columns(const struct model *m)
{
    int w = MAX(help_rect(m).w - 4, 1);
    struct help_columns c = {.names = w >= NAMES_FROM, .stacked = w < STACKED_BELOW};
    c.keys = c.stacked ? w : HELP_KEYS - 1;
    c.doc = c.stacked ? MAX(w - 2, 1) : w - HELP_KEYS - (c.names ? HELP_NAME : 0);
    return c;
}

void help_keys(const struct model *m, enum action_id id, struct buf *out)
{
    const struct action *a = &action_table[id];
    keymap_names(&m->keys, id, IN_ALL & ~IN_HELP, out);
    if (out->n == 0 && !help_columns(m).names)
        buf_fmt(out, ":%s%s%s", a->name, a->args[0] ? " " : "", a->args);
}

int help_action_rows(const struct model *m, enum action_id id)
{
    struct help_columns c = help_columns(m);
    struct buf keys = {0};
    help_keys(m, id, &keys);
    int left = wrap_rows(buf_str(&keys), c.keys, ROWS_MAX);
    int doc = wrap_rows(str_of(action_table[id].doc), c.doc, ROWS_MAX);
    buf_finish(&keys);
    return c.stacked ? left + doc : MAX(left, doc);
}

int help_legend_width(const struct model *m)
{
    struct help_columns c = help_columns(m);
    return c.doc + (c.names ? HELP_NAME : 0);
}

int help_legend_rows(const struct model *m, const struct legend_row *row)
{
    struct help_columns c = help_columns(m);
    int doc = wrap_rows(str_of(row->doc), help_legend_width(m), ROWS_MAX);
    return c.stacked ? 1 + doc : doc;
}

/* What one looks for first, at a place. */
static const struct {
    unsigned where;
    enum action_group first, second;
} beginnings[] = {
    {IN_BOARD | IN_CARD | IN_COMMENT, GROUP_BOARD, GROUP_BOARD},
    {IN_ROOMS, GROUP_ROOMS, GROUP_ROOMS},
    {IN_CHAT | IN_MESSAGE, GROUP_CHAT, GROUP_TYPING},
    {IN_NOTE, GROUP_NOTES, GROUP_TEXT},
    {IN_NOTES | IN_HISTORY | IN_OUTLINE, GROUP_NOTES, GROUP_NOTES},
    {IN_COMMAND | IN_TITLE | IN_FILTER, GROUP_TYPING, GROUP_TYPING},
    {IN_PICKER | IN_DIALOG, GROUP_MOVING, GROUP_MOVING},
};

bool help_has(const struct model *m, enum action_group g)
{
    return g != GROUP_TOUR || m->tour.on;
}

static void put(struct help_parts *p, const struct model *m, enum action_group g)
{
    for (int i = 0; i < p->n; i++)
        if (p->groups[i] == g)
            return;
    if (help_has(m, g))
        p->groups[p->n++] = g;
}

struct help_parts help_parts(const struct model *m)
{
    struct help_parts p = {.n = 0};
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        if (!(beginnings[i].where & m->help_from))
            continue;
        put(&p, m, beginnings[i].first);
        put(&p, m, beginnings[i].second);
    }
    for (enum action_group g = 0; g < GROUP_COUNT; g++)
        put(&p, m, g);
    return p;
}

static int group_rows(const struct model *m, enum action_group g)
{
    int rows = 2;
    for (enum action_id id = 1; id < ACTION_COUNT; id++)
        if (action_table[id].group == g)
            rows += help_action_rows(m, id);
    for (size_t i = 0; g == GROUP_BOARD && i < legend_count; i++)
        rows += help_legend_rows(m, &legend[i]) + (i == 0 ? 2 : 0);
    return rows;
}

int help_rows(const struct model *m)
{
    struct help_parts p = help_parts(m);
    int rows = -1;
    for (int i = 0; i < p.n; i++)
        rows += group_rows(m, p.groups[i]);
    return rows;
}

void help_turn(struct model *m)
{
    if (!m->help)
        m->help_from = model_where(m);
    m->help = !m->help;
    m->help_top = 0;
}

void help_scroll(struct model *m, int rows)
{
    int most = MAX(help_rows(m) - (help_rect(m).h - 2), 0);
    m->help_top = MAX(MIN(m->help_top + rows, most), 0);
}
