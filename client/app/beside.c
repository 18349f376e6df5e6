#include "beside.h"
#include "update_parts.h"

#include <stdlib.h>

/* ---- notes ---- */

static bool note_is_open(const struct room_view *v)
{
    return v->note.shows != NOTE_NOTHING;
}

static enum action_where note_where(const struct room_view *v)
{
    static const enum action_where places[] = {IN_BOARD, IN_NOTES, IN_NOTE, IN_HISTORY,
                                               IN_OUTLINE};
    return places[v->note.shows];
}

static void note_step(struct model *m, int rows)
{
    if (note_pane(m)->shows == NOTE_LIST)
        notes_step(m, rows);
    else if (note_pane(m)->shows == NOTE_OUTLINE)
        outline_step(m, rows);
    else if (abs(rows) == STEP_FAR)
        history_go(m, rows < 0 ? 0 : SEQ_MAX);
    else
        history_scroll(m, rows);
}

/* ---- what went on ---- */

static bool feed_is_open(const struct room_view *v)
{
    return v->feed.shows != FEED_NOTHING;
}

static enum action_where feed_where(const struct room_view *v)
{
    (void)v;
    return IN_FEED;
}

static void no_sideways(struct model *m, int by)
{
    (void)m;
    (void)by;
}

static void feed_cancel(struct model *m, struct effects *out)
{
    (void)out;
    feed_close(m);
}

/* ---- cards ---- */

static bool card_is_open(const struct room_view *v)
{
    return v->card_pane.card != 0;
}

static enum action_where card_where(const struct room_view *v)
{
    return card_pane_said(&v->card_pane) ? IN_COMMENT : IN_CARD;
}

static void card_cancel(struct model *m, struct effects *out)
{
    card_close(m, m->here, out);
}

/* ---- statistics ---- */

static bool stats_is_open(const struct room_view *v)
{
    return v->shows_stats;
}

static enum action_where stats_where(const struct room_view *v)
{
    (void)v;
    return IN_STATS;
}

static void stats_cancel(struct model *m, struct effects *out)
{
    (void)out;
    stats_close(m);
}

/* ---- what was found ---- */

static bool search_is_open(const struct room_view *v)
{
    return v->shows_search;
}

static enum action_where search_where(const struct room_view *v)
{
    (void)v;
    return IN_SEARCH;
}

static void search_cancel(struct model *m, struct effects *out)
{
    (void)out;
    search_close(m);
}

/* ---- all of them ---- */

const struct beside_row beside_rows[BESIDE_COUNT] = {
    [BESIDE_NOTE] = {.tab = "Note",
                     .is_open = note_is_open,
                     .where = note_where,
                     .step = note_step,
                     .sideways = history_step_sitting,
                     .cancel = note_cancel,
                     .press = note_press,
                     .wheel = note_wheel},
    [BESIDE_FEED] = {.tab = "Activity",
                     .is_open = feed_is_open,
                     .where = feed_where,
                     .step = feed_step,
                     .sideways = no_sideways,
                     .cancel = feed_cancel,
                     .press = feed_press,
                     .wheel = feed_step},
    [BESIDE_STATS] = {.tab = "Stats",
                      .is_open = stats_is_open,
                      .where = stats_where,
                      .step = stats_step,
                      .sideways = no_sideways,
                      .cancel = stats_cancel,
                      .press = stats_press,
                      .wheel = stats_step},
    [BESIDE_SEARCH] = {.tab = "Search",
                       .is_open = search_is_open,
                       .where = search_where,
                       .step = search_step,
                       .sideways = no_sideways,
                       .cancel = search_cancel,
                       .press = search_press,
                       .wheel = search_step},
    [BESIDE_CARD] = {.tab = "Card",
                     .is_open = card_is_open,
                     .where = card_where,
                     .step = card_step,
                     .sideways = card_step_value,
                     .cancel = card_cancel,
                     .press = card_press,
                     .wheel = card_wheel},
};

static bool is_open(const struct room_view *v, enum beside b)
{
    return beside_rows[b].is_open && beside_rows[b].is_open(v);
}

enum beside model_beside(const struct model *m)
{
    const struct room_view *v = m->here;
    if (!v || is_open(v, v->beside))
        return v ? v->beside : BESIDE_NONE;
    for (enum beside b = 0; b < BESIDE_COUNT; b++)
        if (is_open(v, b))
            return b;
    return BESIDE_NONE;
}

void beside_show(struct model *m, enum beside b)
{
    struct room_view *v = m->here;
    if (m->focus != FOCUS_BESIDE || v->beside != b)
        v->from_afar[b] = m->focus != FOCUS_BESIDE;
    v->beside = b;
    m->focus = FOCUS_BESIDE;
}

bool beside_has_focus(const struct model *m, enum beside b)
{
    return m->focus == FOCUS_BESIDE && model_beside(m) == b;
}

void beside_settle(struct model *m)
{
    struct room_view *v = m->here;
    enum beside b = model_beside(m);
    bool is_closed = v && v->beside && v->beside != b;
    if (m->focus == FOCUS_BESIDE && (!b || (is_closed && v->from_afar[v->beside])))
        m->focus = FOCUS_BOARD; /* and not what lies below, where a key would be text */
    if (v)
        v->beside = b;
}
