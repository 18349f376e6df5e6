/* moot tail: the messages of a room, as they are in its log. */
#include "cli.h"
#include "codec.h"
#include "verbs.h"

#include <string.h>

struct tail {
    struct cli *c;
    struct str room;
    int64_t task; /* only comments on this card; 0: everything */
};

static void print_message(const struct tail *t, const struct message_item *m)
{
    struct print *out = &t->c->out;
    if (out->json) {
        struct arena a = {0};
        print_json_item(out, print_shape(MSG_HISTORY_PAGE, "messages"), m,
                        str_fmt(&a, "\"room\":\"%.*s\",", STR_ARG(t->room)));
        arena_finish(&a);
        return;
    }
    print_time(out, m->time);
    print_fmt(out, " ");
    print_text(out, m->author, 0);
    if (m->task && !t->task)
        print_fmt(out, " on #%lld", (long long)m->task);
    print_fmt(out, ": ");
    print_lines(out, m->text);
    print_fmt(out, "\n");
}

/* Any event but a message: its name and its fields, off the table. */
static void print_event(const struct tail *t, const struct msg *m)
{
    struct print *out = &t->c->out;
    if (out->json) {
        codec_encode(&out->bytes, m);
        print_fmt(out, "\n");
        return;
    }
    print_time(out, m->event.time);
    print_fmt(out, " ");
    print_text(out, m->event.author, 0);
    print_fmt(out, " %s", msg_table[m->type].name);
    const struct shape *shape = &msg_table[m->type].shape;
    for (size_t i = 0; i < shape->n; i++)
        if (shape->fields[i].kind != FIELD_LIST)
            print_field(out, &shape->fields[i], &m->event);
    print_fmt(out, "\n");
}

static bool on_event(void *arg, const struct msg *m)
{
    const struct tail *t = arg;
    if (m->type == MSG_MESSAGE && !(t->c->options.events && t->c->out.json))
        print_message(t, &(struct message_item){m->event.seq, m->event.time, m->event.author,
                                                m->message.text, m->message.task});
    else if (t->c->options.events)
        print_event(t, m);
    return !t->c->out.failed.code;
}

static void on_pause(void *arg)
{
    const struct tail *t = arg;
    print_flush(&t->c->out);
}

/* The newest messages, so many as are wanted, oldest first. Pages come newest first, so they
 * are kept until the oldest is there. The newest sequence number goes to *newest. */
static bool print_newest(struct tail *t, int64_t wanted, int64_t *newest, struct err *e)
{
    struct cli *c = t->c;
    VEC(struct message_item) kept = {0};
    int64_t before = SEQ_MAX;
    bool more = true, ok = true;
    while (ok && more && (int64_t)kept.n < wanted) {
        struct msg question = {.type = MSG_HISTORY, .request.room = t->room};
        question.history.before = before;
        question.history.task = t->task;
        question.history.limit = MIN(wanted - (int64_t)kept.n, HISTORY_MAX);
        const struct msg *m = conversation_ask(c->talk, &question, e);
        if (!(ok = m != NULL))
            break;
        const struct msg_history_page *page = &m->history_page;
        more = page->more && page->messages.n;
        for (size_t i = page->messages.n; i-- > 0;) {
            struct message_item item = page->messages.v[i];
            before = item.seq;
            if (item.seq <= c->options.since) {
                more = false;
                break;
            }
            item.author = str_keep(&c->arena, item.author);
            item.text = str_keep(&c->arena, item.text);
            vec_push(&kept, item);
        }
    }
    *newest = kept.n ? kept.v[0].seq : c->options.since;
    for (size_t i = kept.n; ok && i-- > 0;)
        print_message(t, &kept.v[i]);
    vec_finish(&kept);
    return ok;
}

bool tail_run(struct cli *c, struct err *e)
{
    struct tail t = {.c = c};
    int64_t since = c->options.since, limit = c->options.limit;
    if (limit && c->options.events)
        return fail(e, ERR_USAGE, "--limit counts messages; it does not go with --events");
    if (!cli_room(c, c->words[0], &t.room, e) || !cli_connect(c, e))
        return false;
    if (limit && !print_newest(&t, limit, &since, e))
        return false;
    if (limit && !c->options.follow)
        return true;
    struct follower f = {.each = on_event, .between = on_pause, .arg = &t};
    return conversation_follow(c->talk, t.room, since, c->options.follow, f, e);
}

bool task_comments_run(struct cli *c, struct err *e)
{
    struct tail t = {.c = c};
    int64_t newest, limit = c->options.limit ? c->options.limit : INT64_MAX;
    if (!cli_room(c, c->words[0], &t.room, e) || !cli_task(c->words[1], &t.task, e) ||
        !cli_connect(c, e))
        return false;
    const struct replica *r = conversation_open(c->talk, t.room, e);
    if (!r)
        return false;
    if (t.task >= r->board.next_number)
        return fail(e, ERR_NOT_FOUND, "%.*s has no card %lld", STR_ARG(t.room),
                    (long long)t.task);
    return print_newest(&t, limit, &newest, e);
}
