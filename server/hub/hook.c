#include "hook.h"

#include "account.h"
#include "room.h"
#include "store_job.h"

#include <stdlib.h>
#include <string.h>

void hook_load(struct hub *h, const struct store_hook *from)
{
    struct hook *k = NEW(struct hook);
    k->row = store_keep_hook(&k->arena, from);
    vec_push(&h->hooks, k);
    struct room *r = room_find(h, k->row.room);
    if (!hook_is_outgoing(k) || !r)
        return;
    r->hooks++;
    h->hooks_at = h->now;
}

struct hook *hook_find(const struct hub *h, struct str id)
{
    vec_each (k, &h->hooks)
        if (str_eq((*k)->row.id, id))
            return *k;
    return NULL;
}

static void hook_free(struct hook *k)
{
    arena_finish(&k->arena);
    free(k);
}

void hook_forget(struct hub *h, struct hook *k)
{
    size_t i = 0;
    while (h->hooks.v[i] != k)
        i++;
    vec_remove(&h->hooks, i);
    struct room *r = room_find(h, k->row.room);
    if (r && hook_is_outgoing(k))
        r->hooks--;
    hook_free(k);
}

void hooks_free(struct hub *h)
{
    vec_each (k, &h->hooks)
        hook_free(*k);
    vec_finish(&h->hooks);
}

bool hub_has_hook(const struct hub *h, struct str id)
{
    return hook_find(h, id);
}

static struct hook *find_by_hash(const struct hub *h, struct str hash)
{
    vec_each (k, &h->hooks)
        if (hash.n && str_eq((*k)->row.hash, hash))
            return *k;
    return NULL;
}

bool hub_hook(const struct hub *h, struct str hash, struct hook_place *out, struct err *e)
{
    const struct hook *k = find_by_hash(h, hash);
    const struct user *u = k ? user_find(h, k->row.user) : NULL;
    if (!k || k->leaving || !u || !u->bot || u->disabled)
        return fail(e, ERR_NOT_FOUND, "There is no such hook.");
    *out = (struct hook_place){k->row.id, k->row.user, k->row.room, k->row.task};
    return true;
}

/* ---- what an admin may ask for ---- */

static bool begins(struct str s, const char *with)
{
    size_t n = strlen(with);
    return s.n > n && memcmp(s.p, with, n) == 0;
}

static size_t scheme_of(struct str url)
{
    return begins(url, "https://") ? 8 : begins(url, "http://") ? 7 : 0;
}

/* Where the host and its port end. */
static size_t host_end(struct str url)
{
    size_t n = scheme_of(url);
    while (n < url.n && !strchr("/?#", url.p[n]))
        n++;
    return n;
}

struct str hook_url_shown(struct str url, struct arena *a)
{
    size_t n = host_end(url);
    bool has_more = n + 1 < url.n;
    return str_fmt(a, "%.*s%s", (int)n, n ? url.p : "", has_more ? "/..." : "");
}

bool hook_url_fits(struct str url, struct err *e)
{
    size_t scheme = scheme_of(url), n = host_end(url);
    if (!scheme)
        return fail(e, ERR_BAD_FIELD,
                    "events are sent to an address as https://host/path, or http://");
    struct str host = {url.p + scheme, n - scheme};
    if (str_has(host, '@'))
        return fail(e, ERR_BAD_FIELD,
                    "the address may have no password in it: its host is shown in lists");
    if (!host.n || host.p[0] == ':')
        return fail(e, ERR_BAD_FIELD, "the address has no host");
    return true;
}

bool hook_kinds_fit(struct str kinds, struct buf *out, struct err *e)
{
    while (kinds.n) {
        struct str name = str_trim(str_cut(&kinds, ','));
        enum msg_type t = msg_from_name(name);
        if (t == MSG_NONE || t == MSG_UNKNOWN || msg_table[t].class != CLASS_EVENT)
            return fail(e, ERR_BAD_FIELD,
                        "there is no event %.*s: message and task.moved are two, "
                        "moot-protocol(7) lists them all",
                        (int)MIN(name.n, 40), name.p);
        buf_fmt(out, "%s%.*s", out->n ? "," : "", STR_ARG(name));
    }
    return true;
}
