/* The title of the note pane: what it shows, who is in it, and whether it is stored. */
#include "utf8.h"
#include "view_note_parts.h"
#include "wrap.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_FROM = 56, STATE_MAX = 400, WHO_MAX = 40 };

int draw_initial(struct canvas *c, int x, int y, struct style s, struct str user)
{
    uint32_t cp = '?';
    char bytes[4];
    utf8_next(user, &cp);
    if (cp >= 'a' && cp <= 'z')
        cp -= 'a' - 'A';
    return grid_text(c->g, (struct rect){x, y, 1, 1}, x, y, s,
                     (struct str){bytes, utf8_put(bytes, cp)});
}

/* ---- how it stands ---- */

/* Places that were changed. */
static size_t places_of(const struct op *o)
{
    struct op_at at = {0};
    struct op_part part;
    size_t n = 0;
    enum op_kind before = OP_SKIP;
    while (op_next(o, &at, &part)) {
        n += part.kind != OP_SKIP && before == OP_SKIP;
        before = part.kind;
    }
    return n;
}

static size_t changes_of(const struct doc *d)
{
    return places_of(&d->sync.flight) + places_of(&d->sync.pending);
}

static void add_unsaved(const struct doc *d, char *out, size_t n)
{
    size_t at = strlen(out), changes = changes_of(d);
    if (!doc_is_saved(d))
        snprintf(out + at, n - at, ", %zu edit%s not saved yet", MAX(changes, (size_t)1),
                 changes > 1 ? "s" : "");
}

static enum meaning state_of(const struct canvas *c, const struct doc *d, char *out, size_t n)
{
    bool online = c->m->session.state == SESSION_ONLINE;
    const struct err *refused = &c->m->here->note.refused;
    if (d->state == DOC_REFUSED || refused->code) {
        snprintf(out, n, "refused: %s", refused->code ? refused->text : d->why.text);
        return MEAN_TROUBLE;
    }
    if (!online || d->state != DOC_LIVE) {
        snprintf(out, n, "%s", online ? "opening" : "offline");
        add_unsaved(d, out, n);
        return MEAN_PENDING;
    }
    if (!doc_is_saved(d)) {
        snprintf(out, n, "saving");
        return MEAN_PENDING;
    }
    snprintf(out, n, "saved");
    return MEAN_ONLINE;
}

/* Lines as far as there is a newline among it, else characters. */
static size_t add_selected(const struct doc *d, size_t from, size_t to, char *out, size_t n)
{
    size_t lines = rope_line_of(d->text, to - 1) - rope_line_of(d->text, from) + 1;
    bool is_lines = lines > 1 || rope_at(d->text, to - 1) == '\n';
    size_t count = is_lines ? lines : to - from;
    return (size_t)snprintf(out, n, "%zu %s%s selected, ", count,
                            is_lines ? "line" : "character", count > 1 ? "s" : "");
}

static void add_facts(const struct canvas *c, struct rect r, const struct doc *d, char *out,
                      size_t n)
{
    const struct replica *replica = model_replica(c->m);
    const struct note *note = replica_note(replica, d->number);
    size_t from = MIN(d->caret, d->anchor), to = MAX(d->caret, d->anchor);
    size_t at = 0;
    if (r.w >= NAMES_FROM && d->text && d->caret <= rope_chars(d->text))
        at += (size_t)snprintf(out, n, "line %zu, ", rope_line_of(d->text, d->caret) + 1);
    const struct note_search *s = &c->m->here->note.search;
    if (s->on && s->of && s->changes == d->changes && to > from)
        at += (size_t)snprintf(out + at, n - at, "match %zu of %zu, ", s->nth, s->of);
    else if (d->text && to > from && to <= rope_chars(d->text))
        at += add_selected(d, from, to, out + at, n - at);
    if (c->m->here->note.marking)
        at += (size_t)snprintf(out + at, n - at, "selecting, ");
    if (note && note->archived)
        at += (size_t)snprintf(out + at, n - at, "put away, ");
    if (replica->role == ROLE_OBSERVER)
        snprintf(out + at, n - at, "read-only, ");
}

/* At the right edge, whatever else has to make way. Returns the column it begins at. */
static int draw_state(struct canvas *c, struct rect r, const struct doc *d)
{
    char facts[120] = "", state[STATE_MAX];
    enum meaning how = state_of(c, d, state, sizeof state);
    add_facts(c, r, d, facts, sizeof facts);
    struct str said = str_of(state);
    int most = MAX(r.w * 2 / 3, 1);
    said.n = glyphs_fit(said, most);
    int x = r.x + MAX(r.w - glyphs_width(said) - 1, 0);
    grid_text(c->g, r, x - 1, r.y, style_of(c, how), STR(" "));
    grid_text(c->g, r, x, r.y, style_of(c, how), said);
    grid_text(c->g, r, r.x + r.w - 1, r.y, style_of(c, how), STR(" "));
    int width = glyphs_width(str_of(facts));
    if (facts[0] && x - width > r.x + 8) {
        x -= width;
        grid_text(c->g, r, x - 1, r.y, style_of(c, MEAN_DIM), STR(" "));
        grid_text(c->g, r, x, r.y, style_of(c, MEAN_DIM), str_of(facts));
    }
    return x - 1;
}

/* ---- who is in it ---- */

static bool came_before(const struct doc *d, const struct doc_caret *o)
{
    vec_each (other, &d->others) {
        if (other == o)
            return false;
        if (strcmp(other->user, o->user) == 0)
            return true;
    }
    return false;
}

static void draw_people(struct canvas *c, struct rect r, const struct doc *d, bool names)
{
    int x = r.x, end = r.x + r.w;
    vec_each (o, &d->others) {
        struct str user = str_of(o->user);
        struct style s = person_style(c, user);
        s.attrs |= STYLE_BOLD;
        if (came_before(d, o))
            continue;
        if (names && x + glyphs_width(user) + 1 <= end) {
            x = grid_text(c->g, r, x, r.y, s, user);
            x = grid_text(c->g, r, x, r.y, s, STR(" "));
        } else if (x + 2 <= end) {
            x = draw_initial(c, x, r.y, s, user);
            x = grid_text(c->g, r, x, r.y, s, STR(" "));
        }
    }
}

/* ---- the name ---- */

static void name_of(const struct canvas *c, const struct doc *d, struct buf *out)
{
    const struct replica *r = model_replica(c->m);
    const struct note *n = replica_note(r, d->number);
    const struct card *card = n ? NULL : board_card(&r->board, d->number);
    if (n)
        buf_fmt(out, " %.*s ", STR_ARG(n->name));
    else if (d->number > 0)
        buf_fmt(out, " #%lld %s ", (long long)d->number, card ? card->title : "");
    else
        buf_fmt(out, " New card %s ", card ? card->title : "");
}

static void draw_text_title(struct canvas *c, struct rect r, enum meaning what)
{
    const struct doc *d = c->m->here->note.doc;
    struct buf name = {0};
    int x = draw_state(c, r, d);
    struct rect left = {r.x + 1, r.y, MAX(x - r.x - 1, 0), 1};
    name_of(c, d, &name);
    int end = draw(c, left, what, buf_str(&name));
    draw_people(c, rect_from(left, end), d, r.w >= NAMES_FROM);
    buf_finish(&name);
}

/* Returns the column behind it. */
static int draw_title_of(struct canvas *c, struct rect r, enum meaning what, const char *front)
{
    struct buf name = {0};
    buf_fmt(&name, " %s of", front);
    name_of(c, c->m->here->note.doc, &name);
    int x = draw(c, rect_from(r, r.x + 1), what, buf_str(&name));
    buf_finish(&name);
    return x;
}

static void draw_outline_title(struct canvas *c, struct rect r, enum meaning what)
{
    size_t n = c->m->here->note.outline.list.v.n;
    int x = draw_title_of(c, r, what, "Outline");
    draw_fmt(c, rect_from(r, x), MEAN_FAINT, "%zu%s ", n, n == HEADINGS_MAX ? " and more" : "");
}

static void draw_list_title(struct canvas *c, struct rect r, enum meaning what)
{
    const struct replica *replica = model_replica(c->m);
    size_t away = 0;
    vec_each (n, &replica->notes)
        away += n->archived;
    int x = draw(c, rect_from(r, r.x + 1), what, STR(" Notes "));
    x = draw_fmt(c, rect_from(r, x), MEAN_FAINT, "%zu ", replica->notes.n - away);
    if (away)
        draw_fmt(c, rect_from(r, x), MEAN_FAINT, "%zu put away%s ", away,
                 c->m->here->note.with_archived ? "" : ", A lists them");
}

void view_note_title(struct canvas *c)
{
    struct rect r = c->l.beside_title;
    const struct note_pane *p = &c->m->here->note;
    enum meaning what = beside_has_focus(c->m, BESIDE_NOTE) ? MEAN_TITLE_FOCUS : MEAN_TITLE;
    grid_repeat(c->g, r, style_of(c, MEAN_RULE), theme_sign(c->t, SIGN_HORIZONTAL));
    if (p->shows == NOTE_LIST || !p->doc)
        draw_list_title(c, r, what);
    else if (p->shows == NOTE_HISTORY)
        draw_title_of(c, r, what, "History");
    else if (p->shows == NOTE_OUTLINE)
        draw_outline_title(c, r, what);
    else
        draw_text_title(c, r, what);
}
