/* The help: every action with its keys, from the action table, and what the marks mean. */
#include "legend.h"
#include "view_parts.h"
#include "wrap.h"

/* Draws text over as many rows as it needs, as far as they are within clip. */
static void draw_wrapped(struct canvas *c, struct rect clip, struct rect r, enum meaning what,
                         struct str text)
{
    struct str row;
    for (int y = r.y; wrap_next(&text, MAX(r.w, 1), &row); y++)
        grid_text(c->g, clip, r.x, y, style_of(c, what), row);
}

static void draw_action(struct canvas *c, struct rect clip, int y, enum action_id id)
{
    const struct action *a = &action_table[id];
    struct help_columns cols = help_columns(c->m);
    struct buf keys = {0};
    help_keys(c->m, id, &keys);
    draw_wrapped(c, clip, (struct rect){clip.x, y, cols.keys, 1}, MEAN_KEY, buf_str(&keys));
    struct rect doc = {clip.x + HELP_KEYS, y, cols.doc, 1};
    if (cols.stacked) {
        doc.x = clip.x + 2;
        doc.y += wrap_rows(buf_str(&keys), cols.keys, clip.h);
    }
    buf_finish(&keys);
    if (cols.names) {
        struct rect cell = {doc.x, y, HELP_NAME - 1, 1};
        int x = grid_text(c->g, clip, cell.x, y, style_of(c, MEAN_TEXT), str_of(a->name));
        if (y >= clip.y && y < clip.y + clip.h)
            draw(c, rect_from(cell, x + 1), MEAN_DIM, str_of(a->args));
        doc.x += HELP_NAME;
    }
    draw_wrapped(c, clip, doc, cols.names ? MEAN_DIM : MEAN_TEXT, str_of(a->doc));
}

static int draw_group(struct canvas *c, struct rect clip, int y, enum action_group g)
{
    grid_text(c->g, clip, clip.x, y++, style_of(c, MEAN_TITLE), str_of(action_group_name(g)));
    for (enum action_id id = 1; id < ACTION_COUNT; id++) {
        if (action_table[id].group != g)
            continue;
        draw_action(c, clip, y, id);
        y += help_action_rows(c->m, id);
    }
    return y + 1;
}

static int draw_legend(struct canvas *c, struct rect clip, int y)
{
    struct help_columns cols = help_columns(c->m);
    grid_text(c->g, clip, clip.x, y++, style_of(c, MEAN_TITLE), STR(LEGEND_TITLE));
    for (size_t i = 0; i < legend_count; i++) {
        struct buf mark = {0};
        struct rect doc = {clip.x + HELP_KEYS, y, help_legend_width(c->m), 1};
        legend_mark(&legend[i], c->t->ascii, &mark);
        grid_text(c->g, clip, clip.x, y, style_of(c, MEAN_KEY), buf_str(&mark));
        buf_finish(&mark);
        if (cols.stacked) {
            doc.x = clip.x + 2;
            doc.y++;
        }
        draw_wrapped(c, clip, doc, MEAN_TEXT, str_of(legend[i].doc));
        y += help_legend_rows(c->m, &legend[i]);
    }
    return y + 1;
}

void view_help(struct canvas *c)
{
    struct rect box = help_rect(c->m);
    struct rect text = {box.x + 2, box.y + 1, box.w - 4, box.h - 2};
    c->g->caret_x = c->g->caret_y = -1;
    draw_box(c, box, STR(" Help "));
    int y = text.y - c->m->help_top;
    struct help_parts parts = help_parts(c->m);
    for (int i = 0; i < parts.n; i++) {
        y = draw_group(c, text, y, parts.groups[i]);
        if (parts.groups[i] == GROUP_BOARD)
            y = draw_legend(c, text, y);
    }
    struct rect hint = {box.x + 2, box.y + box.h - 1, box.w - 4, 1};
    struct str keys = STR(" j k PgUp PgDn scroll, ? or Esc closes ");
    if (box.h > 2)
        draw_right(c, hint, style_of(c, MEAN_DIM), hint.w > 45 ? keys : STR(" Esc closes "));
}
