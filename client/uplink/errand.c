#include "errand.h"

#include "outbox_file.h"
#include "session.h"

#include <stdlib.h>

struct errand {
    struct net *net;
    struct link *link;
    struct outbox_file *file;
    struct session session;
    struct effects out;
    struct url url;
    char *token, *ca_file, *refused;
    struct errand_listener listener;
    bool is_stuck; /* what was refused could not be put aside: it stays where it is */
};

static void put_aside(struct errand *t, struct str request, struct str why)
{
    if (!outbox_put_aside(t->refused, request, why, NULL))
        t->is_stuck = true;
    else if (t->listener.refused)
        t->listener.refused(t->listener.arg, why);
}

static void carry_out(struct errand *t)
{
    vec_each (e, &t->out.items) {
        if (t->is_stuck)
            break; /* nor does the file say that it is done */
        if (e->kind == EFFECT_CONNECT)
            link_connect(t->link, &t->url, str_of(t->token), t->ca_file);
        else if (e->kind == EFFECT_DISCONNECT)
            link_close(t->link);
        else if (e->kind == EFFECT_SEND)
            link_send(t->link, e->bytes);
        else if (e->kind == EFFECT_KEEP || e->kind == EFFECT_KEEP_LATER)
            outbox_keep(t->file, e->bytes, e->kind == EFFECT_KEEP, NULL);
        else if (e->kind == EFFECT_REFUSED)
            put_aside(t, e->bytes, e->room);
        else if (e->kind == EFFECT_KEPT_ALL)
            outbox_empty(t->file);
    }
    effects_clear(&t->out);
}

static void opened(void *arg)
{
    struct errand *t = arg;
    session_opened(&t->session, net_now(t->net), &t->out);
    carry_out(t);
}

static void frame(void *arg, struct str bytes)
{
    struct errand *t = arg;
    struct session_listener l = {0};
    session_frame(&t->session, bytes, net_now(t->net), l, &t->out);
    carry_out(t);
}

static void lost(void *arg, const struct err *why)
{
    struct errand *t = arg;
    session_lost(&t->session, why, net_now(t->net), &t->out);
    carry_out(t);
}

static bool restore(void *arg, struct str json)
{
    struct errand *t = arg;
    return session_restore(&t->session, json, NULL);
}

struct errand *errand_new(struct net *n, struct outbox_file *f, const struct url *url,
                          struct str token, const char *ca_file, const char *refused_path,
                          struct errand_listener l)
{
    struct errand *t = NEW(struct errand);
    int64_t now = net_now(n);
    *t = (struct errand){.net = n, .file = f, .url = *url, .token = str_dup(token)};
    t->ca_file = ca_file ? str_dup(str_of(ca_file)) : NULL;
    t->refused = str_dup(str_of(refused_path));
    t->listener = l;
    t->link = link_new(
        n, (struct link_listener){.opened = opened, .frame = frame, .lost = lost, .arg = t});
    session_init(&t->session, outbox_client(f), 1, (uint64_t)now);
    session_expect_user(&t->session, outbox_user(f));
    outbox_read(f, restore, t);
    session_start(&t->session, now, &t->out);
    carry_out(t);
    return t;
}

void errand_free(struct errand *t)
{
    if (!t)
        return;
    if (errand_has_sent_all(t))
        outbox_empty(t->file);
    link_free(t->link);
    outbox_close(t->file);
    session_finish(&t->session);
    effects_finish(&t->out);
    free(t->token);
    free(t->ca_file);
    free(t->refused);
    free(t);
}

void errand_tick(struct errand *t, int64_t now)
{
    session_tick(&t->session, now, &t->out);
    carry_out(t);
}

int64_t errand_next_tick(const struct errand *t, int64_t now)
{
    return session_next_tick(&t->session, now);
}

bool errand_has_sent_all(const struct errand *t)
{
    return session_unsaved(&t->session) == 0 && !t->is_stuck;
}

bool errand_is_done(const struct errand *t)
{
    return errand_has_sent_all(t) || t->is_stuck || t->session.state == SESSION_REFUSED;
}
