/* Retention under the simulator. A room keeps a hundred messages at least, which no run says;
 * so before the server starts, what a room keeps is set in its log to a few. */
#include "sim_keep.h"

#include "codec.h"

static bool newest_of(struct store *store, struct str room, int64_t *seq)
{
    struct store_job *j = store_job_new(JOB_ROOM);
    j->room = room;
    store->read(store, j);
    bool is_there = j->err.code == ERR_NONE && j->rooms.n == 1;
    *seq = is_there ? j->rooms.v->seq : 0;
    store_job_free(j);
    return is_there;
}

/* As the server would, in its own name. */
static void write(struct store *store, struct sim *s, struct str room, int64_t seq,
                  struct msg *m, struct store_append *a)
{
    struct buf json = {0};
    struct store_job *j = store_job_new(JOB_APPEND);
    m->event = (struct event_head){.room = room,
                                   .seq = seq,
                                   .time = sim_now(s),
                                   .author = STR("mootd"),
                                   .client = STR(STORE_OWN_CLIENT),
                                   .id = seq};
    codec_encode(&json, m);
    a->room = room;
    a->seq = seq;
    a->type = m->type;
    a->author = m->event.author;
    a->client = m->event.client;
    a->time = m->event.time;
    a->json = str_keep(&j->arena, buf_str(&json));
    j->append = *a;
    store->write(store, &j, 1);
    if (j->err.code != ERR_NONE && j->err.code != ERR_STORE_FULL)
        sim_fail(s, "nothing was written to %.*s: %s", STR_ARG(room), j->err.text);
    buf_finish(&json);
    store_job_free(j);
}

static void keep(struct sim *s, struct store *store, struct str room, int64_t newest)
{
    struct msg m = {.type = MSG_ROOM_RETENTION};
    m.room_retention.keep.count = sim_chance(s, 80) ? 1 + sim_below(s, 8) : 0;
    struct store_append a = {.effect = EFFECT_RETENTION, .keep = m.room_retention.keep};
    write(store, s, room, newest + 1, &m, &a);
    sim_trace(s, "%.*s keeps %lld messages", STR_ARG(room), (long long)a.keep.count);
}

static void make_lobby(struct sim *s, struct store *store, struct str room)
{
    static const char *const names[] = {"Todo", "Doing", "Done"};
    struct column_item items[COUNT_OF(names)];
    struct store_column columns[COUNT_OF(names)];
    struct msg m = {.type = MSG_ROOM_CREATED, .room_created.is_public = true};
    struct store_append a = {.effect = EFFECT_ROOM, .is_public = true};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        items[i] = (struct column_item){.name = str_of(names[i])};
        columns[i] = (struct store_column){.name = str_of(names[i])};
    }
    m.room_created.columns.v = items;
    a.columns.v = columns;
    m.room_created.columns.n = a.columns.n = COUNT_OF(names);
    write(store, s, room, 1, &m, &a);
}

void sim_keep(struct sim *s, struct store *store)
{
    int64_t newest;
    if (!newest_of(store, str_of(sim_rooms[0]), &newest))
        make_lobby(s, store, str_of(sim_rooms[0]));
    for (int i = 0; i < SIM_ROOMS; i++)
        if (sim_chance(s, 60) && newest_of(store, str_of(sim_rooms[i]), &newest))
            keep(s, store, str_of(sim_rooms[i]), newest);
}
