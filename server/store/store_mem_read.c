/* The store without a disk: finding things, and the reads. */
#include "store_job.h"
#include "store_mem.h"

#include <string.h>

struct mem_room *mem_room_find(const struct mem *m, struct str name)
{
    struct mem_room *r;
    HASH_FIND(hh, m->rooms, name.p, (unsigned)name.n, r);
    return r;
}

size_t mem_text_place(const struct mem_room *r, int64_t number)
{
    size_t low = 0, high = r->texts.n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->texts.v[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct mem_text *mem_text_find(const struct mem_room *r, int64_t number)
{
    size_t at = mem_text_place(r, number);
    return at < r->texts.n && r->texts.v[at].number == number ? &r->texts.v[at] : NULL;
}

struct mem_client *mem_client_find(const struct mem *m, struct str author, struct str client)
{
    char key[USER_NAME_MAX + 1 + CLIENT_ID_MAX];
    bug_on(author.n > USER_NAME_MAX || client.n > CLIENT_ID_MAX);
    memset(key, 0, sizeof key);
    memcpy(key, author.n ? author.p : "", author.n);
    memcpy(key + author.n + 1, client.n ? client.p : "", client.n);
    struct mem_client *c;
    HASH_FIND(hh, m->clients, key, (unsigned)(author.n + 1 + client.n), c);
    return c;
}

/* The retry that matters is of something recent, so the newest are looked at first. */
const struct mem_done *mem_done_find(const struct mem_client *c, int64_t id)
{
    if (!c || id <= 0 || id > c->newest)
        return NULL;
    for (size_t i = c->done.n; i > 0; i--)
        if (c->done.v[i - 1].id == id)
            return &c->done.v[i - 1];
    return NULL;
}

bool mem_answer(struct store_job *j, const struct mem_done *d)
{
    if (!d)
        return false;
    j->found = true;
    j->seq = d->seq;
    j->number = d->number;
    j->found_room = str_keep(&j->arena, d->room);
    return true;
}

static struct store_member *members_copy(struct arena *a, const struct mem_room *r)
{
    struct store_member *v = arena_alloc(a, r->members.n * sizeof *v);
    for (size_t i = 0; i < r->members.n; i++) {
        const struct store_member *m = &r->members.v[i];
        v[i] = *m;
        v[i].user = str_keep(a, m->user);
    }
    return v;
}

static void room_head(struct arena *a, const struct mem_room *r, struct store_room *out)
{
    *out = (struct store_room){
        .name = str_keep(a, r->name),
        .is_public = r->is_public,
        .topic = str_keep(a, r->topic),
        .keep = r->keep,
        .trimmed = r->trimmed,
        .seq = (int64_t)r->log.n,
        .members = {members_copy(a, r), r->members.n},
    };
}

static struct store_token token_copy(struct arena *a, const struct store_token *t)
{
    struct store_token copy = *t;
    copy.id = str_keep(a, t->id);
    copy.user = str_keep(a, t->user);
    copy.scopes = str_keep(a, t->scopes);
    return copy;
}

/* The tokens in the order in which they were made, or only those that still have to be refused
 * at `now`. */
static void read_tokens(const struct mem *m, struct store_job *j, bool refused, int64_t now)
{
    j->tokens.v = arena_alloc(&j->arena, m->tokens.n * sizeof *j->tokens.v);
    vec_each (t, &m->tokens) {
        bool is_over = t->expires && t->expires <= now;
        if (!refused || (t->revoked && !is_over))
            j->tokens.v[j->tokens.n++] = token_copy(&j->arena, t);
    }
}

static void read_boot(const struct mem *m, struct store_job *j)
{
    j->users.v = arena_alloc(&j->arena, m->users.n * sizeof *j->users.v);
    vec_each (u, &m->users) {
        struct store_user *copy = &j->users.v[j->users.n++];
        *copy = *u;
        copy->name = str_keep(&j->arena, u->name);
    }
    j->rooms.v = arena_alloc(&j->arena, HASH_COUNT(m->rooms) * sizeof *j->rooms.v);
    for (struct mem_room *r = m->rooms; r; r = r->hh.next)
        room_head(&j->arena, r, &j->rooms.v[j->rooms.n++]);
    read_tokens(m, j, true, j->from);
    j->hooks.v = arena_alloc(&j->arena, m->hooks.n * sizeof *j->hooks.v);
    vec_each (k, &m->hooks)
        j->hooks.v[j->hooks.n++] = store_keep_hook(&j->arena, k);
}

static void read_notes(const struct mem_room *r, struct arena *a, struct store_room *out)
{
    out->notes.v = arena_alloc(a, r->notes.n * sizeof *out->notes.v);
    vec_each (n, &r->notes) {
        struct store_note *copy = &out->notes.v[out->notes.n++];
        *copy = *n;
        copy->name = str_keep(a, n->name);
        copy->author = str_keep(a, n->author);
    }
}

static const struct store_append *edit_at(const struct mem_room *r, const struct mem_text *t,
                                          int64_t version)
{
    return &r->log.v[t->edits.v[version - 1] - 1];
}

static void read_texts(const struct mem_room *r, struct arena *a, struct store_room *out)
{
    out->texts.v = arena_alloc(a, r->texts.n * sizeof *out->texts.v);
    vec_each (t, &r->texts) {
        int64_t newest = (int64_t)t->edits.n;
        const struct store_append *edit = edit_at(r, t, newest);
        out->texts.v[out->texts.n++] = (struct store_text){
            .number = t->number,
            .version = newest,
            .time = edit->time,
            .author = str_keep(a, edit->author),
            .boxes = edit->text.boxes,
        };
    }
}

static int64_t newest_about(const struct mem_room *r, int64_t number)
{
    size_t i = r->log.n;
    while (i > 0 && r->log.v[i - 1].number != number)
        i--;
    return i ? r->log.v[i - 1].seq : 0;
}

static void read_room(const struct mem *m, struct store_job *j)
{
    const struct mem_room *r = mem_room_find(m, j->room);
    if (!r) {
        store_refuse_room(j);
        return;
    }
    struct arena *a = &j->arena;
    struct store_room *out = arena_alloc(a, sizeof *out);
    room_head(a, r, out);
    out->next_number = r->next_number;
    out->columns.v = arena_alloc(a, r->columns.n * sizeof *out->columns.v);
    vec_each (c, &r->columns)
        out->columns.v[out->columns.n++] =
            (struct store_column){str_keep(a, c->name), c->limit};
    out->tasks.v = arena_alloc(a, r->tasks.n * sizeof *out->tasks.v);
    vec_each (t, &r->tasks)
        out->tasks.v[out->tasks.n++] = (struct store_task){
            .number = t->number,
            .title = str_keep(a, t->title),
            .column = str_keep(a, t->column),
            .key = str_keep(a, t->key),
            .archived = t->archived,
            .values = str_keep(a, t->values),
            .changed = newest_about(r, t->number),
        };
    read_notes(r, a, out);
    read_texts(r, a, out);
    mem_read_comments(r, a, out);
    mem_read_pins(r, a, out);
    j->rooms.v = out;
    j->rooms.n = 1;
}

static void read_lookup(const struct mem *m, struct store_job *j)
{
    const struct mem_client *c = mem_client_find(m, j->author, j->client);
    j->newest_id = c ? c->newest : 0;
    mem_answer(j, mem_done_find(c, j->id));
}

static void read_events(const struct mem *m, struct store_job *j)
{
    const struct mem_room *r = mem_room_find(m, j->room);
    if (!r) {
        store_refuse_room(j);
        return;
    }
    size_t at = j->from > 0 ? (size_t)MIN(j->from, (int64_t)r->log.n) : 0;
    size_t most = MIN(r->log.n - at, (size_t)MAX(j->limit, 0));
    size_t bytes = 0;
    j->events.v = arena_alloc(&j->arena, most * sizeof *j->events.v);
    while (j->events.n < most && (j->events.n == 0 || bytes < j->bytes_limit)) {
        const struct store_append *a = &r->log.v[at++];
        bytes += a->json.n;
        j->events.v[j->events.n++] =
            (struct store_event){a->seq, str_keep(&j->arena, a->json), a->number};
    }
    j->more = at < r->log.n;
}

static void read_history(const struct mem *m, struct store_job *j)
{
    const struct mem_room *r = mem_room_find(m, j->room);
    if (r)
        mem_read_history(r, j);
    else
        store_refuse_room(j);
}

/* The same person wrote on in the same text soon after. What follows on the page says so
 * itself; in front of it, the next edit alone is looked at. */
static bool goes_on(const struct mem_room *r, const struct store_append *a,
                    struct store_sittings *all)
{
    const struct mem_text *t = a->effect == EFFECT_TEXT ? mem_text_find(r, a->number) : NULL;
    if (t && store_sits(all, a->number, a->author, a->time))
        return true;
    if (!t || a->text.version >= (int64_t)t->edits.n)
        return false;
    const struct store_append *next = edit_at(r, t, a->text.version + 1);
    return str_eq(next->author, a->author) && next->time - a->time <= SITTING_MS;
}

static void read_activity(const struct mem *m, struct store_job *j)
{
    const struct mem_room *r = mem_room_find(m, j->room);
    if (!r) {
        store_refuse_room(j);
        return;
    }
    struct store_sittings sittings = {0};
    size_t end = MIN((size_t)MAX(j->from - 1, 0), r->log.n), seen = 0, bytes = 0;
    size_t most = MIN(end, (size_t)MAX(j->limit, 0));
    j->events.v = arena_alloc(&j->arena, most * sizeof *j->events.v);
    j->seq = j->from;
    for (; end > 0; end--) {
        const struct store_append *a = &r->log.v[end - 1];
        if (j->text && a->number != j->text)
            continue;
        j->more = j->events.n == most || (j->events.n && bytes >= j->bytes_limit) ||
                  seen++ == ACTIVITY_SCAN;
        if (j->more || a->time < j->since)
            break;
        j->seq = a->seq;
        if (goes_on(r, a, &sittings) || !store_is_asked(j, a->type, a->author, a->number,
                                                        a->json, mem_is_deleted(r, a->seq)))
            continue;
        bytes += a->json.n;
        j->events.v[j->events.n++] =
            (struct store_event){a->seq, str_keep(&j->arena, a->json), a->number};
    }
    vec_finish(&sittings.all);
    store_activity_end(j);
}

/* ---- texts ---- */

/* An edit as it is answered, and the bytes of its event; 0 when it cannot be read. */
static size_t edit_copy(const struct mem_room *r, const struct mem_text *t, int64_t version,
                        struct store_job *j, struct store_edit *out)
{
    const struct store_append *a = edit_at(r, t, version);
    *out = (struct store_edit){
        .version = version,
        .time = a->time,
        .author = str_keep(&j->arena, a->author),
        .client = str_keep(&j->arena, a->client),
        .id = MAX(a->id, 0),
    };
    return store_op_of(j, a->json, version, &out->op) ? a->json.n : 0;
}

static void read_snapshot(const struct mem_text *t, struct store_job *j)
{
    struct store_snapshot *out = &j->snapshot;
    vec_each (s, &t->snapshots)
        if (s->version <= j->version && (!j->until || s->time <= j->until))
            *out = *s;
    out->text = str_keep(&j->arena, out->text);
    out->blame = str_keep(&j->arena, out->blame);
}

void mem_read_text(const struct mem_room *r, const struct mem_text *t, struct store_job *j)
{
    j->snapshot.number = j->text;
    if (!t)
        return;
    read_snapshot(t, j);
    int64_t from = j->snapshot.version, to = MIN(j->version, (int64_t)t->edits.n);
    j->edits.v = arena_alloc(&j->arena, (size_t)MAX(to - from, 0) * sizeof *j->edits.v);
    while (from < to && (!j->until || edit_at(r, t, from + 1)->time <= j->until))
        if (!edit_copy(r, t, ++from, j, &j->edits.v[j->edits.n++]))
            return;
}

/* From version `from` on to `to`, both with them, by steps of `step`. */
static void read_page(const struct mem_room *r, const struct mem_text *t, struct store_job *j,
                      int64_t from, int64_t to, int step)
{
    int64_t there = MAX((to - from) * step + 1, 0);
    size_t most = (size_t)MIN(there, MAX(j->limit, 0)), bytes = 0, n = 0;
    j->edits.v = arena_alloc(&j->arena, most * sizeof *j->edits.v);
    for (; n < most && (n == 0 || bytes < j->bytes_limit); n++, from += step) {
        size_t took = edit_copy(r, t, from, j, &j->edits.v[n]);
        if (!took)
            return;
        bytes += took;
    }
    j->edits.n = n;
    j->more = (int64_t)n < there;
}

static void read_edits(const struct mem_room *r, const struct mem_text *t, struct store_job *j)
{
    int64_t newest = t ? (int64_t)t->edits.n : 0;
    if (j->from >= 0) {
        read_page(r, t, j, MIN(j->from, newest) + 1, newest, 1);
        return;
    }
    read_page(r, t, j, MIN(newest, -(j->from + 1)), 1, -1);
    for (size_t i = 0; i < j->edits.n / 2; i++) {
        struct store_edit swap = j->edits.v[i];
        j->edits.v[i] = j->edits.v[j->edits.n - 1 - i];
        j->edits.v[j->edits.n - 1 - i] = swap;
    }
}

static void read_snapshots(const struct mem_text *t, struct store_job *j)
{
    size_t n = t ? t->snapshots.n : 0;
    j->versions.v = arena_alloc(&j->arena, n * sizeof *j->versions.v);
    for (size_t i = 0; i < n; i++)
        j->versions.v[j->versions.n++] = t->snapshots.v[i].version;
}

/* What is asked about one text. */
static void read_of_text(const struct mem *m, struct store_job *j)
{
    const struct mem_room *r = mem_room_find(m, j->room);
    if (!r) {
        store_refuse_room(j);
        return;
    }
    const struct mem_text *t = mem_text_find(r, j->text);
    if (j->kind == JOB_TEXT)
        mem_read_text(r, t, j);
    else if (j->kind == JOB_EDITS)
        read_edits(r, t, j);
    else
        read_snapshots(t, j);
    if (j->err.code != ERR_NONE)
        j->edits.n = 0;
}

static void read_minutes(const struct mem *m, struct store_job *j)
{
    size_t most = (size_t)MIN(MAX(j->limit, 0), MINUTES_MAX);
    j->minutes.v = arena_alloc(&j->arena, most * sizeof *j->minutes.v);
    vec_each (item, &m->minutes) {
        if (item->time < j->from)
            continue;
        if ((j->more = j->minutes.n == most))
            return;
        j->minutes.v[j->minutes.n++] =
            (struct minute_item){item->time, str_keep(&j->arena, item->figures)};
    }
}

static void read_audit(const struct mem *m, struct store_job *j)
{
    size_t end = (size_t)MIN(MAX(j->from - 1, 0), (int64_t)m->audits.n);
    size_t n = MIN(end, (size_t)j->limit);
    j->more = n < end;
    j->audits.v = arena_alloc(&j->arena, n * sizeof *j->audits.v);
    while (j->audits.n < n) {
        struct store_audit *a = &j->audits.v[j->audits.n++];
        *a = m->audits.v[--end];
        a->author = str_keep(&j->arena, a->author);
        a->act = str_keep(&j->arena, a->act);
        a->subject = str_keep(&j->arena, a->subject);
        a->words = str_keep(&j->arena, a->words);
    }
}

static void read_job(const struct mem *m, struct store_job *j)
{
    bug_on(store_is_write(j->kind));
    if (j->kind == JOB_BOOT)
        read_boot(m, j);
    else if (j->kind == JOB_ROOM)
        read_room(m, j);
    else if (j->kind == JOB_LOOKUP)
        read_lookup(m, j);
    else if (j->kind == JOB_EVENTS)
        read_events(m, j);
    else if (j->kind == JOB_HISTORY)
        read_history(m, j);
    else if (j->kind == JOB_TRIMMABLE)
        mem_read_trimmable(m, j);
    else if (j->kind == JOB_ACTIVITY)
        read_activity(m, j);
    else if (j->kind == JOB_UNREAD)
        mem_read_unread(m, j);
    else if (j->kind == JOB_SEARCH)
        mem_read_search(m, j);
    else if (j->kind == JOB_MINUTES)
        read_minutes(m, j);
    else if (j->kind == JOB_TOKENS)
        read_tokens(m, j, false, 0);
    else if (j->kind == JOB_AUDIT)
        read_audit(m, j);
    else
        read_of_text(m, j);
}

void mem_read(struct store *s, struct store_job *j)
{
    struct mem *m = (struct mem *)s;
    pthread_mutex_lock(&m->lock);
    read_job(m, j);
    pthread_mutex_unlock(&m->lock);
}
