/* Texts out of the store: the newest snapshot and every edit behind it, each checked. What does
 * not load is refused, and never taken for an empty text. */
#include "text.h"

#include "ask.h"
#include "caller.h"
#include "note.h"
#include "reading.h"
#include "room.h"
#include "utf8.h"

enum { RUN_BYTES = 32 }; /* of memory, that a run takes */

static void begin_empty(struct text *t)
{
    t->rope = rope_new();
    t->blame = blame_new();
    t->first = t->newest + 1;
    t->loaded = true;
}

/* About: what the rope and the runs take is a little more than what is in them. */
static size_t weight(const struct text *t)
{
    size_t bytes = t->loaded ? rope_bytes(t->rope) : 0;
    return bytes + bytes / 4 + (t->loaded ? blame_runs(t->blame) * RUN_BYTES : 0) + t->bytes;
}

void texts_weigh(struct hub *h)
{
    if (h->now < h->weigh_at)
        return;
    h->weigh_at = h->now + TEXTS_WEIGHED_MS;
    h->text_bytes = 0;
    for (const struct room *r = h->rooms; r; r = r->hh.next)
        for (const struct text *t = r->texts; t; t = t->hh.next)
            h->text_bytes += weight(t);
}

bool text_is_refused(struct text *t, struct err *e)
{
    *e = t->failed;
    if (!t->loading)
        t->failed = (struct err){0}; /* it is tried again */
    return e->code != ERR_NONE;
}

void text_load(struct hub *h, struct text *t)
{
    if (t->loaded || t->loading || t->failed.code != ERR_NONE)
        return;
    if (text_head_version(t->room, t->number) == 0) {
        begin_empty(t);
        return;
    }
    if (h->text_bytes > h->text_bytes_max) {
        fail(&t->failed, ERR_BUSY, "texts that people have open take %zu MB, at most %zu",
             h->text_bytes >> 20, h->text_bytes_max >> 20);
        return;
    }
    struct ask *a = ask_new(h, ASK_TEXT, NULL, 0);
    struct store_job *j = store_job_new(JOB_TEXT);
    j->room = str_keep(&j->arena, str_of(t->room->name));
    j->text = t->number;
    j->version = INT64_MAX;
    t->loading = a->tag;
    ask_store(h, a, j);
}

static bool begin_with(struct text *t, const struct store_snapshot *s, struct err *e)
{
    if (s->version == 0) {
        begin_empty(t);
        return s->text.n == 0 || fail(e, ERR_STORE, "its first version is not empty");
    }
    size_t chars = utf8_is_valid(s->text) ? utf8_chars(s->text) : SIZE_MAX;
    if (chars > NOTE_MAX || str_has(s->text, '\0') || s->version < 0 || s->version > SEQ_MAX)
        return fail(e, ERR_STORE, "its snapshot is no text");
    t->blame = blame_parse(s->blame, chars, e);
    if (!t->blame)
        return false;
    t->rope = rope_of(s->text);
    t->chars = chars;
    t->stored = t->newest = t->snapshot = s->version;
    t->first = t->newest + 1;
    t->time = s->time;
    t->loaded = true;
    return true;
}

static bool replay_one(struct hub *h, struct text *t, const struct store_edit *from,
                       struct err *e)
{
    struct err why = {0};
    if (from->version != t->newest + 1)
        return fail(e, ERR_STORE, "version %lld is missing", (long long)t->newest + 1);
    if (!op_parse(&h->op, from->op, OP_OUT_MAX, &why) || !op_check(&h->op, t->chars, &why))
        return fail(e, ERR_STORE, "version %lld: %.200s", (long long)from->version, why.text);
    text_add_stored(t, &h->op, from);
    return true;
}

bool text_replay(struct hub *h, struct text *t, const struct store_job *j, struct err *e)
{
    if (!begin_with(t, &j->snapshot, e))
        return false;
    for (size_t i = 0; i < j->edits.n; i++) {
        if (!replay_one(h, t, &j->edits.v[i], e))
            return false;
    }
    return true;
}

static bool is_where_the_room_is(const struct text *t, struct err *e)
{
    const struct room *r = t->room;
    int64_t expected = text_head_version(r, t->number);
    if (!r->has_board || t->stored == expected)
        return true;
    return fail(e, ERR_STORE, "it is at version %lld, not %lld", (long long)t->stored,
                (long long)expected);
}

/* Tells all who wait for it, and forgets why it failed: the next request tries again. It counts
 * as loading until then, so that nobody frees it. */
static void wake(struct hub *h, struct text *t)
{
    for (size_t i = t->holders.n; i-- > 0;) {
        if (i < t->holders.n)
            reading_step(h, t->holders.v[i]);
    }
    room_wake(h, t->room);
    t->loading = 0;
    t->failed = (struct err){0};
    text_tidy(t);
}

static void load_failed(struct hub *h, struct text *t, const struct err *e)
{
    text_unload(t);
    fail(&t->failed, err_is_passing(e->code) ? e->code : ERR_STORE,
         "text %lld of %s cannot be read: %.160s", (long long)t->number, t->room->name,
         e->text);
    h->counts.store_failures++;
    out_log(h, 0, "hub.text", "%s", t->failed.text);
}

void text_loaded(struct hub *h, const struct ask *a, const struct store_job *j)
{
    struct room *r = room_find(h, j->room);
    struct text *t = r ? text_find(r, j->text) : NULL;
    struct err e = j->err;
    if (!t || t->loading != a->tag)
        return;
    if (e.code != ERR_NONE || !text_replay(h, t, j, &e) || !is_where_the_room_is(t, &e))
        load_failed(h, t, &e);
    h->text_bytes += weight(t);
    wake(h, t);
}

void texts_compare(struct hub *h, struct room *r)
{
    struct text *t, *next;
    HASH_ITER (hh, r->texts, t, next) {
        if (t->loaded && t->stored != text_head_version(r, t->number)) {
            out_log(h, 1, "hub.text", "text %lld of %s is not at version %lld",
                    (long long)t->number, r->name, (long long)t->stored);
            text_unload(t);
            text_tidy(t);
        }
    }
}
