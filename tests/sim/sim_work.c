/* What people do: requests, states and questions, now and then ones that cannot be. */
#include "sim_board.h"
#include "sim_people.h"
#include "sim_read.h"
#include "sim_text.h"

#include "codec.h"
#include "direct.h"
#include "sample.h"

#include <stdlib.h>
#include <string.h>

static int64_t some_card(struct actor *c, const struct replica *r)
{
    if (r->board.columns.n == 0 || sim_chance(c->sim, 3))
        return 1 + sim_below(c->sim, 40); /* perhaps there is none */
    const struct column *col =
        &r->board.columns.v[sim_below(c->sim, (int64_t)r->board.columns.n)];
    if (col->cards.n == 0)
        return 1;
    return col->cards.v[sim_below(c->sim, (int64_t)col->cards.n)]->number;
}

static struct str some_column(struct actor *c)
{
    static const char *const names[] = {"Todo", "Doing", "Done", "Nowhere"};
    return str_of(names[sim_chance(c->sim, 2) ? 3 : sim_below(c->sim, 3)]);
}

static int64_t some_place(struct actor *c, const struct replica *r)
{
    int64_t dice = sim_below(c->sim, 4);
    return dice == 0 ? 0 : dice == 1 ? AFTER_END : some_card(c, r);
}

/* Fields of one value, with what was seen and without, and sets. */
static void some_edit(struct actor *c, const struct replica *r, struct msg_task_edit *q,
                      struct str text, struct arena *a)
{
    static const char *const fields[] = {"priority", "due", "label", "assignee", "blocker"};
    size_t f = (size_t)sim_below(c->sim, COUNT_OF(fields) + 2);
    q->seen = sim_chance(c->sim, 50) ? r->seq : -1;
    if (f >= COUNT_OF(fields)) {
        q->title = text;
        return;
    }
    struct change_item *change = arena_alloc(a, sizeof *change);
    change->field = str_of(fields[f]);
    change->gone = f >= 2 && sim_chance(c->sim, 30);
    change->value = f == 0   ? str_of(card_priorities[sim_below(c->sim, 4)])
                    : f == 1 ? str_fmt(a, "2026-12-%02d", (int)sim_below(c->sim, 31) + 1)
                    : f == 2 ? str_fmt(a, "l%d", (int)sim_below(c->sim, 5))
                    : f == 3 ? str_of(sim_users[sim_below(c->sim, SIM_USERS)])
                             : str_fmt(a, "%lld", (long long)some_card(c, r));
    q->changes.v = change;
    q->changes.n = 1;
}

/* Names meet: two add the same column, or one is renamed while another moves a card there. */
static void column_request(struct actor *c, struct msg *m)
{
    static const char *const names[] = {"Todo", "Doing", "Done", "Later", "Next"};
    struct str one = str_of(names[sim_below(c->sim, COUNT_OF(names))]);
    struct str other = str_of(names[sim_below(c->sim, COUNT_OF(names))]);
    bool first = sim_chance(c->sim, 30);
    int64_t dice = sim_below(c->sim, 4);
    if (dice == 0) {
        m->type = MSG_COLUMN_ADD;
        m->column_add.name = one;
        m->column_add.after = first ? (struct str){0} : other;
        m->column_add.first = first;
    } else if (dice == 1) {
        m->type = MSG_COLUMN_EDIT;
        m->column_edit.column = one;
        m->column_edit.name = first ? (struct str){0} : other;
        m->column_edit.limit = sim_below(c->sim, 5);
    } else if (dice == 2) {
        m->type = MSG_COLUMN_MOVE;
        m->column_move.column = one;
        m->column_move.after = first ? (struct str){0} : other;
        m->column_move.first = first;
    } else {
        m->type = MSG_COLUMN_REMOVE;
        m->column_remove.column = one;
        m->column_remove.to = other;
    }
}

/* One of the last few lines, which others are changing too; now and then what is none. */
static int64_t some_message(struct actor *c, const struct replica *r)
{
    size_t n = replica_lines(r);
    if (n == 0 || sim_chance(c->sim, 3))
        return 1 + sim_below(c->sim, 40);
    return replica_line(r, n - 1 - (size_t)sim_below(c->sim, MIN((int64_t)n, 12)))->seq;
}

static void message_request(struct actor *c, const struct replica *r, struct msg *m,
                            struct str text)
{
    static const char *const emojis[] = {"👍", "❤️", ":tada:"};
    int64_t message = some_message(c, r), dice = sim_below(c->sim, 10);
    if (dice < 3) {
        m->type = MSG_MESSAGE_POST;
        m->message_post.text = text;
        m->message_post.reply = message;
    } else if (dice < 5) {
        m->type = MSG_MESSAGE_EDIT;
        m->message_edit.message = message;
        m->message_edit.text = text;
    } else if (dice < 6) {
        m->type = MSG_MESSAGE_DELETE;
        m->message_delete.message = message;
    } else if (dice < 9) {
        m->type = MSG_MESSAGE_REACT;
        m->message_react.message = message;
        m->message_react.emoji = str_of(emojis[sim_below(c->sim, COUNT_OF(emojis))]);
        m->message_react.gone = sim_chance(c->sim, 40);
    } else {
        m->type = MSG_MESSAGE_PIN;
        m->message_pin.message = message;
        m->message_pin.gone = sim_chance(c->sim, 40);
    }
}

static void some_request(struct actor *c, const struct replica *r, struct msg *m,
                         struct arena *a)
{
    int64_t dice = sim_below(c->sim, 100);
    struct str text = str_fmt(a, "%s %lld", c->id, (long long)++c->counter);
    m->request.room = str_of(r->name);
    if (room_is_direct(m->request.room) && r->seq == 0 && sim_chance(c->sim, 30)) {
        m->type = MSG_ROOM_CREATE;
        return;
    }
    if (sim_chance(c->sim, 4)) {
        column_request(c, m);
        return;
    }
    if (dice < 15) {
        message_request(c, r, m, text);
    } else if (dice < 30) {
        m->type = MSG_MESSAGE_POST;
        m->message_post.text = text;
    } else if (dice < 50) {
        m->type = MSG_TASK_ADD;
        m->task_add.title = text;
        m->task_add.column = some_column(c);
        m->task_add.after = sim_chance(c->sim, 50) ? AFTER_END : some_place(c, r);
    } else if (dice < 60) {
        m->type = MSG_TASK_EDIT;
        m->task_edit.task = some_card(c, r);
        some_edit(c, r, &m->task_edit, text, a);
    } else if (dice < 82) {
        m->type = MSG_TASK_MOVE;
        m->task_move.task = some_card(c, r);
        m->task_move.column = some_column(c);
        m->task_move.after = some_place(c, r);
    } else if (dice < 88) {
        m->type = MSG_TASK_ARCHIVE;
        m->task_archive.task = some_card(c, r);
    } else if (dice < 92) {
        m->type = MSG_TASK_RESTORE;
        m->task_restore.task = 1 + sim_below(c->sim, 30);
    } else if (dice < 93) {
        m->type = MSG_TOPIC_SET;
        m->topic_set.topic = sim_chance(c->sim, 20) ? (struct str){0} : text;
    } else if (dice < 94 && sim_chance(c->sim, 50)) {
        m->type = MSG_ROOM_RETAIN;
        m->room_retain.keep.age = sim_chance(c->sim, 30) ? 3600 : 0;
        m->room_retain.keep.count = sim_chance(c->sim, 30) ? 10 * sim_below(c->sim, 20) : 0;
    } else if (dice < 95) {
        m->type = MSG_MEMBER_SET;
        m->member_set.user = str_of(sim_users[sim_below(c->sim, SIM_USERS)]);
        m->member_set.role = (enum role)sim_below(c->sim, ROLE_COUNT);
    } else if (dice < 97) {
        m->type = MSG_ROOM_JOIN;
    } else if (dice < 98) {
        m->type = MSG_ROOM_LEAVE;
    } else {
        m->type = MSG_ROOM_CREATE;
        m->room_create.is_public = sim_chance(c->sim, 50);
    }
}

/* What no program of ours would send. */
static void some_nonsense(struct actor *c)
{
    static const char *const frames[] = {
        "",
        "{",
        "[]",
        "{\"type\":\"hello\"}",
        "\xff\xfe",
        "{\"type\":\"message\",\"room\":\"#lobby\",\"seq\":1}",
        "[[[[[[[[[]]]]]]]]]",
        "{\"type\":\"message.post\",\"id\":1,\"room\":\"#lobby\",\"text\":\"\"}",
        "{\"type\":\"open\",\"id\":5,\"room\":\"#nosuch\",\"since\":99999}",
    };
    struct arena a = {0};
    struct buf json = {0};
    if (sim_chance(c->sim, 50)) {
        buf_add_str(&json, str_of(frames[sim_below(c->sim, COUNT_OF(frames))]));
    } else {
        struct msg m;
        uint64_t seed = sim_next(c->sim);
        enum msg_type type = (enum msg_type)(1 + sim_below(c->sim, MSG_COUNT - 1));
        if (!(msg_table[type].side & FROM_CLIENT))
            type = MSG_TASK_MOVE;
        sample_msg(&m, type, FROM_CLIENT, &seed, &a);
        if (msg_table[type].in_room)
            m.request.room = str_of(sim_rooms[sim_below(c->sim, SIM_ROOMS)]);
        codec_encode(&json, &m);
    }
    sim_up(c->sim, c->wire, buf_str(&json));
    buf_finish(&json);
    arena_finish(&a);
}

static void some_work(struct actor *c)
{
    struct replica *r = session_open_room(
        &c->session, str_of(sim_rooms[sim_below(c->sim, SIM_ROOMS)]), sim_now(c->sim), &c->out);
    int64_t dice = sim_below(c->sim, 100);
    struct arena a = {0};
    if (sim_chance(c->sim, 50)) {
        actor_write(c, r);
    } else if (dice < 10) {
        people_show_something(c, r, some_card(c, r));
    } else if (dice < 29) {
        board_play(c, r);
    } else if (dice < 31) {
        read_something(c, r);
    } else if (dice < 33) {
        session_older(&c->session, str_of(r->name), &c->out);
    } else if (dice < 35) {
        struct msg m = {.type = dice == 33 ? MSG_MEMBERS : MSG_ROOMS};
        m.request.room = str_of(r->name);
        session_ask(&c->session, &m, &c->out, NULL);
    } else {
        struct msg m = {0};
        some_request(c, r, &m, &a);
        board_ask(c, r, &m);
    }
    arena_finish(&a);
}

void actor_act(struct actor *c)
{
    if (!c->is_alive || c->is_errand)
        return;
    if (actor_is_vandal(c)) {
        if (c->wire >= 0 && c->session.state == SESSION_ONLINE && sim_chance(c->sim, 50))
            some_nonsense(c);
        return;
    }
    c->dies = sim_below(c->sim, 200) == 0;
    if (!c->disk.is_full && sim_below(c->sim, 400) == 0)
        actor_fill_disk(c);
    int64_t many = sim_chance(c->sim, 5) ? 30 : 1;
    for (int64_t i = 0; i < many; i++)
        some_work(c);
    actor_perform(c);
}
