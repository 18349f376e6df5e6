/* A client's disk: what an fsync covered outlives a crash, and now and then it is full. */
#include "sim_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void disk_add_line(struct buf *b, struct str line)
{
    buf_add_str(b, line);
    buf_add_c(b, '\n');
}

static void sync_disk(struct disk *d)
{
    if (d->cut_later)
        buf_clear(&d->synced);
    buf_add_str(&d->synced, buf_str(&d->later));
    buf_clear(&d->later);
    d->cut_later = false;
}

/* As the file of the real client finds it. */
bool disk_has_requests(const struct disk *d)
{
    struct str rest = buf_str(&d->synced);
    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        bool has_op = memmem(line.p, line.n, "\"op\":", 5);
        if (str_starts(line, "{\"type\":") || (str_starts(line, "{\"draft\":") && has_op) ||
            str_starts(line, "{\"more\":"))
            return true;
    }
    return false;
}

int64_t disk_record_id(struct str json)
{
    const char *at = json.n ? memmem(json.p, json.n, "\"id\":", 5) : NULL;
    return at ? strtoll(at + 5, NULL, 10) : 0;
}

static int64_t id_of_flight(struct str record)
{
    static const char front[] = "\"flight\":{\"id\":";
    const char *at = memmem(record.p, record.n, front, strlen(front));
    return at && str_starts(record, "{\"draft\":") ? strtoll(at + strlen(front), NULL, 10) : 0;
}

static void add_edit(struct actor *c, int64_t id)
{
    struct intent *t = intent_find(sim_intents(c->sim), c->user, str_of(c->id), id);
    if (t && !t->is_edit)
        sim_fail(c->sim, "%s.%lld is the id of a request and of an edit", c->id, (long long)id);
    if (!t)
        intent_add(sim_intents(c->sim), c->user, c->id, id)->is_edit = true;
}

/* The server takes what comes under an id that it knows for the same request: what is another
 * would be told to be stored, and lost. */
static struct intent *request_of(struct actor *c, struct str record)
{
    int64_t id = disk_record_id(record);
    uint64_t hash = sim_hash(record);
    struct intent *t = intent_find(sim_intents(c->sim), c->user, str_of(c->id), id);
    if (t && t->hash != hash)
        sim_fail(c->sim, "%s.%lld is the id of two requests", c->id, (long long)id);
    if (!t) {
        t = intent_add(sim_intents(c->sim), c->user, c->id, id);
        t->hash = hash;
    }
    return t;
}

/* A crash loses that it was refused: it is sent again, and may be taken. */
static void may_forget_answer(struct actor *c, int64_t id)
{
    struct intent *t = intent_find(sim_intents(c->sim), c->user, str_of(c->id), id);
    if (t)
        t->twice = true;
}

/* What is sent although it is not on disk may be forgotten by a crash. An edit never is. */
static void hold(struct actor *c, struct str record)
{
    struct err why = {0};
    disk_add_line(&c->disk.held, record);
    fail(&why, ERR_IO, "the disk is full");
    session_disk(&c->session, &why);
    if (str_starts(record, "{\"type\":"))
        request_of(c, record)->is_held = true;
    else if (str_starts(record, "{\"done\":"))
        may_forget_answer(c, strtoll(record.p + strlen("{\"done\":"), NULL, 10));
}

static void note_kept(struct actor *c, struct str record)
{
    if (str_starts(record, "{\"type\":"))
        request_of(c, record)->is_held = false;
    else if (id_of_flight(record))
        add_edit(c, id_of_flight(record));
}

void actor_fill_disk(struct actor *c)
{
    sim_trace(c->sim, "client %zu: its disk is full", c->index);
    c->disk.is_full = true;
    c->disk.room_at = sim_now(c->sim) + sim_below(c->sim, 3000);
}

void actor_free_disk(struct actor *c)
{
    struct disk *d = &c->disk;
    struct str rest = buf_str(&d->held);
    struct err none = {0};
    sim_trace(c->sim, "client %zu: its disk has room again", c->index);
    while (rest.n)
        note_kept(c, str_cut(&rest, '\n'));
    buf_add_str(&d->later, buf_str(&d->held));
    buf_clear(&d->held);
    d->is_full = false;
    sync_disk(d);
    session_disk(&c->session, &none);
}

/* Requests that were made at one stroke are on the disk with the last of them. */
static void note_later(struct actor *c)
{
    for (struct str rest = buf_str(&c->disk.later); rest.n;) {
        struct str line = str_cut(&rest, '\n');
        if (str_starts(line, "{\"type\":"))
            note_kept(c, line);
    }
}

/* Of what no fsync covered, the beginning may be there. */
void actor_crash_disk(struct actor *c)
{
    struct disk *d = &c->disk;
    if (d->cut_later && sim_chance(c->sim, 50)) {
        buf_clear(&d->later); /* not even the cut is there */
        d->cut_later = false;
        return;
    }
    struct str rest = buf_str(&d->later);
    struct buf kept = {0};
    while (rest.n && sim_chance(c->sim, 60))
        disk_add_line(&kept, str_cut(&rest, '\n'));
    buf_finish(&d->later);
    d->later = kept;
    note_later(c);
    sync_disk(d);
}

void actor_keep(struct actor *c, struct str record, bool sync)
{
    if (c->disk.is_full) {
        hold(c, record);
        return;
    }
    disk_add_line(&c->disk.later, record);
    if (!sync)
        return;
    note_later(c);
    sync_disk(&c->disk);
    sim_trace(c->sim, "client %zu: keeps %.*s", c->index, (int)MIN(record.n, (size_t)150),
              record.p);
    note_kept(c, record);
}
