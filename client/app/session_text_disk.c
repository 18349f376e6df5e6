/* What of texts is on the disk: records of the outbox file, texts in the cache, and what the
 * server will not take. */
#include "codec.h"
#include "session_parts.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    MORES_MAX = 512,                   /* restored edits that are made one at a time */
    OP_ON_DISK_MAX = 64 * 1024 * 1024, /* bytes; a longer one is not ours */
};

/* ---- records, as we write them ---- */

static int64_t name_of(const struct doc *d)
{
    return d->wire->kept_as ? d->wire->kept_as : d->number;
}

static void add_name(struct buf *out, const char *what, const struct doc *d)
{
    buf_fmt(out, "{\"%s\":{\"room\":\"%s\",\"note\":%lld", what, d->room,
            (long long)name_of(d));
}

static void add_record(enum effect_kind kind, struct buf *record, struct effects *out)
{
    effect_add(out, kind, (struct str){0}, buf_str(record));
    buf_finish(record);
}

/* The next id stands in it too: a file may hold a draft and no request, and an id that was used
 * once must not be used for something else. */
static void add_draft(struct buf *out, const struct session *s, const struct doc *d)
{
    add_name(out, "draft", d);
    if (d->wire->kept_as)
        buf_fmt(out, ",\"number\":%lld", (long long)d->number);
    buf_fmt(out, ",\"base\":%lld,\"next\":%lld", (long long)d->sync.version,
            (long long)s->next_id);
    if (d->sync.is_in_flight) {
        buf_fmt(out, ",\"flight\":{\"id\":%lld,\"op\":", (long long)d->wire->flight_id);
        op_print(&d->sync.flight, out);
        buf_add_c(out, '}');
    }
    if (!op_is_empty(&d->sync.pending)) {
        buf_fmt(out, ",\"op\":");
        op_print(&d->sync.pending, out);
    }
    buf_fmt(out, "}}");
}

void session_keep_draft(struct session *s, struct doc *d, bool sync, struct effects *out)
{
    struct buf record = {0};
    add_draft(&record, s, d);
    add_record(sync ? EFFECT_KEEP : EFFECT_KEEP_LATER, &record, out);
    d->wire->has_draft = d->wire->is_written = d->wire->is_kept_dirty = true;
}

void session_keep_more(struct session *s, struct doc *d, const struct op *o,
                       struct effects *out)
{
    struct buf record = {0};
    if (!d->wire->has_draft) {
        session_keep_draft(s, d, false, out);
        return;
    }
    add_name(&record, "more", d);
    buf_fmt(&record, ",\"op\":");
    op_print(o, &record);
    buf_fmt(&record, "}}");
    add_record(EFFECT_KEEP_LATER, &record, out);
    d->wire->is_written = true;
}

/* Should the record get lost, the server is asked again about what it had taken. */
void session_keep_saved(struct session *s, struct doc *d, struct effects *out)
{
    d->wire->has_draft = false;
    if (!d->wire->is_kept_dirty)
        return;
    d->wire->is_kept_dirty = false;
    if (session_is_clean(s)) {
        effect_add(out, EFFECT_KEPT_ALL, (struct str){0}, (struct str){0});
        return;
    }
    struct buf record = {0};
    add_draft(&record, s, d);
    add_record(EFFECT_KEEP_LATER, &record, out);
}

/* ---- what the server will not take ---- */

/* What a person typed, one insertion a line. */
static void add_inserted(struct buf *out, const struct op *o)
{
    struct op_at at = {0};
    struct op_part part;
    struct buf text = {0};
    while (op_next(o, &at, &part)) {
        if (part.kind != OP_INSERT)
            continue;
        if (text.n)
            buf_add_c(&text, '\n');
        buf_add_str(&text, part.text);
    }
    codec_quote(out, buf_str(&text));
    buf_finish(&text);
}

static void tell_refused(const struct turn *t, const struct doc *d, struct str op,
                         const struct err *why)
{
    struct msg m = {.type = MSG_NOTE_EDIT};
    m.request.id = d->wire->flight_id;
    m.request.room = str_of(d->room);
    m.note_edit.note = d->number;
    m.note_edit.base = d->sync.version;
    m.note_edit.op = op;
    if (t->l.refused)
        t->l.refused(t->l.arg, &m, why);
}

static void print_edit(const struct doc *d, const struct op *o, struct buf *out)
{
    buf_fmt(out, "{\"type\":\"note.edit\",\"id\":%lld,\"room\":\"%s\",\"note\":%lld,",
            (long long)d->wire->flight_id, d->room, (long long)d->number);
    buf_fmt(out, "\"base\":%lld,\"text\":", (long long)d->sync.version);
    add_inserted(out, o);
    buf_fmt(out, ",\"op\":");
    op_print(o, out);
    buf_add_c(out, '}');
}

void session_text_unsaved(struct doc *d, struct op *out)
{
    session_text_settle(d);
    doc_unsaved(d, out);
}

void session_print_unsaved(struct doc *d, struct buf *out)
{
    struct op o = {0};
    session_text_unsaved(d, &o);
    if (!op_is_empty(&o))
        print_edit(d, &o, out);
    op_finish(&o);
}

void session_forget_text(const struct session *s, struct doc *d, struct buf *out)
{
    session_text_settle(d);
    doc_revert(d);
    d->wire->has_draft = d->wire->is_kept_dirty = false;
    add_draft(out, s, d);
}

static void set_aside(const struct turn *t, const struct doc *d, const struct op *o,
                      const struct err *why)
{
    struct buf json = {0}, op = {0};
    print_edit(d, o, &json);
    effect_add(t->out, EFFECT_REFUSED, str_of(why->text), buf_str(&json));
    op_print(o, &op);
    tell_refused(t, d, buf_str(&op), why);
    buf_finish(&json);
    buf_finish(&op);
}

/* In this order: it is in the other file before it leaves this one; and what a person was told
 * is refused is never sent again. */
void session_put_aside(const struct turn *t, struct doc *d, const struct err *why)
{
    struct op o = {0};
    struct buf record = {0};
    session_text_unsaved(d, &o);
    if (!op_is_empty(&o))
        set_aside(t, d, &o, why);
    doc_revert(d);
    d->wire->has_draft = false;
    if (d->wire->is_kept_dirty) {
        d->wire->is_kept_dirty = false;
        add_draft(&record, t->s, d);
        add_record(EFFECT_KEEP, &record, t->out);
    }
    if (session_is_clean(t->s))
        effect_add(t->out, EFFECT_KEPT_ALL, (struct str){0}, (struct str){0});
    op_finish(&o);
}

/* ---- records, as they are read ---- */

static bool take(struct str *s, const char *literal)
{
    if (!str_starts(*s, literal))
        return false;
    *s = (struct str){s->p + strlen(literal), s->n - strlen(literal)};
    return true;
}

static bool take_int(struct str *s, int64_t min, int64_t *out)
{
    size_t n = s->n && s->p[0] == '-';
    while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
        n++;
    if (!str_int((struct str){s->p, n}, min, SEQ_MAX, out))
        return false;
    *s = (struct str){s->p + n, s->n - n};
    return true;
}

static bool take_name(struct str *s, struct str *room, int64_t *number)
{
    if (!take(s, "{\"room\":\""))
        return false;
    *room = str_cut(s, '"');
    return s->p && room->n <= ROOM_NAME_MAX && str_follows(*room, RULE_ROOM) &&
           take(s, ",\"note\":") && take_int(s, -SEQ_MAX, number) && *number != 0;
}

/* An array up to its end: a ']' that stands in no string. */
static bool take_op(struct str *s, struct op *o)
{
    size_t n = 0;
    bool in_string = false;
    while (n < s->n && (in_string || s->p[n] != ']')) {
        if (s->p[n] == '\\' && in_string)
            n++;
        else if (s->p[n] == '"')
            in_string = !in_string;
        n++;
    }
    if (n >= s->n || !op_parse(o, (struct str){s->p, n + 1}, OP_ON_DISK_MAX, NULL))
        return false;
    *s = (struct str){s->p + n + 1, s->n - n - 1};
    return true;
}

struct draft {
    int64_t number; /* 0: that of its name */
    int64_t base, next, flight_id;
    struct op flight, op;
};

static bool take_draft(struct str *s, struct draft *t)
{
    if (take(s, ",\"number\":") && !take_int(s, 1, &t->number))
        return false;
    if (!take(s, ",\"base\":") || !take_int(s, 0, &t->base) || !take(s, ",\"next\":") ||
        !take_int(s, 1, &t->next))
        return false;
    if (take(s, ",\"flight\":{\"id\":") &&
        (!take_int(s, 1, &t->flight_id) || !take(s, ",\"op\":") || !take_op(s, &t->flight) ||
         !take(s, "}")))
        return false;
    if (take(s, ",\"op\":") && !take_op(s, &t->op))
        return false;
    return str_is(*s, "}}");
}

/* The doc whose records have this name; NULL: there is none. */
static struct doc *named(const struct session *s, struct str room, int64_t name)
{
    vec_each (d, &s->texts) {
        if (name_of(*d) == name && str_is(room, (*d)->room))
            return *d;
    }
    return NULL;
}

static struct doc *doc_of_more(const struct session *s, struct str room, int64_t name)
{
    struct doc *d = named(s, room, name);
    return d ? d : session_text(s, room, name);
}

static struct doc *doc_of_draft(struct session *s, struct str room, int64_t name,
                                int64_t number)
{
    struct doc *d = named(s, room, name);
    if (!d && number == 0)
        return session_text_make(s, room, name);
    if (!d) {
        d = doc_new(room, number);
        d->wire->kept_as = name;
        vec_push(&s->texts, d);
    }
    return d;
}

static void drop_mores(struct doc *d)
{
    vec_each (o, &d->wire->mores)
        op_finish(o);
    d->wire->mores.n = 0;
}

static void restore_draft(struct session *s, struct doc *d, struct draft *t)
{
    drop_mores(d);
    sync_reset(&d->sync, t->base);
    d->sync.is_in_flight = t->flight_id != 0;
    op_swap(&d->sync.flight, &t->flight);
    op_swap(&d->sync.pending, &t->op);
    d->wire->flight_id = t->flight_id;
    d->wire->has_draft = true;
    d->wire->is_kept_dirty = !sync_is_clean(&d->sync);
    session_used_id(s, MAX(t->next, t->flight_id));
}

static void fold_mores(struct doc *d)
{
    struct doc_wire *w = d->wire;
    struct op all = {0};
    if (w->mores.n == 0)
        return;
    const struct op **ops = mem_new(w->mores.n * sizeof *ops);
    for (size_t i = 0; i < w->mores.n; i++)
        ops[i] = &w->mores.v[i];
    op_compose_all(ops, w->mores.n, &all);
    sync_local(&d->sync, &all);
    op_finish(&all);
    free(ops);
    drop_mores(d);
}

static bool restore_more(struct doc *d, struct op *o)
{
    if (!d || !d->wire->has_draft)
        return false;
    struct op own = {0};
    op_swap(&own, o);
    vec_push(&d->wire->mores, own);
    d->wire->is_kept_dirty = true;
    if (d->wire->mores.n >= MORES_MAX)
        fold_mores(d);
    return true;
}

bool session_restore_text(struct session *s, struct str json, struct err *e, bool *ok)
{
    struct draft t = {0};
    struct str room;
    int64_t number;
    bool is_draft = take(&json, "{\"draft\":"),
         is_more = !is_draft && take(&json, "{\"more\":");
    if (!is_draft && !is_more)
        return false;
    *ok = take_name(&json, &room, &number);
    if (*ok && is_draft && (*ok = take_draft(&json, &t)))
        restore_draft(s, doc_of_draft(s, room, number, t.number), &t);
    else if (*ok && is_more)
        *ok = take(&json, ",\"op\":") && take_op(&json, &t.op) && str_is(json, "}}") &&
              restore_more(doc_of_more(s, room, number), &t.op);
    if (!*ok)
        fail(e, ERR_MALFORMED, "a record of the outbox is broken");
    op_finish(&t.flight);
    op_finish(&t.op);
    return true;
}

/* ---- the cache, as it is read ---- */

static void cached_text(struct session *s, const struct msg_note_text *m)
{
    struct doc *d = session_text_make(s, m->room, m->note);
    struct doc_wire *w = d->wire;
    if (m->part == 0)
        buf_clear(&w->part);
    if (m->part == 0 || m->part == w->next_part) {
        buf_add_str(&w->part, m->text);
        w->next_part = m->part + 1;
    }
    if (m->more || w->next_part != m->part + 1)
        return;
    rope_free(w->cached);
    w->cached = NULL;
    if (utf8_chars(buf_str(&w->part)) <= NOTE_MAX)
        w->cached = rope_of(buf_str(&w->part));
    w->cached_version = m->version;
    buf_finish(&w->part);
    w->next_part = 0;
}

/* In the order of versions: an event may have come before the answer that leads up to it. */
static void push_behind(struct doc_wire *w, struct run run)
{
    size_t at = w->behind.n;
    vec_push(&w->behind, run);
    for (; at && w->behind.v[at - 1].from > run.from; at--)
        w->behind.v[at] = w->behind.v[at - 1];
    w->behind.v[at] = run;
}

static void cached_run(struct doc *d, struct run run, struct str json)
{
    if (d && d->wire->cached && op_parse(&run.op, json, OP_OUT_MAX, NULL))
        push_behind(d->wire, run);
    else
        op_finish(&run.op);
}

void session_text_cached(struct session *s, const struct msg *m)
{
    if (m->type == MSG_NOTE_TEXT) {
        cached_text(s, &m->note_text);
    } else if (m->type == MSG_NOTE_CHANGES) {
        const struct msg_note_changes *c = &m->note_changes;
        struct run run = {.from = c->from, .to = c->to, .id = RUN_MIXED};
        cached_run(session_text(s, c->room, c->note), run, c->op);
    } else if (m->type == MSG_NOTE_EDITED) {
        const struct msg_note_edited *e = &m->note_edited;
        bool is_own = str_is(e->head.client, s->client) && str_is(e->head.author, s->user);
        struct run run = {.from = e->version - 1, .to = e->version};
        run.id = is_own ? e->head.id : 0;
        cached_run(session_text(s, e->head.room, e->note), run, e->op);
    }
}

/* ---- records and cache together ---- */

/* Leads a text of the cache on to version `to`, or as far as it goes (-1). Returns the place
 * behind the last run that was used. False: the text is no good. */
static bool lead_on(struct doc_wire *w, int64_t to, size_t *used)
{
    int64_t v = w->cached_version;
    bool is_whole = true; /* not in the middle of a run in pieces */
    size_t i = 0;
    for (; i < w->behind.n && (to < 0 || v < to); i++) {
        const struct run *r = &w->behind.v[i];
        if (r->from < v)
            continue;
        if (r->from > v || (to >= 0 && r->to > to) ||
            !op_check(&r->op, rope_chars(w->cached), NULL))
            break;
        op_apply(&r->op, w->cached);
        is_whole = r->to > r->from || op_is_empty(&r->op);
        v = r->to;
    }
    w->cached_version = v;
    *used = i;
    return is_whole && (to < 0 || v == to);
}

/* What the cache has behind the version that the draft is at. */
static void catch_up(struct doc *d, size_t from)
{
    for (size_t i = from; i < d->wire->behind.n; i++) {
        const struct run *r = &d->wire->behind.v[i];
        if (r->to <= d->sync.version)
            continue;
        if (r->from != d->sync.version || r->to != r->from + 1 || r->id == RUN_MIXED ||
            !doc_fits(d, &r->op, NULL))
            return;
        if (d->sync.is_in_flight && r->id == d->wire->flight_id) {
            if (!op_eq(&d->sync.flight, &r->op))
                return;
            doc_own(d);
        } else {
            doc_remote(d, &r->op, r->to, (struct author){0}, 0);
        }
    }
}

static void place_cached(struct doc *d)
{
    struct doc_wire *w = d->wire;
    size_t used = 0;
    bool clean = sync_is_clean(&d->sync);
    if (!lead_on(w, clean ? -1 : d->sync.version, &used))
        return;
    if (clean)
        sync_reset(&d->sync, w->cached_version);
    struct rope *text = w->cached;
    w->cached = NULL;
    w->is_cached = doc_set_text(d, text);
    if (w->is_cached)
        catch_up(d, used);
}

void session_text_settle(struct doc *d)
{
    struct doc_wire *w = d->wire;
    fold_mores(d);
    if (sync_is_clean(&d->sync))
        w->has_draft = false; /* the file may be cut */
    if (w->cached && !d->text)
        place_cached(d);
    rope_free(w->cached);
    w->cached = NULL;
    vec_each (r, &w->behind)
        op_finish(&r->op);
    vec_finish(&w->behind);
}

/* ---- the cache, as it is written ---- */

static void cache(const struct msg *m, const struct doc *d, struct effects *out)
{
    struct buf json = {0};
    codec_encode(&json, m);
    effect_add(out, EFFECT_CACHE, str_of(d->room), buf_str(&json));
    buf_finish(&json);
}

static bool is_in_cache(const struct session *s, const struct doc *d)
{
    const struct replica *r = session_room(s, str_of(d->room));
    return r && r->seq > 0 && d->number > 0 && d->text;
}

/* The end of a part: at most so many bytes, and no code point is cut. */
static size_t part_of(struct str text)
{
    size_t n = MIN(text.n, (size_t)NOTE_PART_MAX);
    while (n && n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80)
        n--;
    return n;
}

void session_cache_text(const struct session *s, const struct doc *d, struct effects *out)
{
    if (!is_in_cache(s, d))
        return;
    struct buf all = {0};
    const struct rope *text = d->wire->stored ? d->wire->stored : d->text;
    rope_read(text, 0, rope_chars(text), &all);
    struct str rest = buf_str(&all);
    struct msg m = {.type = MSG_NOTE_TEXT};
    m.note_text.head.re = 1;
    m.note_text.room = str_of(d->room);
    m.note_text.note = d->number;
    m.note_text.version = d->sync.version;
    do {
        size_t n = part_of(rest);
        m.note_text.text = (struct str){rest.p, n};
        rest = (struct str){rest.p + n, rest.n - n};
        m.note_text.more = rest.n > 0;
        cache(&m, d, out);
        m.note_text.part++;
    } while (rest.n);
    d->wire->is_cached = true;
    buf_finish(&all);
}

void session_cache_runs(const struct session *s, const struct doc *d, struct effects *out)
{
    if (!is_in_cache(s, d) || !d->wire->is_cached)
        return;
    vec_each (r, &d->wire->runs) {
        if (r->from == r->to && op_is_empty(&r->op))
            continue;
        struct buf op = {0};
        op_print(&r->op, &op);
        struct msg m = {.type = MSG_NOTE_CHANGES};
        m.note_changes = (struct msg_note_changes){.head.re = 1,
                                                   .room = str_of(d->room),
                                                   .note = d->number,
                                                   .from = r->from,
                                                   .to = r->to,
                                                   .op = buf_str(&op)};
        cache(&m, d, out);
        buf_finish(&op);
    }
}

void session_cache_texts(const struct session *s, struct str room, struct effects *out)
{
    vec_each (d, &s->texts) {
        if (str_is(room, (*d)->room))
            session_cache_text(s, *d, out);
    }
}
