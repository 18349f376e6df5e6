/* The tour of moot demo: when a beat comes, and whether what it waits for is so. What it types
 * where nobody is, is in update_tour_keys.c. */
#include "update_parts.h"

#include <string.h>

enum { GIVEN_UP_MS = 2000 }; /* what was begun is not under way any more for so long */

/* ---- what is so ---- */

static int64_t newest_move(const struct model *m)
{
    int64_t seq = 0;
    vec_each (o, &m->own_moves)
        seq = MAX(seq, o->seq);
    return seq;
}

static bool moved(const struct model *m)
{
    return newest_move(m) > m->tour.since;
}

static bool edits(const struct model *m)
{
    return m->prompt == PROMPT_TITLE && m->prompt_card > 0;
}

static bool differs(const struct model *m)
{
    return model_conflicts(m) > 0;
}

static bool is_first_held(const struct model *m, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (m->conflicts.v[i].is_held && m->conflicts.v[i].id == m->conflicts.v[at].id)
            return false;
    return m->conflicts.v[at].is_held;
}

/* But for what the server refused, which waits for the person alone. */
static bool unsaved(const struct model *m)
{
    size_t held = 0;
    for (size_t i = 0; i < m->conflicts.n; i++)
        held += is_first_held(m, i);
    return session_unsaved(&m->session) > held;
}

static bool saved(const struct model *m)
{
    return m->session.state == SESSION_ONLINE && !unsaved(m);
}

static bool decided(const struct model *m)
{
    return !differs(m) && saved(m);
}

static bool home(const struct model *m)
{
    return m->here && strcmp(m->here->name, m->tour.home) == 0;
}

static bool elsewhere(const struct model *m)
{
    return m->here && !home(m);
}

static bool reads(const struct model *m)
{
    return m->here && model_beside(m) == BESIDE_NOTE && m->here->note.shows == NOTE_TEXT;
}

static bool lists(const struct model *m)
{
    return model_beside(m) == BESIDE_FEED;
}

static bool finds(const struct model *m)
{
    return model_beside(m) == BESIDE_SEARCH && m->prompt == PROMPT_NONE;
}

static bool measures(const struct model *m)
{
    return model_beside(m) == BESIDE_STATS;
}

static bool never(const struct model *m)
{
    (void)m;
    return false;
}

bool tour_is_so(const struct model *m, enum tour_fact f)
{
    static bool (*const facts[TOUR_FACTS])(const struct model *) = {
        [TOUR_NEVER] = never,       [TOUR_MOVED] = moved,     [TOUR_EDITS] = edits,
        [TOUR_DIFFERS] = differs,   [TOUR_DECIDED] = decided, [TOUR_ELSEWHERE] = elsewhere,
        [TOUR_HOME] = home,         [TOUR_READS] = reads,     [TOUR_UNSAVED] = unsaved,
        [TOUR_SAVED] = saved,       [TOUR_LISTS] = lists,     [TOUR_FINDS] = finds,
        [TOUR_MEASURES] = measures,
    };
    return facts[f](m);
}

/* ---- beats ---- */

const struct tour_beat *tour_beat(const struct tour *t)
{
    const struct tour_chapter *c = &tour_chapters[t->chapter];
    return t->beat < c->n ? &c->beats[t->beat] : NULL;
}

static void cue(const struct tour *t, int64_t card, struct effects *out)
{
    struct buf line = {0};
    struct tour_cue c = {t->run, (int64_t)t->chapter, (int64_t)t->beat, card};
    tour_cue_write(&c, &line);
    effect_add(out, EFFECT_CUE, (struct str){0}, buf_str(&line));
    buf_finish(&line);
}

static void go_to(struct model *m, size_t beat)
{
    struct tour *t = &m->tour;
    t->beat = beat;
    t->asks = t->waits = t->typing.on = false;
    t->typing.leaves = NULL;
    t->due = m->now + (tour_beat(t) ? tour_beat(t)->ms : 0);
}

void tour_pass_beat(struct model *m)
{
    go_to(m, m->tour.beat + 1);
}

void tour_leave_chapter(struct model *m)
{
    go_to(m, tour_chapters[m->tour.chapter].n);
}

static void begin_chapter(struct model *m, size_t chapter, struct effects *out)
{
    struct tour *t = &m->tour;
    t->chapter = chapter;
    t->run++;
    t->paused_at = 0;
    t->typing.times = 0;
    t->typing.shown[0] = '\0';
    go_to(m, 0);
    cue(t, 0, out);
}

static void begin_wait(struct model *m, const struct tour_beat *b)
{
    m->tour.waits = true;
    m->tour.asks = b->deed == TOUR_ASK;
    m->tour.since = newest_move(m);
    m->tour.gave_up = m->now + GIVEN_UP_MS;
    tour_type_later(m);
}

/* False as long as it has to be waited. */
static bool wait_for(struct model *m, const struct tour_beat *b)
{
    struct tour *t = &m->tour;
    if (!t->waits)
        begin_wait(m, b);
    if (tour_is_so(m, b->until)) {
        tour_pass_beat(m);
        return true;
    }
    if (!b->back || edits(m) || unsaved(m)) {
        t->gave_up = m->now + GIVEN_UP_MS;
        return false;
    }
    if (m->now < t->gave_up)
        return false;
    go_to(m, t->beat - b->back);
    return true;
}

/* Does what is to be done now; false when there is nothing more for now. */
static bool perform(struct model *m, struct effects *out)
{
    struct tour *t = &m->tour;
    const struct tour_beat *b = tour_beat(t);
    if (m->now < t->due)
        return false;
    if (!b) {
        tour_next(m, out);
        return t->on;
    }
    if (b->deed == TOUR_TIDY)
        return tour_tidy(m, b);
    bool shows = b->deed == TOUR_SHOW || b->deed == TOUR_ASK || b->deed == TOUR_AWAIT;
    if (shows && b->text)
        t->caption = b->text;
    if (b->deed == TOUR_ASK || b->deed == TOUR_AWAIT)
        return wait_for(m, b);
    if (!shows)
        cue(t, edits(m) ? m->prompt_card : 0, out);
    tour_pass_beat(m);
    return true;
}

/* It begins when there is something to see. */
static bool may_begin(const struct model *m)
{
    const struct replica *r = model_replica(m);
    return m->session.state == SESSION_ONLINE && r && r->synced;
}

void tour_settle(struct model *m, struct effects *out)
{
    struct tour *t = &m->tour;
    if (!t->on)
        return;
    if (!t->begun && may_begin(m)) {
        t->begun = true;
        begin_chapter(m, 0, out);
    }
    while (t->begun && !t->paused_at && perform(m, out))
        ;
}

int64_t tour_next_tick(const struct model *m)
{
    const struct tour *t = &m->tour;
    if (!t->on || !t->begun || t->paused_at)
        return INT64_MAX;
    if (!t->waits)
        return MAX(t->due, m->now + 1);
    const struct tour_beat *b = tour_beat(t);
    int64_t at = b && b->back && !edits(m) ? MAX(t->gave_up, m->now + 1) : INT64_MAX;
    return MIN(at, tour_typing_tick(m));
}

/* ---- what the person says ---- */

static bool is_there(struct model *m)
{
    if (!m->tour.on)
        model_toast(m, TOAST_INFO, "There is no tour here; moot demo gives one.");
    return m->tour.on && m->tour.begun;
}

void tour_next(struct model *m, struct effects *out)
{
    if (!is_there(m))
        return;
    if (m->tour.chapter + 1 < tour_count)
        begin_chapter(m, m->tour.chapter + 1, out);
    else
        tour_end(m, out);
}

void tour_back(struct model *m, struct effects *out)
{
    if (is_there(m))
        begin_chapter(m, m->tour.chapter ? m->tour.chapter - 1 : 0, out);
}

void tour_pause(struct model *m)
{
    struct tour *t = &m->tour;
    if (!is_there(m))
        return;
    if (t->paused_at) {
        t->due += m->now - t->paused_at;
        t->gave_up += m->now - t->paused_at;
        t->typing.at += m->now - t->paused_at;
    }
    t->paused_at = t->paused_at ? 0 : m->now;
}

void tour_press(struct model *m, const struct layout *l, int x, int y, struct effects *out)
{
    struct rect buttons[TOUR_BUTTONS];
    layout_tour_buttons(m, l, buttons);
    if (rect_has(buttons[TOUR_BUTTON_BACK], x, y))
        tour_back(m, out);
    else if (rect_has(buttons[TOUR_BUTTON_PAUSE], x, y))
        tour_pause(m);
    else if (rect_has(buttons[TOUR_BUTTON_NEXT], x, y))
        tour_next(m, out);
}

void tour_end(struct model *m, struct effects *out)
{
    struct tour *t = &m->tour;
    if (!is_there(m))
        return;
    begin_chapter(m, 0, out); /* so that a link that was cut is mended */
    *t = (struct tour){0};
    model_toast(m, TOAST_INFO, "The tour is over. q leaves moot, ? shows all keys.");
}
