/* A client's shell: the session is real, disk and link are the simulator's. */
#include "doc_parts.h"
#include "sim_board.h"
#include "sim_people.h"
#include "sim_read.h"
#include "sim_text.h"

#include "codec.h"
#include "direct.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int actor_room(struct str room)
{
    for (int i = 0; i < SIM_ROOMS; i++) {
        if (str_is(room, sim_rooms[i]))
            return i;
    }
    return -1;
}

uint64_t sim_hash(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return h;
}

uint64_t actor_hash(const struct msg *m)
{
    struct buf json = {0};
    codec_encode(&json, m);
    uint64_t h = sim_hash(buf_str(&json));
    buf_finish(&json);
    return h;
}

bool actor_is_vandal(const struct actor *c)
{
    return strcmp(c->user, sim_users[SIM_USERS - 1]) == 0;
}

struct actor *actor_new(struct sim *s, size_t index, const char *user, bool is_errand)
{
    struct actor *c = NEW(struct actor);
    c->sim = s;
    c->index = index;
    c->is_errand = is_errand;
    c->wire = -1;
    snprintf(c->user, sizeof c->user, "%s", user);
    return c;
}

static void drop_told(struct actor *c)
{
    vec_each (op, &c->told)
        free(*op);
    c->told.n = 0;
}

static void end_life(struct actor *c)
{
    if (c->wire >= 0)
        sim_hang_up(c->sim, c->wire);
    c->wire = -1;
    session_finish(&c->session);
    effects_clear(&c->out);
    c->is_alive = false;
    c->dies = false;
    c->refused.n = 0;
    memset(c->told_read, 0, sizeof c->told_read);
    drop_told(c);
    board_forget(c);
    for (int i = 0; i < SIM_ROOMS; i++)
        c->seen[i].n = 0;
}

void actor_free(struct actor *c)
{
    if (c->is_alive)
        end_life(c);
    effects_finish(&c->out);
    buf_finish(&c->disk.synced);
    buf_finish(&c->disk.later);
    buf_finish(&c->disk.held);
    for (int i = 0; i < SIM_ROOMS; i++) {
        buf_finish(&c->cache[i].lines);
        vec_finish(&c->seen[i]);
    }
    vec_finish(&c->refused);
    vec_finish(&c->told);
    free(c);
}

const char *actor_user(const struct actor *c)
{
    return c->user;
}

bool actor_is_alive(const struct actor *c)
{
    return c->is_alive;
}

bool actor_is_finished(const struct actor *c)
{
    return c->is_errand && c->is_alive && session_unsaved(&c->session) == 0;
}

/* ---- effects ---- */

static void put_aside(struct actor *c, struct str json)
{
    struct intent *t =
        intent_find(sim_intents(c->sim), c->user, str_of(c->id), disk_record_id(json));
    if (t)
        t->aside = true;
    if (str_starts(json, "{\"type\":\"note.edit\""))
        actor_put_text_aside(c, json);
}

static void begin_cache(struct actor *c, struct str room)
{
    int i = actor_room(room);
    if (i >= 0)
        buf_clear(&c->cache[i].lines);
}

static void add_to_cache(struct actor *c, struct str room, struct str json)
{
    int i = actor_room(room);
    if (i >= 0)
        disk_add_line(&c->cache[i].lines, json);
}

static void hang_up(struct actor *c)
{
    if (c->wire >= 0)
        sim_hang_up(c->sim, c->wire);
    c->wire = -1;
}

/* The server has to answer the second as the first, if it took that. */
static void send_again(struct actor *c, struct str request)
{
    struct intent *t =
        intent_find(sim_intents(c->sim), c->user, str_of(c->id), disk_record_id(request));
    if (t)
        t->twice = true;
    if (t && t->is_edit)
        actor_sends_twice(c, request);
    sim_up(c->sim, c->wire, request);
}

static void carry_out(struct actor *c, const struct effect *e)
{
    if (e->kind == EFFECT_KEPT_ALL || e->kind == EFFECT_KEEP_LATER)
        sim_trace(c->sim, "client %zu: %s", c->index,
                  e->bytes.n ? e->bytes.p : "nothing waits any more");
    if (e->kind == EFFECT_CONNECT) {
        hang_up(c);
        c->wire = sim_connect(c->sim, c);
    } else if (e->kind == EFFECT_DISCONNECT) {
        hang_up(c);
    } else if (e->kind == EFFECT_SEND && c->wire >= 0) {
        sim_up(c->sim, c->wire, e->bytes);
        bool is_post = str_starts(e->bytes, "{\"type\":\"message.post");
        bool is_edit = str_starts(e->bytes, "{\"type\":\"note.edit");
        if ((is_post || is_edit) && sim_chance(c->sim, 3))
            send_again(c, e->bytes);
    } else if (e->kind == EFFECT_KEEP || e->kind == EFFECT_KEEP_LATER) {
        actor_keep(c, e->bytes, e->kind == EFFECT_KEEP);
    } else if (e->kind == EFFECT_REFUSED) {
        put_aside(c, e->bytes);
    } else if (e->kind == EFFECT_KEPT_ALL) {
        c->disk.cut_later = true;
        buf_clear(&c->disk.later);
        buf_clear(&c->disk.held);
    } else if (e->kind == EFFECT_CACHE_NEW) {
        begin_cache(c, e->room);
    } else if (e->kind == EFFECT_CACHE) {
        add_to_cache(c, e->room, e->bytes);
    }
}

static void note_refused(struct actor *c)
{
    vec_each (id, &c->refused) {
        struct intent *t = intent_find(sim_intents(c->sim), c->user, str_of(c->id), *id);
        if (!t)
            sim_fail(c->sim, "%s.%lld was refused but never kept", c->id, (long long)*id);
        t->refused = true;
    }
    c->refused.n = 0;
    vec_each (op, &c->told)
        actor_told_aside(c, str_of(*op));
    drop_told(c);
}

/* Reasons that are faults of ours, in a world in which nobody else makes any. */
static void check_reason(struct actor *c)
{
    if (actor_is_vandal(c))
        return;
    const struct err *why = &c->session.why;
    enum err_code faults[] = {ERR_INTERNAL,  ERR_OUT_OF_ORDER, ERR_MALFORMED, ERR_BAD_FIELD,
                              ERR_TOO_LARGE, ERR_UNKNOWN_TYPE, ERR_VERSION,   ERR_CONFLICT};
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        if (why->code == faults[i])
            sim_fail(c->sim, "client %zu: the link was given up: %s", c->index, why->text);
    }
}

void actor_perform(struct actor *c)
{
    bool dies = c->dies;
    for (size_t i = 0; i < c->out.items.n; i++) {
        const struct effect *e = &c->out.items.v[i];
        if (dies && sim_chance(c->sim, 30)) { /* before it, or in the middle of it */
            actor_crash(c);
            return;
        }
        carry_out(c, e);
    }
    effects_clear(&c->out);
    note_refused(c);
    check_reason(c);
    if (dies)
        actor_crash(c);
}

/* ---- what the session tells ---- */

static void saw_event(struct actor *c, const struct msg *m)
{
    int i = actor_room(m->event.room);
    const struct replica *r = session_room(&c->session, m->event.room);
    if (i < 0 || !r)
        return;
    if (c->seen[i].n && c->seen[i].v[c->seen[i].n - 1].seq >= m->event.seq)
        sim_fail(c->sim, "client %zu saw event %lld of %s after %lld", c->index,
                 (long long)m->event.seq, sim_rooms[i],
                 (long long)c->seen[i].v[c->seen[i].n - 1].seq);
    if (r->seq != m->event.seq)
        sim_fail(c->sim, "client %zu is at %lld, not at event %lld of %s", c->index,
                 (long long)r->seq, (long long)m->event.seq, sim_rooms[i]);
    vec_push(&c->seen[i], (struct seen){m->event.seq, actor_hash(m)});
}

static void on_message(void *arg, const struct msg *m)
{
    struct actor *c = arg;
    if (msg_table[m->type].class == CLASS_EVENT)
        saw_event(c, m);
    if (m->type == MSG_STATUS_SET)
        people_heard(c, &m->status_set);
    if (m->type != MSG_OK)
        return;
    struct intent *t = intent_find(sim_intents(c->sim), c->user, str_of(c->id), m->answer.re);
    if (!t)
        return; /* the answer to a question */
    /* who begins a direct conversation that is there already gets its first event */
    t->no_event |= m->ok.seq == 0 || (m->ok.seq == 1 && room_is_direct(m->ok.room));
    if (t->ok_seq && t->ok_seq != m->ok.seq)
        sim_fail(c->sim, "%s.%lld was stored as %lld and as %lld", c->id,
                 (long long)m->answer.re, (long long)t->ok_seq, (long long)m->ok.seq);
    t->ok_seq = m->ok.seq;
    snprintf(t->room, sizeof t->room, "%.*s", STR_ARG(m->ok.room));
}

static void on_refused(void *arg, const struct msg *request, const struct err *why)
{
    struct actor *c = arg;
    sim_trace(c->sim, "client %zu: %lld refused: %s", c->index, (long long)request->request.id,
              why->text);
    if (err_is_passing(why->code))
        sim_fail(c->sim, "%lld was given up for a reason that passes: %s",
                 (long long)request->request.id, why->text);
    if (request->type == MSG_NOTE_EDIT)
        vec_push(&c->told, str_dup(request->note_edit.op));
    else
        vec_push(&c->refused, request->request.id);
}

/* ---- life ---- */

static void new_id(struct actor *c)
{
    snprintf(c->id, sizeof c->id, "sim%zux%016llx", c->index,
             (unsigned long long)sim_next(c->sim));
}

static void restore(struct actor *c)
{
    struct str rest = buf_str(&c->disk.synced);
    while (rest.n) {
        struct err e = {0};
        struct str line = str_cut(&rest, '\n');
        if (!session_restore(&c->session, line, &e))
            sim_fail(c->sim, "client %zu: outbox record %.*s: %s", c->index, STR_ARG(line),
                     e.text);
    }
}

static void load_cache(struct actor *c, int i, int64_t now)
{
    struct buf *lines = &c->cache[i].lines;
    struct str rest = buf_str(lines);
    session_open_room(&c->session, str_of(sim_rooms[i]), now, &c->out);
    while (rest.n) {
        struct err e = {0};
        struct str line = str_cut(&rest, '\n');
        if (session_cached(&c->session, str_of(sim_rooms[i]), line, &e))
            continue;
        sim_fail(c->sim, "client %zu: cache of %s: %s", c->index, sim_rooms[i], e.text);
    }
}

/* A crash of the machine may cost the last lines; a torn one spoils the file. */
static void crash_cache(struct actor *c)
{
    for (int i = 0; i < SIM_ROOMS; i++) {
        struct buf *lines = &c->cache[i].lines;
        if (sim_chance(c->sim, 20))
            buf_clear(lines);
        while (lines->n && sim_chance(c->sim, 30)) {
            lines->n--;
            while (lines->n && lines->p[lines->n - 1] != '\n')
                lines->n--;
        }
    }
}

void actor_start(struct actor *c)
{
    int64_t now = sim_now(c->sim);
    bool goes_on = disk_has_requests(&c->disk);
    if (!goes_on && !c->is_errand) {
        buf_clear(&c->disk.synced);
        new_id(c);
    } else if (!c->is_errand && sim_chance(c->sim, 25)) {
        sim_spawn_errand(c->sim, c->user, str_of(c->id), &c->disk.synced);
        new_id(c);
    }
    c->is_alive = true;
    session_init(&c->session, str_of(c->id), 1, sim_next(c->sim));
    if (c->knows_user)
        session_expect_user(&c->session, str_of(c->user));
    bool cache_first = sim_chance(c->sim, 50);
    for (int i = 0; cache_first && i < SIM_ROOMS && !c->is_errand; i++)
        load_cache(c, i, now);
    restore(c);
    for (int i = 0; !cache_first && i < SIM_ROOMS && !c->is_errand; i++)
        load_cache(c, i, now);
    people_begin(c);
    session_start(&c->session, now, &c->out);
    sim_trace(c->sim, "client %zu: starts as %s %s, %zu wait", c->index, c->user, c->id,
              session_unsaved(&c->session));
    actor_perform(c);
}

void actor_crash(struct actor *c)
{
    if (!c->is_alive)
        return;
    sim_trace(c->sim, "client %zu: crash, %zu wait", c->index, session_unsaved(&c->session));
    buf_clear(&c->disk.held);
    c->disk.is_full = false;
    actor_crash_disk(c);
    crash_cache(c);
    actor_forget_texts(c);
    end_life(c);
}

void actor_inherit(struct actor *c, struct str id, struct buf *disk)
{
    snprintf(c->id, sizeof c->id, "%.*s", STR_ARG(id));
    c->disk.synced = *disk;
    *disk = (struct buf){0};
}

void actor_opened(struct actor *c, int wire)
{
    if (c->wire != wire)
        return;
    session_opened(&c->session, sim_now(c->sim), &c->out);
    actor_perform(c);
}

void actor_lost(struct actor *c, int wire, const struct err *why)
{
    if (c->wire != wire)
        return;
    c->wire = -1;
    session_lost(&c->session, why, sim_now(c->sim), &c->out);
    actor_perform(c);
}

/* Of a direct conversation nobody else is told anything but that it is not there. */
static void check_secret(struct actor *c, struct str bytes)
{
    struct arena a = {0};
    struct msg_list list = {0};
    int64_t re;
    for (int i = 0; i < SIM_ROOMS; i++) {
        struct str room = str_of(sim_rooms[i]);
        if (!room_is_direct(room) || direct_has(room, str_of(c->user)) ||
            !memmem(bytes.p, bytes.n, room.p, room.n))
            continue;
        codec_decode(bytes, FROM_SERVER, &a, &list, &re, NULL);
        for (size_t k = 0; k < list.n; k++) {
            struct buf json = {0};
            codec_encode(&json, &list.v[k]);
            if (list.v[k].type != MSG_ERROR && memmem(json.p, json.n, room.p, room.n))
                sim_fail(c->sim, "client %zu of %s heard of %s: %s", c->index, c->user,
                         sim_rooms[i], buf_cstr(&json));
            buf_finish(&json);
        }
    }
    arena_finish(&a);
}

void actor_frame(struct actor *c, int wire, struct str bytes)
{
    if (c->wire != wire)
        return;
    check_secret(c, bytes);
    struct session_listener l = {.message = on_message, .refused = on_refused, .arg = c};
    sim_trace(c->sim, "client %zu <- %.*s", c->index, (int)MIN(bytes.n, (size_t)170), bytes.p);
    c->dies = !sim_is_healed(c->sim) && sim_below(c->sim, 2000) == 0;
    session_frame(&c->session, bytes, sim_now(c->sim), l, &c->out);
    c->knows_user |= c->session.state == SESSION_ONLINE;
    actor_perform(c);
}

int64_t actor_next(const struct actor *c)
{
    if (c->is_alive && sim_is_healed(c->sim) && c->session.state == SESSION_REFUSED)
        return sim_now(c->sim);
    int64_t at = c->is_alive && c->disk.is_full ? c->disk.room_at : INT64_MAX;
    return c->is_alive ? MIN(at, session_next_tick(&c->session, sim_now(c->sim))) : at;
}

void actor_run(struct actor *c)
{
    if (!c->is_alive)
        return;
    if (c->disk.is_full && sim_now(c->sim) >= c->disk.room_at)
        actor_free_disk(c);
    session_tick(&c->session, sim_now(c->sim), &c->out);
    if (sim_is_healed(c->sim) && c->session.state == SESSION_REFUSED)
        session_retry_now(&c->session, sim_now(c->sim), &c->out); /* a person presses the key */
    actor_perform(c);
}

static bool is_text_quiet(const struct actor *c, const struct doc *d)
{
    const struct replica *r = session_room(&c->session, str_of(d->room));
    bool waits = d->state == DOC_CLOSED && d->wire->opened && d->number > 0 && r && r->synced;
    return d->state != DOC_OPENING && !waits;
}

bool actor_is_quiet(const struct actor *c)
{
    if (!c->is_alive || c->session.state != SESSION_ONLINE || session_unsaved(&c->session))
        return false;
    vec_each (r, &c->session.rooms) {
        if ((*r)->open_id > 0 || (*r)->loading || (*r)->asked != ASKED_NOTHING ||
            (*r)->pending.n)
            return false;
    }
    vec_each (d, &c->session.texts) {
        if (!is_text_quiet(c, *d))
            return false;
    }
    return read_is_quiet(c);
}

void actor_describe(struct actor *c)
{
    const struct session *s = &c->session;
    sim_trace(c->sim, "client %zu: %s%s state %d, wire %d, %zu wait, rooms %s, why %s",
              c->index, c->is_alive ? "" : "dead ", c->is_errand ? "errand" : c->user,
              (int)s->state, c->wire, session_unsaved(s), s->rooms_asked ? "asked" : "known",
              s->why.text);
    vec_each (r, &s->rooms)
        sim_trace(
            c->sim,
            "  %s: seq %lld synced %d open_id %lld loading %d asked %d pending %zu role %d",
            (*r)->name, (long long)(*r)->seq, (*r)->synced, (long long)(*r)->open_id,
            (*r)->loading, (*r)->asked, (*r)->pending.n, (int)(*r)->role);
    vec_each (r, &s->rooms)
        sim_trace(c->sim, "  %s: read to %lld.%lld, stored %lld.%lld, asked %d, stale %d",
                  (*r)->name, (long long)(*r)->read.mine.turn, (long long)(*r)->read.mine.seq,
                  (long long)(*r)->read.stored.turn, (long long)(*r)->read.stored.seq,
                  (*r)->read.asked != 0, (*r)->read.is_stale);
    vec_each (d, &s->texts)
        sim_trace(c->sim, "  %s: text %lld: state %d, %s, opened %d, version %lld", (*d)->room,
                  (long long)(*d)->number, (int)(*d)->state,
                  doc_is_saved(*d) ? "saved" : "unsaved", (*d)->wire->opened,
                  (long long)(*d)->sync.version);
    vec_each (r, &s->rooms) {
        vec_each (p, &(*r)->pending)
            sim_trace(c->sim, "  %s: %s %lld is pending, saved as %lld", (*r)->name,
                      msg_table[(*p)->msg.type].name, (long long)(*p)->id,
                      (long long)(*p)->saved_seq);
    }
}

void actor_open_all(struct actor *c)
{
    for (int i = 0; i < SIM_ROOMS && c->is_alive && !c->is_errand; i++)
        session_open_room(&c->session, str_of(sim_rooms[i]), sim_now(c->sim), &c->out);
    actor_perform(c);
}
