#include "uplink.h"

#include "cache_file.h"
#include "outbox_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

enum {
    DISK_RETRY_MS = 2000,
    ORPHANS_EVERY_MS = 5000, /* outboxes without a holder are looked for */
};

struct uplink {
    struct net *net;
    struct link *link;
    struct url url;
    char *server, *token, *ca_file;
    char *outboxes, *cache_dir, *refused; /* paths; NULL when nothing is kept */
    char client[CLIENT_ID_MAX + 1];
    struct outbox_file *outbox; /* NULL: nothing is kept, or the disk does not let us */
    struct cache *cache;
    struct err disk;
    struct errand *errand;
    struct errand_listener orphans;
    int64_t disk_at, orphans_at;
};

/* ---- folders ---- */

static bool make_folder(const char *path, struct err *e)
{
    struct buf part = {0};
    struct str rest = str_of(path);
    bool ok = true;
    while (ok && rest.p) {
        struct str name = str_cut(&rest, '/');
        buf_add_str(&part, name);
        if (name.n && mkdir(buf_cstr(&part), 0700) < 0 && errno != EEXIST)
            ok = fail(e, ERR_IO, "%s cannot be made: %s", part.p, strerror(errno));
        buf_add_c(&part, '/');
    }
    buf_finish(&part);
    return ok;
}

static char *path_in_folder(const char *dir, const char *server, const char *name)
{
    struct buf path = {0};
    buf_fmt(&path, "%s/", dir);
    url_slug(str_of(server), &path);
    buf_fmt(&path, "/%s", name);
    char *p = str_dup(buf_str(&path));
    buf_finish(&path);
    return p;
}

/* ---- beginning ---- */

static void copy_client(struct uplink *u, struct str client)
{
    memcpy(u->client, client.p, client.n);
    u->client[client.n] = '\0';
}

static void random_client(char out[CLIENT_ID_MAX + 1])
{
    unsigned char bytes[11];
    bug_on(getrandom(bytes, sizeof bytes, 0) != sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    out[2 * sizeof bytes] = '\0';
}

static void begin_outbox(struct uplink *u, struct err *e)
{
    struct buf user = {0};
    cache_user(u->cache, &user);
    u->outbox =
        outbox_new(u->outboxes, str_of(u->server), buf_str(&user), str_of(u->client), e);
    buf_finish(&user);
}

/* Goes on with a crashed process's outbox, or begins one. */
static void take_outbox(struct uplink *u)
{
    u->outbox = outbox_adopt(u->outboxes, str_of(u->server), (struct str){0});
    if (!u->outbox)
        begin_outbox(u, &u->disk);
    else
        copy_client(u, outbox_client(u->outbox));
}

static void use_folder(struct uplink *u, const char *dir)
{
    u->outboxes = path_in_folder(dir, u->server, "outbox");
    u->cache_dir = path_in_folder(dir, u->server, "cache");
    u->refused = path_in_folder(dir, u->server, "refused.jsonl");
    bool ok = make_folder(u->outboxes, &u->disk) && make_folder(u->cache_dir, &u->disk);
    u->cache = cache_open(u->cache_dir);
    if (ok)
        take_outbox(u);
}

struct uplink *uplink_new(const struct uplink_config *c)
{
    struct uplink *u = NEW(struct uplink);
    u->net = c->net;
    u->url = c->url;
    u->server = str_dup(str_of(c->server));
    u->token = str_dup(c->token);
    u->ca_file = c->ca_file ? str_dup(str_of(c->ca_file)) : NULL;
    u->link = link_new(c->net, c->listener);
    u->orphans = c->orphans;
    random_client(u->client);
    if (c->dir)
        use_folder(u, c->dir);
    else
        fail(&u->disk, ERR_IO,
             "There is no folder to keep what you write in: neither HOME nor "
             "XDG_STATE_HOME names one");
    return u;
}

bool uplink_token(struct uplink *u, struct str token)
{
    if (str_is(token, u->token))
        return false;
    free(u->token);
    u->token = str_dup(token);
    return true;
}

void uplink_free(struct uplink *u)
{
    if (!u)
        return;
    errand_free(u->errand);
    link_free(u->link);
    outbox_close(u->outbox);
    cache_close(u->cache);
    free(u->server);
    free(u->token);
    free(u->ca_file);
    free(u->outboxes);
    free(u->cache_dir);
    free(u->refused);
    free(u);
}

struct str uplink_client(const struct uplink *u)
{
    return str_of(u->client);
}

/* ---- what was kept ---- */

static bool restore(void *arg, struct str json)
{
    struct session *s = arg;
    return session_restore(s, json, NULL);
}

size_t uplink_prepare(struct uplink *u, struct session *s)
{
    size_t broken = 0;
    struct buf user = {0};
    if (u->cache)
        cache_user(u->cache, &user);
    session_expect_user(s, u->outbox && outbox_user(u->outbox).n ? outbox_user(u->outbox)
                                                                 : buf_str(&user));
    buf_finish(&user);
    session_disk(s, &u->disk);
    if (u->outbox) {
        broken = outbox_read(u->outbox, restore, s);
        if (session_unsaved(s) == 0)
            outbox_empty(u->outbox);
    }
    return broken;
}

void uplink_cached_rooms(struct uplink *u, void (*each)(void *arg, struct str room), void *arg)
{
    if (u->cache)
        cache_rooms(u->cache, each, arg);
}

struct loading {
    struct session *session;
    struct str room;
};

static bool load_one(void *arg, struct str json)
{
    struct loading *l = arg;
    return session_cached(l->session, l->room, json, NULL);
}

bool uplink_load(struct uplink *u, struct session *s, struct str room)
{
    struct loading l = {s, room};
    struct replica *r = session_open_room(s, room, net_now(u->net), NULL);
    if (u->cache && !cache_read(u->cache, room, load_one, &l))
        replica_reset(r);
    return r->seq > 0;
}

/* ---- effects ---- */

static void disk_is(struct uplink *u, struct session *s, const struct err *why)
{
    u->disk = *why;
    u->disk_at = net_now(u->net) + DISK_RETRY_MS;
    session_disk(s, why);
}

static void keep(struct uplink *u, struct session *s, struct str record, bool sync)
{
    struct err why = {0};
    if (u->outbox && !outbox_keep(u->outbox, record, sync, &why))
        disk_is(u, s, &why);
}

static void put_aside(struct uplink *u, struct session *s, struct str request, struct str why)
{
    struct err e = {0};
    if (u->refused && !outbox_put_aside(u->refused, request, why, &e))
        disk_is(u, s, &e);
}

bool uplink_do(struct uplink *u, struct session *s, const struct effect *e)
{
    switch ((int)e->kind) {
    case EFFECT_CONNECT:
        link_connect(u->link, &u->url, str_of(u->token), u->ca_file);
        return true;
    case EFFECT_DISCONNECT:
        link_close(u->link);
        return true;
    case EFFECT_SEND:
        link_send(u->link, e->bytes);
        return true;
    case EFFECT_KEEP:
    case EFFECT_KEEP_LATER:
        keep(u, s, e->bytes, e->kind == EFFECT_KEEP);
        return true;
    case EFFECT_REFUSED:
        put_aside(u, s, e->bytes, e->room);
        return true;
    case EFFECT_KEPT_ALL:
        if (u->outbox)
            outbox_empty(u->outbox);
        return true;
    case EFFECT_CACHE:
        if (u->cache)
            cache_add(u->cache, e->room, e->bytes);
        return true;
    case EFFECT_CACHE_NEW:
        if (u->cache)
            cache_begin(u->cache, e->room);
        return true;
    case EFFECT_CACHE_GONE:
        if (u->cache)
            cache_drop(u->cache, e->room);
        return true;
    }
    return false;
}

static void write_anew(struct uplink *u, struct session *s, struct str room)
{
    struct effects out = {0};
    session_cache(s, room, &out);
    vec_each (e, &out.items)
        uplink_do(u, s, e);
    effects_finish(&out);
}

void uplink_flush(struct uplink *u, struct session *s)
{
    if (!u->cache)
        return;
    if (s->state == SESSION_ONLINE) {
        cache_set_user(u->cache, str_of(s->user));
        if (u->outbox)
            outbox_set_user(u->outbox, str_of(s->user));
    }
    vec_each (r, &s->rooms) {
        if (cache_has_grown(u->cache, str_of((*r)->name)))
            write_anew(u, s, str_of((*r)->name));
    }
    cache_flush(u->cache);
}

/* ---- time ---- */

static void try_disk(struct uplink *u, struct session *s)
{
    struct err why = {0};
    if (u->outbox)
        outbox_retry(u->outbox, &why);
    else if (make_folder(u->outboxes, &why) && make_folder(u->cache_dir, &why))
        begin_outbox(u, &why);
    disk_is(u, s, &why);
}

static void look_for_orphans(struct uplink *u, const struct session *s, int64_t now)
{
    u->orphans_at = now + ORPHANS_EVERY_MS;
    if (u->errand || s->state != SESSION_ONLINE)
        return;
    struct outbox_file *f = outbox_adopt(u->outboxes, str_of(u->server), str_of(s->user));
    if (f)
        u->errand = errand_new(u->net, f, &u->url, str_of(u->token), u->ca_file, u->refused,
                               u->orphans);
}

void uplink_tick(struct uplink *u, struct session *s, int64_t now)
{
    if (u->disk.code != ERR_NONE && u->outboxes && now >= u->disk_at)
        try_disk(u, s);
    if (u->errand)
        errand_tick(u->errand, now);
    if (u->errand && errand_is_done(u->errand)) {
        /* The next at once; one that could not be sent is there again when it is looked for. */
        u->orphans_at = errand_has_sent_all(u->errand) ? now : now + ORPHANS_EVERY_MS;
        errand_free(u->errand);
        u->errand = NULL;
    }
    if (u->outboxes && now >= u->orphans_at)
        look_for_orphans(u, s, now);
}

int64_t uplink_next_tick(const struct uplink *u, int64_t now)
{
    int64_t at = u->outboxes ? u->orphans_at : INT64_MAX;
    if (u->errand)
        at = errand_is_done(u->errand) ? now : MIN(at, errand_next_tick(u->errand, now));
    return u->disk.code != ERR_NONE && u->outboxes ? MIN(at, u->disk_at) : at;
}
