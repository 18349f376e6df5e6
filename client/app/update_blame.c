/* Who wrote what of the open text: asked of the server, and moved along while it changes. */
#include "update_parts.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

void blame_clear(struct note_blame *b)
{
    buf_finish(&b->text);
    vec_finish(&b->runs.v);
    vec_finish(&b->coming.v);
    *b = (struct note_blame){.on = b->on};
}

void blame_toggle(struct model *m)
{
    struct note_pane *p = note_pane(m);
    if (!p || !p->doc)
        return;
    p->blame.on = !p->blame.on;
    blame_clear(&p->blame);
    if (p->blame.on && m->session.state != SESSION_ONLINE)
        model_toast(m, TOAST_INFO,
                    "Who wrote what is known to the server; it comes when "
                    "there is a connection.");
}

/* ---- asking ---- */

static bool is_due(const struct model *m, const struct note_pane *p)
{
    const struct note_blame *b = &p->blame;
    return b->on && p->doc && p->doc->state == DOC_LIVE && p->doc->number > 0 &&
           m->session.state == SESSION_ONLINE && !b->asked && !b->is_fresh;
}

int64_t blame_next_tick(const struct model *m)
{
    const struct note_pane *p = note_pane(m);
    return p && is_due(m, p) ? MAX(p->blame.asked_at + BLAME_EVERY_MS, m->now) : INT64_MAX;
}

static void ask(struct model *m, struct note_pane *p, struct effects *out)
{
    struct note_blame *b = &p->blame;
    struct msg q = {.type = MSG_NOTE_BLAME};
    q.request.room = str_of(m->here->name);
    q.note_blame.note = p->doc->number;
    b->coming.v.n = 0;
    b->asked = session_ask(&m->session, &q, out, NULL);
    b->asked_at = m->now;
}

/* ---- moving along ---- */

/* The longest front and back that two texts share, in bytes, cut between code points. */
static size_t same_front(struct str a, struct str b)
{
    size_t n = MIN(a.n, b.n), i = 0;
    while (i < n && a.p[i] == b.p[i])
        i++;
    while (i > 0 && i < a.n && (a.p[i] & 0xc0) == 0x80)
        i--;
    while (i > 0 && i < b.n && (b.p[i] & 0xc0) == 0x80)
        i--;
    return i;
}

static size_t same_back(struct str a, struct str b, size_t front)
{
    size_t n = MIN(a.n, b.n) - front, i = 0;
    while (i < n && a.p[a.n - 1 - i] == b.p[b.n - 1 - i])
        i++;
    while (i > 0 && (a.p[a.n - i] & 0xc0) == 0x80)
        i--;
    return i;
}

static void add_run(struct note_runs *runs, struct note_run run, size_t chars)
{
    run.chars = chars;
    if (chars)
        vec_push(&runs->v, run);
}

/* Takes `cut` code points out at `at` and puts `put` of unknown origin there. */
static void replace(struct note_runs *runs, size_t at, size_t cut, size_t put)
{
    struct note_runs new = {0};
    size_t pos = 0;
    bool is_put = false;
    vec_each (r, &runs->v) {
        size_t end = pos + r->chars;
        size_t before = pos < at ? MIN(end, at) - pos : 0;
        size_t behind = end > at + cut ? end - MAX(pos, at + cut) : 0;
        add_run(&new, *r, before);
        if (!is_put && end >= at) {
            add_run(&new, (struct note_run){0}, put);
            is_put = true;
        }
        add_run(&new, *r, behind);
        pos = end;
    }
    if (!is_put)
        add_run(&new, (struct note_run){0}, put);
    vec_finish(&runs->v);
    *runs = new;
}

/* What lies between the same front and the same end was typed since. */
static void move_along(struct note_blame *b, const struct rope *now)
{
    struct buf text = {0};
    rope_read(now, 0, rope_chars(now), &text);
    struct str old = buf_str(&b->text), new = buf_str(&text);
    size_t front = same_front(old, new), back = same_back(old, new, front);
    size_t cut = utf8_chars((struct str){old.p + front, old.n - front - back});
    size_t put = utf8_chars((struct str){new.p + front, new.n - front - back});
    if (cut || put) {
        replace(&b->runs, utf8_chars((struct str){old.p, front}), cut, put);
        b->is_fresh = false;
    }
    buf_finish(&b->text);
    b->text = text;
}

void blame_settle(struct model *m, struct effects *out)
{
    struct note_pane *p = note_pane(m);
    struct note_blame *b = &p->blame;
    if (!b->on || !p->doc || !p->doc->text)
        return;
    if (m->session.state != SESSION_ONLINE)
        b->asked = 0;
    if (b->is_known && b->changes != p->doc->changes)
        move_along(b, p->doc->text);
    b->changes = p->doc->changes;
    if (is_due(m, p) && (b->asked_at == 0 || m->now - b->asked_at >= BLAME_EVERY_MS))
        ask(m, p, out);
}

/* ---- the answer ---- */

static void take_runs(struct note_runs *to, const struct msg_note_runs *part)
{
    for (size_t i = 0; i < part->runs.n; i++) {
        const struct run_item *item = &part->runs.v[i];
        struct note_run run = {
            .version = item->version, .time = item->time, .chars = (size_t)item->chars};
        memcpy(run.author, item->author.p, MIN(item->author.n, (size_t)USER_NAME_MAX));
        vec_push(&to->v, run);
    }
}

static size_t chars_of(const struct note_runs *runs)
{
    size_t n = 0;
    vec_each (r, &runs->v)
        n += r->chars;
    return n;
}

/* The runs count only if they are of the very text on
 * screen; otherwise they are asked for again. */
void blame_take(struct note_pane *p, const struct msg_note_runs *part)
{
    struct note_blame *b = &p->blame;
    if (!b->asked || part->head.re != b->asked)
        return;
    take_runs(&b->coming, part);
    if (part->more)
        return;
    b->asked = 0;
    const struct doc *d = p->doc;
    if (d && d->text && part->version == d->sync.version && doc_is_saved(d) &&
        chars_of(&b->coming) == rope_chars(d->text)) {
        struct note_runs swap = b->runs;
        b->runs = b->coming;
        b->coming = swap;
        buf_clear(&b->text);
        rope_read(d->text, 0, rope_chars(d->text), &b->text);
        b->is_known = b->is_fresh = true;
    }
    b->coming.v.n = 0;
}

bool blame_failed(struct note_pane *p, int64_t id, bool passing)
{
    if (!id || p->blame.asked != id)
        return false;
    p->blame.asked = 0;
    p->blame.on = passing;
    return passing;
}

struct note_run blame_of(const struct note_blame *b, size_t start, size_t end)
{
    struct note_run newest = {0};
    size_t pos = 0;
    vec_each (r, &b->runs.v) {
        bool touches = pos < MAX(end, start + 1) && pos + r->chars > start;
        if (touches && !r->author[0])
            return *r; /* chars > 0 */
        if (touches && r->version >= newest.version)
            newest = *r;
        pos += r->chars;
        if (pos >= MAX(end, start + 1))
            break;
    }
    return newest;
}
