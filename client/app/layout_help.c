/* How the help breaks its lines: sentences are wrapped, never cut. */
#include "layout.h"
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

bool help_has(const struct model *m, enum action_group g)
{
    return g != GROUP_TOUR || m->tour.on;
}

int help_rows(const struct model *m)
{
    int rows = -1;
    for (enum action_group g = 0; g < GROUP_COUNT; g++)
        rows += help_has(m, g) ? 2 : 0;
    for (enum action_id id = 1; id < ACTION_COUNT; id++)
        if (help_has(m, action_table[id].group))
            rows += help_action_rows(m, id);
    return rows;
}

void help_scroll(struct model *m, int rows)
{
    int most = MAX(help_rows(m) - (help_rect(m).h - 2), 0);
    m->help_top = MAX(MIN(m->help_top + rows, most), 0);
}
