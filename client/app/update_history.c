/* The versions of the open text: which one is looked at, and what was asked of the server to
 * show it. One question of each kind is under way at a time, and always the one that is wanted
 * now, so holding a key down floods nobody. */
#include "beside.h"
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

enum { LOG_AHEAD = 20000 }; /* versions whose authors are fetched before anyone asks */

void history_clear(struct note_history *h)
{
    vec_finish(&h->versions);
    vec_each (a, &h->authors)
        free(*a);
    vec_finish(&h->authors);
    buf_finish(&h->coming);
    for (size_t i = 0; i < VERSION_TEXTS; i++)
        buf_finish(&h->texts[i].text);
    buf_finish(&h->before);
    buf_finish(&h->after);
    vec_finish(&h->lines.lines);
    *h = (struct note_history){0};
    for (size_t i = 0; i < VERSION_TEXTS; i++)
        h->texts[i].version = -1;
}

/* ---- what is known of the versions ---- */

static int64_t newest(const struct note_history *h)
{
    return (int64_t)h->versions.n - 1;
}

static void grow(struct note_history *h, int64_t to)
{
    to = MIN(to, HISTORY_MAX_VERSIONS);
    while (newest(h) < to)
        vec_push(&h->versions, (struct note_version){0});
}

static unsigned author_of(struct note_history *h, struct str name)
{
    for (size_t i = 0; i < h->authors.n; i++)
        if (str_is(name, h->authors.v[i]))
            return (unsigned)i;
    vec_push(&h->authors, str_dup(name));
    return (unsigned)h->authors.n - 1;
}

static void note_version(struct note_history *h, int64_t version, int64_t time,
                         struct str author)
{
    if (version < 1 || version > HISTORY_MAX_VERSIONS)
        return;
    grow(h, version);
    h->versions.v[version] = (struct note_version){MAX(time, 1), author_of(h, author)};
}

static bool is_known(const struct note_history *h, int64_t version)
{
    return version > 0 && version <= newest(h) && h->versions.v[version].time > 0;
}

int64_t history_sitting_start(const struct note_history *h, int64_t version)
{
    while (is_known(h, version) && is_known(h, version - 1) &&
           h->versions.v[version].time - h->versions.v[version - 1].time < SITTING_GAP_MS)
        version--;
    return version;
}

static int64_t sitting_end(const struct note_history *h, int64_t version)
{
    while (is_known(h, version) && is_known(h, version + 1) &&
           h->versions.v[version + 1].time - h->versions.v[version].time < SITTING_GAP_MS)
        version++;
    return version;
}

/* ---- going about ---- */

static struct note_history *open_history(const struct model *m)
{
    struct note_pane *p = note_pane(m);
    return p && p->shows == NOTE_HISTORY ? &p->history : NULL;
}

static void go(struct note_history *h, int64_t version)
{
    h->at = MIN(MAX(version, 0), newest(h));
    int64_t start = h->by_version ? h->at : history_sitting_start(h, h->at);
    h->from = MAX(start - 1, 0);
    h->is_asking = false;
    h->top = 0;
}

void history_show(struct model *m)
{
    struct note_pane *p = note_pane(m);
    struct doc *d = p ? p->doc : NULL;
    if (!d)
        return;
    if (m->session.state != SESSION_ONLINE || d->number < 0) {
        model_toast(m, TOAST_INFO, "The history is kept by the server, and %s.",
                    d->number < 0 ? "it does not know this text yet"
                                  : "there is no connection to it now");
        return;
    }
    history_clear(&p->history);
    grow(&p->history, d->sync.version);
    note_show(m, NOTE_HISTORY);
    go(&p->history, newest(&p->history));
}

void history_step(struct model *m, int by)
{
    struct note_history *h = open_history(m);
    if (!h)
        return;
    h->by_version = true;
    go(h, h->at + by);
}

void history_step_sitting(struct model *m, int by)
{
    struct note_history *h = open_history(m);
    if (!h)
        return;
    h->by_version = false;
    if (by < 0)
        go(h, history_sitting_start(h, h->at) - 1);
    else
        go(h, h->at < newest(h) ? sitting_end(h, sitting_end(h, h->at) + 1) : h->at);
}

void history_go(struct model *m, int64_t version)
{
    struct note_history *h = open_history(m);
    if (!h)
        return;
    h->by_version = true;
    go(h, version);
}

void history_scroll(struct model *m, int lines)
{
    struct note_history *h = open_history(m);
    if (!h || h->lines.lines.n == 0)
        return;
    size_t by = (size_t)abs(lines), last = h->lines.lines.n - 1;
    h->top = lines < 0 ? h->top - MIN(by, h->top) : MIN(h->top + by, last);
}

void history_compare(struct model *m)
{
    struct note_history *h = open_history(m);
    if (!h)
        return;
    h->to_now = !h->to_now;
    h->is_asking = false;
}

/* ---- texts of versions ---- */

static struct version_text *text_of(struct note_history *h, int64_t version)
{
    for (size_t i = 0; i < VERSION_TEXTS; i++)
        if (h->texts[i].version == version) {
            h->texts[i].used = ++h->uses;
            return &h->texts[i];
        }
    return NULL;
}

static void keep_text(struct note_history *h, int64_t version, const struct buf *text)
{
    struct version_text *oldest = &h->texts[0];
    for (size_t i = 1; i < VERSION_TEXTS; i++)
        if (h->texts[i].used < oldest->used)
            oldest = &h->texts[i];
    oldest->version = version;
    oldest->used = ++h->uses;
    buf_clear(&oldest->text);
    buf_add_str(&oldest->text, buf_str(text));
}

/* A text as a string, in out; false while it is not here. The empty one needs no asking. */
static bool get_text(struct note_history *h, int64_t version, struct buf *out)
{
    struct version_text *t = version > 0 ? text_of(h, version) : NULL;
    buf_clear(out);
    if (t)
        buf_add_str(out, buf_str(&t->text));
    return t || version == 0;
}

static bool lacks_text(struct note_history *h, int64_t version)
{
    return version > 0 && !text_of(h, version);
}

/* ---- what is shown ---- */

/* Behind the last newline there is no line that anybody would count. */
static void drop_last_newline(struct note_history *h)
{
    size_t n = h->lines.lines.n;
    if (n == 0 || h->lines.lines.v[n - 1].text.n)
        return;
    bool is_all = h->before.n == 0 || h->after.n == 0;
    if (is_all || h->lines.lines.v[n - 1].kind == DIFF_SAME)
        h->lines.lines.n--;
}

static void count_lines(struct note_history *h)
{
    bool found = false;
    h->added = h->removed = 0;
    for (size_t i = 0; i < h->lines.lines.n; i++) {
        enum diff_kind kind = h->lines.lines.v[i].kind;
        h->added += kind == DIFF_ADDED;
        h->removed += kind == DIFF_REMOVED;
        if (kind != DIFF_SAME && !found && h->top == 0) {
            h->top = i > 3 ? i - 3 : 0; /* the first difference, and what stands above it */
            found = true;
        }
    }
}

static bool is_shown(const struct note_history *h, const struct doc *d)
{
    return h->is_shown && h->shown_at == h->at && h->shown_to_now == h->to_now &&
           (h->to_now ? h->shown_changes == d->changes : h->shown_from == h->from);
}

static void show(struct note_history *h, const struct doc *d)
{
    struct buf before = {0}, after = {0};
    bool ok = get_text(h, h->to_now ? h->at : h->from, &before);
    if (h->to_now && d->text)
        rope_read(d->text, 0, rope_chars(d->text), &after);
    else if (!h->to_now)
        ok = get_text(h, h->at, &after) && ok;
    if (ok) {
        buf_finish(&h->before);
        buf_finish(&h->after);
        h->before = before;
        h->after = after;
        vec_finish(&h->lines.lines);
        diff_lines(buf_str(&h->before), buf_str(&h->after), &h->lines);
        bool moved = !h->is_shown || h->shown_at != h->at || h->shown_to_now != h->to_now;
        if (moved)
            h->top = 0;
        drop_last_newline(h);
        count_lines(h);
        h->top = MIN(h->top, h->lines.lines.n);
        h->is_shown = true;
        h->shown_at = h->at;
        h->shown_from = h->from;
        h->shown_to_now = h->to_now;
        h->shown_changes = d->changes;
        return;
    }
    buf_finish(&before);
    buf_finish(&after);
}

/* ---- questions ---- */

static int64_t ask(struct model *m, struct msg *q, struct effects *out)
{
    q->request.room = str_of(m->here->name);
    return session_ask(&m->session, q, out, NULL);
}

static void ask_text(struct model *m, struct note_history *h, struct effects *out)
{
    int64_t want = lacks_text(h, h->at)                   ? h->at
                   : !h->to_now && lacks_text(h, h->from) ? h->from
                                                          : 0;
    if (h->asked_text || want == 0)
        return;
    struct msg q = {.type = MSG_NOTE_AT};
    q.note_at.note = note_doc(m)->number;
    q.note_at.version = want;
    buf_clear(&h->coming);
    h->asked_text = ask(m, &q, out);
    h->wanted = want;
}

/* The page with the version looked at, else the newest ones that are not known yet. */
static int64_t log_before(const struct note_history *h)
{
    int64_t v = newest(h);
    if (h->at > 0 && !is_known(h, h->at))
        return MIN(h->at + HISTORY_LOG / 4, v) + 1;
    if (h->from > 0 && !is_known(h, h->from))
        return h->from + 1;
    int64_t last = MAX(v - LOG_AHEAD, 0);
    while (v > last && is_known(h, v))
        v--;
    return v > last ? v + 1 : 0;
}

static void ask_log(struct model *m, struct note_history *h, struct effects *out)
{
    int64_t before = h->asked_log ? 0 : log_before(h);
    if (before == 0)
        return;
    struct msg q = {.type = MSG_NOTE_LOG};
    q.note_log.note = note_doc(m)->number;
    q.note_log.before = before;
    q.note_log.limit = HISTORY_LOG;
    h->asked_log = ask(m, &q, out);
    h->log_before = before;
}

bool history_key(struct model *m, struct key key, struct effects *out)
{
    struct note_history *h = open_history(m);
    if (!h || !h->is_asking || key.mods || (key.code != 'y' && key.code != 'n'))
        return false;
    if (key.code == 'y')
        history_restore(m, out);
    else
        h->is_asking = false;
    return true;
}

void history_settle(struct model *m, struct effects *out)
{
    struct note_history *h = open_history(m);
    const struct doc *d = note_doc(m);
    if (!h || !d)
        return;
    bool at_end = h->at == newest(h);
    if (d->sync.version > newest(h)) {
        grow(h, d->sync.version);
        if (at_end && !h->is_asking)
            go(h, newest(h));
    }
    if (m->session.state != SESSION_ONLINE) {
        h->asked_log = h->asked_text = 0;
    } else if (m->now >= h->ask_at) {
        ask_text(m, h, out);
        ask_log(m, h, out);
    }
    if (!is_shown(h, d))
        show(h, d);
}

/* ---- answers ---- */

static void take_text(struct note_history *h, const struct msg_note_text *part)
{
    if (!h->asked_text || part->head.re != h->asked_text)
        return;
    buf_add_str(&h->coming, part->text);
    if (!part->more) {
        keep_text(h, h->wanted, &h->coming);
        h->asked_text = 0;
        buf_finish(&h->coming);
    }
}

static void take_log(struct note_history *h, const struct msg_note_versions *page)
{
    if (!h->asked_log || page->head.re != h->asked_log)
        return;
    h->asked_log = 0;
    for (size_t i = 0; i < page->versions.n; i++) {
        const struct version_item *v = &page->versions.v[i];
        note_version(h, v->version, v->time, v->author);
    }
    /* What the server does not say now it will not say if asked again. */
    if (!is_known(h, h->log_before - 1))
        note_version(h, h->log_before - 1, 0, (struct str){0});
    if (!h->by_version)
        h->from = MAX(history_sitting_start(h, h->at) - 1, 0);
}

void history_take(struct note_pane *p, const struct msg *m)
{
    struct note_history *h = &p->history;
    if (m->type == MSG_NOTE_TEXT)
        take_text(h, &m->note_text);
    else if (m->type == MSG_NOTE_VERSIONS)
        take_log(h, &m->note_versions);
    else if (m->type == MSG_NOTE_EDITED && h->versions.n && p->doc &&
             m->note_edited.note == p->doc->number) {
        bool at_end = h->at == newest(h);
        note_version(h, m->note_edited.version, m->event.time, m->event.author);
        if (at_end && !h->is_asking)
            go(h, newest(h));
    }
}

bool history_failed(struct note_pane *p, int64_t id, bool passing, int64_t now)
{
    struct note_history *h = &p->history;
    if (!id || (h->asked_log != id && h->asked_text != id))
        return false;
    if (passing) {
        h->asked_log = h->asked_log == id ? 0 : h->asked_log;
        h->asked_text = h->asked_text == id ? 0 : h->asked_text;
        h->ask_at = now + HISTORY_PATIENCE_MS;
        return true;
    }
    /* Asking again would fail again. */
    p->shows = p->doc ? NOTE_TEXT : NOTE_LIST;
    history_clear(h);
    return false;
}

int64_t history_next_tick(const struct model *m)
{
    const struct note_history *h = open_history(m);
    return h && h->ask_at > m->now ? h->ask_at : INT64_MAX;
}

/* ---- back to what it was ---- */

void history_restore(struct model *m, struct effects *out)
{
    struct note_history *h = open_history(m);
    struct doc *d = note_doc(m);
    struct buf then = {0}, now = {0};
    if (!h || !d->text || !get_text(h, h->at, &then)) {
        buf_finish(&then);
        return;
    }
    struct op o = {0};
    rope_read(d->text, 0, rope_chars(d->text), &now);
    diff_op(buf_str(&now), buf_str(&then), &o);
    if (op_is_empty(&o)) {
        model_toast(m, TOAST_INFO, "The text is as it was in version %lld.", (long long)h->at);
    } else if (!h->is_asking) {
        h->is_asking = true;
    } else {
        int64_t version = h->at;
        undo_break(d->undo);
        note_pane(m)->shows = NOTE_TEXT;
        size_t caret = op_caret(&o, d->caret, OP_LEFT);
        if (note_edit(m, &o, caret, caret, out))
            model_toast(m, TOAST_INFO,
                        "The text is as it was in version %lld. %s takes that back.",
                        (long long)version, keymap_key(&m->keys, ACTION_NOTE_UNDO, IN_NOTE).s);
        undo_break(d->undo);
    }
    op_finish(&o);
    buf_finish(&then);
    buf_finish(&now);
}
