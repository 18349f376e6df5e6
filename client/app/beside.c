#include "beside.h"
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

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
    for (size_t i = v ? v->beside.n : 0; i-- > 0;)
        if (is_open(v, v->beside.v[i].what))
            return v->beside.v[i].what;
    return BESIDE_NONE;
}

/* What lay on one that is taken out leads where that one did. */
static void take_out(struct beside_stack *s, enum beside b)
{
    size_t n = 0;
    bool afar = false;
    for (size_t i = 0; i < s->n; i++) {
        struct beside_turn turn = s->v[i];
        if (turn.what == b) {
            afar = turn.from_afar;
            continue;
        }
        turn.from_afar |= afar;
        afar = false;
        s->v[n++] = turn;
    }
    s->n = n;
}

void beside_raise(struct room_view *v, enum beside b, bool from_afar)
{
    struct beside_stack *s = &v->beside;
    if (s->n && s->v[s->n - 1].what == b)
        from_afar |= s->v[s->n - 1].from_afar;
    take_out(s, b);
    s->v[s->n++] = (struct beside_turn){b, from_afar};
}

void beside_show(struct model *m, enum beside b)
{
    beside_raise(m->here, b, m->focus != FOCUS_BESIDE);
    m->focus = FOCUS_BESIDE;
}

void beside_leave(struct model *m, enum beside b)
{
    struct beside_stack *s = &m->here->beside;
    if (!beside_has_focus(m, b))
        return;
    if (s->n < 2 || s->v[s->n - 1].from_afar) {
        m->focus = FOCUS_BOARD;
        return;
    }
    take_out(s, b);
    memmove(&s->v[1], &s->v[0], s->n * sizeof s->v[0]);
    s->n++;
    s->v[0] = (struct beside_turn){b, true};
    s->v[1].from_afar = true;
}

bool beside_has_focus(const struct model *m, enum beside b)
{
    return m->focus == FOCUS_BESIDE && model_beside(m) == b;
}

/* What is closed goes out. True: the last one was, and it leads back to the board, not to what
 * lies below, where a key would be text. */
static bool take_out_closed(const struct room_view *v, struct beside_stack *s)
{
    size_t n = 0;
    bool afar = false;
    for (size_t i = 0; i < s->n; i++) {
        struct beside_turn turn = s->v[i];
        turn.from_afar |= afar;
        afar = turn.from_afar && !is_open(v, turn.what);
        if (is_open(v, turn.what))
            s->v[n++] = turn;
    }
    s->n = n;
    return afar;
}

void beside_settle(struct model *m)
{
    bool leads_back = m->here && take_out_closed(m->here, &m->here->beside);
    if (m->focus == FOCUS_BESIDE && (leads_back || !model_beside(m)))
        m->focus = FOCUS_BOARD;
}
