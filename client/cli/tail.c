/* moot tail: the messages of a room, those of the past as they are now, or its whole log. */
#include "activity.h"
#include "codec.h"
#include "message_print.h"
#include "verbs.h"

struct tail {
    struct cli *c;
    struct message_want want;
};

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

/* What was done to the whole chat, in words. */
static void print_act(const struct tail *t, const struct msg *m)
{
    struct buf words = {0};
    struct print *out = &t->c->out;
    if (!out->json && activity_say(m, (struct named_item){0}, &words)) {
        print_time(out, m->event.time);
        print_fmt(out, " %.*s %s\n", STR_ARG(m->event.author), buf_cstr(&words));
    }
    buf_finish(&words);
}

static bool on_event(void *arg, const struct msg *m)
{
    const struct tail *t = arg;
    bool is_change = m->type == MSG_MESSAGE_EDITED || m->type == MSG_MESSAGE_DELETED;
    if (m->type == MSG_MESSAGE && !(t->c->options.events && t->c->out.json))
        message_print(t->c, &t->want,
                      &(struct message_item){.seq = m->event.seq,
                                             .time = m->event.time,
                                             .author = m->event.author,
                                             .text = m->message.text,
                                             .task = m->message.task,
                                             .reply = m->message.reply,
                                             .to = m->message.to});
    else if (t->c->options.events)
        print_event(t, m);
    else if (is_change && !t->c->out.json)
        message_print_change(t->c, m);
    else if (m->type == MSG_ROOM_RETENTION || m->type == MSG_CHAT_TRIMMED)
        print_act(t, m);
    return !t->c->out.failed.code;
}

static void on_pause(void *arg)
{
    const struct tail *t = arg;
    print_flush(&t->c->out);
}

/* The past as it is now: what was deleted is not read out again. */
static bool print_past(struct tail *t, int64_t *since, struct err *e)
{
    int64_t limit = t->c->options.limit, from = *since;
    if (limit == 0 && cli_is_given(t->c, "limit")) {
        *since = -1; /* from now on */
        return true;
    }
    if (limit)
        return message_print_newest(t->c, &t->want, limit, from, since, e);
    return message_print_all(t->c, &t->want, from, since, e);
}

bool tail_run(struct cli *c, struct err *e)
{
    struct tail t = {.c = c};
    int64_t since = c->options.since;
    if (c->options.limit && c->options.events)
        return fail(e, ERR_USAGE, "--limit counts messages; it does not go with --events");
    if (!cli_room(c, c->words[0], &t.want.room, e) || !cli_connect(c, e))
        return false;
    if (!c->options.events && !print_past(&t, &since, e))
        return false;
    if (!c->options.events && !c->options.follow)
        return true;
    print_flush(&c->out);
    struct follower f = {.each = on_event, .between = on_pause, .arg = &t};
    return conversation_follow(c->talk, t.want.room, since, c->options.follow, f, e);
}

bool task_comments_run(struct cli *c, struct err *e)
{
    struct message_want w = {0};
    int64_t seq, limit = c->options.limit ? c->options.limit : INT64_MAX;
    if (!cli_room(c, c->words[0], &w.room, e) || !cli_task(c->words[1], &w.task, e) ||
        !cli_connect(c, e))
        return false;
    const struct replica *r = conversation_open(c->talk, w.room, e);
    if (!r)
        return false;
    if (w.task >= r->board.next_number)
        return fail(e, ERR_NOT_FOUND, "%.*s has no card %lld", STR_ARG(w.room),
                    (long long)w.task);
    return message_print_newest(c, &w, limit, 0, &seq, e);
}
