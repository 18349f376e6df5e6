/* moot activity: who did what in a room. */
#include "activity.h"
#include "cli.h"
#include "codec.h"
#include "verbs.h"

#include <stdlib.h>

enum {
    SHOWN = 50,                     /* without --limit */
    ONE_SITTING_MS = 5 * 60 * 1000, /* edits of a text by one person within that are one */
};

struct item {
    int64_t seq, time, about;
    enum msg_type type;
    struct str author, text;
};

struct activity {
    struct cli *c;
    struct str room, author; /* empty: everybody */
    int64_t card, limit;     /* 0: everything */
    struct replica *r;       /* the room as it was when the event at hand came */
    VEC(struct item) items;  /* the newest, oldest first; their strings owned */
    struct err why;
};

static bool goes_on(const struct item *last, const struct msg *m)
{
    return m->type == MSG_NOTE_EDITED && last->type == MSG_NOTE_EDITED &&
           last->about == activity_about(m) && str_eq(last->author, m->event.author) &&
           m->event.time - last->time <= ONE_SITTING_MS;
}

static void drop_first(struct activity *a)
{
    free((char *)(uintptr_t)a->items.v[0].author.p);
    free((char *)(uintptr_t)a->items.v[0].text.p);
    vec_remove(&a->items, 0);
}

static struct str copy(struct str s)
{
    return (struct str){str_dup(s), s.n};
}

static void take_item(struct activity *a, const struct msg *m)
{
    struct buf text = {0};
    if (a->items.n && goes_on(&a->items.v[a->items.n - 1], m)) {
        a->items.v[a->items.n - 1].seq = m->event.seq;
        a->items.v[a->items.n - 1].time = m->event.time;
    } else if (activity_say(a->r, m, &text)) {
        vec_push(&a->items,
                 (struct item){m->event.seq, m->event.time, activity_about(m), m->type,
                               copy(m->event.author), copy(buf_str(&text))});
        if (a->limit && (int64_t)a->items.n > a->limit)
            drop_first(a);
    }
    buf_finish(&text);
}

static bool take_event(void *arg, const struct msg *m)
{
    struct activity *a = arg;
    if (!replica_apply(a->r, m, (struct str){0}, 0, &a->why))
        return false;
    if ((!a->author.n || str_eq(a->author, m->event.author)) &&
        (!a->card || a->card == activity_about(m)))
        take_item(a, m);
    return true;
}

static void print_item(struct cli *c, const struct item *i, struct str room)
{
    struct print *out = &c->out;
    if (out->json) {
        print_fmt(out,
                  "{\"room\":\"%.*s\",\"seq\":%lld,\"time\":%lld,\"author\":\"%.*s\","
                  "\"event\":\"%s\",\"about\":%lld,\"text\":",
                  STR_ARG(room), (long long)i->seq, (long long)i->time, STR_ARG(i->author),
                  msg_table[i->type].name, (long long)i->about);
        codec_quote(&out->bytes, i->text);
        print_fmt(out, "}\n");
        return;
    }
    print_time(out, i->time);
    print_fmt(out, " ");
    print_text(out, i->author, 0);
    print_fmt(out, " ");
    print_text(out, i->text, 0);
    print_fmt(out, "\n");
}

bool activity_run(struct cli *c, struct err *e)
{
    struct activity a = {.c = c, .author = str_of(c->options.author), .card = c->options.card};
    a.limit = cli_is_given(c, "limit") ? c->options.limit : SHOWN;
    if (!cli_room(c, c->words[0], &a.room, e) || (a.author.n && !cli_user(a.author, e)) ||
        !cli_connect(c, e))
        return false;
    a.r = replica_new(a.room);
    struct follower f = {.each = take_event, .arg = &a};
    bool ok = conversation_follow(c->talk, a.room, 0, false, f, e);
    if (ok && a.why.code)
        ok = fail(e, a.why.code, "%s", a.why.text);
    for (size_t i = 0; ok && i < a.items.n; i++)
        print_item(c, &a.items.v[i], a.room);
    while (a.items.n)
        drop_first(&a);
    vec_finish(&a.items);
    replica_free(a.r);
    return ok;
}
