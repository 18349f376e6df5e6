/* A hub under a random team: connections come and go, send valid, bent and senseless frames,
 * the store is slow, fails and recovers, answers are late, the hub dies and starts again.
 * Whatever happens: the hub's own check holds, every message it sends is valid, each listener
 * gets each event of a room once and in order, and a text that is sent whole is what its edits
 * made. */
#include "codec.h"
#include "frame.h"
#include "fuzz.h"
#include "hub.h"
#include "op.h"
#include "sample.h"

#include <stdlib.h>
#include <string.h>

enum { CONNS = 6, ROOMS = 4, TEXTS = 8, STEPS_MAX = 400 };

static const struct str room_names[ROOMS] = {{"#lobby", 6}, {"#a", 2}, {"#b", 2}, {"#c", 2}};
static const struct str user_names[] = {{"ana", 3}, {"bo", 2}, {"root", 4}, {"zoe", 3}};
static const struct str clients[] = {{"client01", 8}, {"client02", 8}};
static const struct str columns[] = {{"Todo", 4}, {"Doing", 5}, {"Nowhere", 7}};

/* A text as its edits were told; without a rope it is not known. */
struct seen {
    int64_t version;
    struct rope *rope;
};

struct team {
    const uint8_t *p;
    size_t n;
    uint64_t seed;
    struct hub *hub;
    struct store *store;
    struct outbox out;
    struct arena arena; /* of one step */
    int64_t now, next_id;
    struct {
        bool open, closing;
        int64_t last[ROOMS]; /* newest event received since it was opened, -1: any is next */
    } conns[CONNS];
    VEC(struct store_job *) jobs, done;
    VEC(struct output) shell;
    struct arena shell_arena;
    struct seen texts[ROOMS][TEXTS];
    struct op op;
};

static unsigned byte(struct team *t)
{
    if (t->n == 0)
        return 0;
    t->n--;
    return *t->p++;
}

static int room_index(struct str name)
{
    for (int i = 0; i < ROOMS; i++) {
        if (str_eq(name, room_names[i]))
            return i;
    }
    return -1;
}

/* ---- what the hub sends ---- */

static void see_event(struct team *t, uint32_t slot, const struct event_head *e)
{
    int i = room_index(e->room);
    if (i < 0)
        return;
    int64_t *last = &t->conns[slot].last[i];
    bug_on(*last >= 0 && e->seq != *last + 1);
    *last = e->seq;
}

static struct seen *text_of(struct team *t, struct str room, int64_t number)
{
    int i = room_index(room);
    return i < 0 || number < 1 || number > TEXTS ? NULL : &t->texts[i][number - 1];
}

/* Edits that nobody heard of leave a gap. */
static void see_edit(struct team *t, const struct msg_note_edited *m)
{
    struct seen *s = text_of(t, m->head.room, m->note);
    if (!s || m->version <= s->version)
        return;
    if (!s->rope && m->version == 1)
        s->rope = rope_new();
    if (s->rope && m->version == s->version + 1) {
        bug_on(!op_parse(&t->op, m->op, OP_OUT_MAX, NULL) ||
               !op_check(&t->op, rope_chars(s->rope), NULL));
        op_apply(&t->op, s->rope);
    } else {
        rope_free(s->rope);
        s->rope = NULL;
    }
    s->version = m->version;
}

static void see_text(struct team *t, const struct msg_note_text *m)
{
    struct seen *s = text_of(t, m->room, m->note);
    if (!s || m->part || m->more || m->version < s->version)
        return;
    bug_on(m->version == s->version && s->rope && !rope_is(s->rope, m->text));
    rope_free(s->rope);
    s->rope = rope_of(m->text);
    s->version = m->version;
}

static void see(struct team *t, uint32_t slot, const struct msg *m)
{
    int i;
    if (m->type == MSG_NOTE_EDITED)
        see_edit(t, &m->note_edited);
    if (m->type == MSG_NOTE_TEXT)
        see_text(t, &m->note_text);
    if (msg_table[m->type].class == CLASS_EVENT)
        see_event(t, slot, &m->event);
    /* It may answer an `open` that waited, which begins anew. */
    if (m->type == MSG_OK && (i = room_index(m->ok.room)) >= 0)
        t->conns[slot].last[i] = -1;
    if (m->type == MSG_SNAPSHOT && (i = room_index(m->snapshot.room)) >= 0)
        t->conns[slot].last[i] = m->snapshot.seq;
    if (m->type == MSG_SYNCED && (i = room_index(m->synced.room)) >= 0) {
        bug_on(t->conns[slot].last[i] >= 0 && t->conns[slot].last[i] != m->synced.seq);
        t->conns[slot].last[i] = m->synced.seq;
    }
}

static void deliver(struct team *t, uint32_t slot, const struct frame *f)
{
    struct str framed = {f->bytes, f->n};
    bug_on(slot >= CONNS || !t->conns[slot].open || t->conns[slot].closing);
    for (struct str json; (json = frame_next(&framed)).p;) {
        struct msg_list list;
        struct err e;
        int64_t re;
        bug_on(!codec_decode(json, FROM_SERVER, &t->arena, &list, &re, &e) || list.n != 1);
        see(t, slot, &list.v[0]);
    }
}

static void carry_out(struct team *t, const struct output *o)
{
    if (o->kind == OUT_SEND) {
        deliver(t, o->conn, o->frame);
    } else if (o->kind == OUT_FAN) {
        for (size_t i = 0; i < o->n_conns; i++)
            deliver(t, o->conns[i], o->frame);
    } else if (o->kind == OUT_CLOSE) {
        bug_on(!t->conns[o->conn].open);
        t->conns[o->conn].closing = true;
    } else if (o->kind == OUT_STORE) {
        vec_push(&t->jobs, o->job);
    } else if (o->kind == OUT_MINT || o->kind == OUT_CHECK || o->kind == OUT_FIGURES) {
        struct output kept = *o;
        kept.user = str_keep(&t->shell_arena, o->user);
        vec_push(&t->shell, kept);
    }
}

static void turn(struct team *t)
{
    hub_turn_end(t->hub, t->now, &t->out);
    vec_each (o, &t->out.items)
        carry_out(t, o);
    outbox_clear(&t->out);
    struct err e;
    bug_on(!hub_check(t->hub, &e));
}

static void handle(struct team *t, struct hub_input in)
{
    in.now = t->now;
    hub_handle(t->hub, &in, &t->out);
    if (byte(t) % 4)
        turn(t);
}

/* ---- what happens to it ---- */

static void start(struct team *t)
{
    struct hub_config c = {
        .server = STR("fuzz"), .lobby = room_names[0], .session_base = (uint64_t)t->now};
    t->hub = hub_new(&c);
    hub_start(t->hub, t->now, &t->out);
    turn(t);
}

static void stop(struct team *t)
{
    turn(t);
    hub_free(t->hub);
    outbox_clear(&t->out);
    vec_each (j, &t->jobs)
        store_job_free(*j);
    vec_each (d, &t->done)
        store_job_free(*d);
    t->jobs.n = t->done.n = t->shell.n = 0;
    memset(t->conns, 0, sizeof t->conns);
}

static void connect_one(struct team *t)
{
    uint32_t slot = byte(t) % CONNS;
    unsigned who = byte(t), how = byte(t);
    struct hub_input in = {.kind = IN_OPENED, .conn = slot};
    if (t->conns[slot].open)
        return;
    in.identity.user = user_names[who % COUNT_OF(user_names)];
    in.identity.admin = str_is(in.identity.user, "root");
    if (how % 3 == 0) {
        in.identity.token_id = STR("id1");
        in.identity.expires = t->now + 60000;
        in.identity.invite = how % 2;
    }
    if (hub_admits(t->hub, &in.identity, NULL)) {
        t->conns[slot].open = true;
        handle(t, in);
    }
}

static void cut(struct team *t)
{
    uint32_t slot = byte(t) % CONNS;
    if (!t->conns[slot].open)
        return;
    turn(t); /* the shell first carries out what it was told before */
    memset(&t->conns[slot], 0, sizeof t->conns[slot]);
    handle(t, (struct hub_input){.kind = IN_CLOSED, .conn = slot});
}

static void forget_rooms(struct team *t, uint32_t slot)
{
    turn(t);
    for (int i = 0; i < ROOMS; i++)
        t->conns[slot].last[i] = -1;
}

static void send_bytes(struct team *t, uint32_t slot, struct str bytes)
{
    if (!t->conns[slot].open)
        return;
    forget_rooms(t, slot);
    handle(t, (struct hub_input){.kind = IN_FRAME, .conn = slot, .bytes = bytes});
}

/* An operation that fits a short text, if any. */
static struct str some_op(struct team *t)
{
    op_clear(&t->op);
    op_skip(&t->op, byte(t) % 4);
    if (byte(t) % 3)
        op_insert(&t->op, str_keep(&t->arena, (struct str){"abcd\n", byte(t) % 6}));
    op_delete(&t->op, byte(t) % 3);
    op_skip(&t->op, byte(t) % 2);
    op_delete(&t->op, byte(t) % 2);
    struct buf json = {0};
    op_print(&t->op, &json);
    struct str kept = str_keep(&t->arena, buf_str(&json));
    buf_finish(&json);
    return kept;
}

static struct str some_name(struct team *t)
{
    return str_fmt(&t->arena, "n%u", byte(t) % 4);
}

static void bend_note(struct team *t, struct msg *m)
{
    int64_t number = (int64_t)(byte(t) % 8) - 2, version = byte(t) % 16;
    number = number ? number : 1;
    if (m->type == MSG_NOTE_CREATE)
        m->note_create.name = some_name(t);
    else if (m->type == MSG_NOTE_RENAME)
        m->note_rename = (struct msg_note_rename){m->request, number, some_name(t)};
    else if (m->type == MSG_NOTE_ARCHIVE || m->type == MSG_NOTE_RESTORE)
        m->note_archive.note = number;
    else if (m->type == MSG_NOTE_EDIT && byte(t) % 8)
        m->note_edit = (struct msg_note_edit){m->request, number, version, some_op(t)};
    else if (m->type == MSG_NOTE_OPEN)
        m->note_open = (struct msg_note_open){m->request, number, version - 1, byte(t)};
    else if (m->type == MSG_NOTE_AT)
        m->note_at = (struct msg_note_at){m->request, number, version - 1,
                                          byte(t) % 2 ? t->now - 1000 * byte(t) : 0};
    else if (m->type == MSG_NOTE_LOG)
        m->note_log = (struct msg_note_log){m->request, number, version + 1, 1 + byte(t) % 4};
    else if (m->type == MSG_NOTE_BLAME)
        m->note_blame.note = number;
    else if (m->type == MSG_NOTE_CARET)
        m->note_caret =
            (struct msg_note_caret){m->state, number, version, byte(t), byte(t), byte(t), {0}};
}

static void bend_people(struct team *t, struct msg *m)
{
    int64_t number = (int64_t)(byte(t) % 8) - 2;
    if (m->type == MSG_POINTER) {
        m->pointer.at = (enum pointed)(byte(t) % POINTED_COUNT);
        m->pointer.task = m->pointer.note = number;
        m->pointer.message = byte(t) % 8;
        m->pointer.column = columns[byte(t) % COUNT_OF(columns)];
    } else if (m->type == MSG_STATUS) {
        m->status.status = (enum status)(byte(t) % STATUS_COUNT);
        m->status.everywhere = byte(t) % 2;
        m->status.words = byte(t) % 2 ? some_name(t) : (struct str){0};
    } else {
        bend_note(t, m);
    }
}

/* Makes a random message fit this team more often than chance would. */
static void bend(struct team *t, struct msg *m)
{
    int64_t task = (int64_t)(byte(t) % 12) - 6, after = byte(t) % 5;
    enum msg_class class = msg_table[m->type].class;
    if (class == CLASS_STATE)
        m->state.room = room_names[byte(t) % ROOMS];
    else if (class == CLASS_REQUEST || class == CLASS_QUESTION)
        m->request = (struct request_head){.id = byte(t) % 8 ? ++t->next_id : 1 + byte(t),
                                           .room = room_names[byte(t) % ROOMS]};
    if (m->type == MSG_HELLO)
        m->hello.client = clients[byte(t) % COUNT_OF(clients)];
    else if (m->type == MSG_MEMBER_SET)
        m->member_set.user = user_names[byte(t) % COUNT_OF(user_names)];
    else if (m->type == MSG_OPEN)
        m->open.since = (int64_t)(byte(t) % 30) - 1;
    else if (m->type == MSG_TASK_ADD)
        m->task_add = (struct msg_task_add){m->request, m->task_add.title,
                                            columns[byte(t) % COUNT_OF(columns)],
                                            after == 4 ? AFTER_END : after};
    else if (m->type == MSG_TASK_EDIT)
        m->task_edit.task = task ? task : 1;
    else if (m->type == MSG_TASK_MOVE)
        m->task_move = (struct msg_task_move){m->request, task ? task : 1,
                                              columns[byte(t) % COUNT_OF(columns)],
                                              after == 4 ? AFTER_END : after, 0};
    else if (m->type == MSG_TASK_ARCHIVE || m->type == MSG_TASK_RESTORE)
        m->task_archive.task = task ? task : 1;
    else
        bend_people(t, m);
}

static void send_message(struct team *t, enum msg_type type, bool bent)
{
    uint32_t slot = byte(t) % CONNS;
    struct msg m;
    struct buf json = {0};
    if (type == MSG_NONE || type >= MSG_COUNT || !(msg_table[type].side & FROM_CLIENT))
        return;
    sample_msg(&m, type, FROM_CLIENT, &t->seed, &t->arena);
    bend(t, &m);
    codec_encode(&json, &m);
    if (bent && json.n)
        json.p[byte(t) * 7 % json.n] ^= (char)(1 + byte(t) % 127);
    send_bytes(t, slot, buf_str(&json));
    buf_finish(&json);
}

static void send_note(struct team *t, unsigned arg)
{
    static const enum msg_type types[] = {MSG_NOTE_CREATE,  MSG_NOTE_RENAME, MSG_NOTE_ARCHIVE,
                                          MSG_NOTE_RESTORE, MSG_NOTE_OPEN,   MSG_NOTE_AT,
                                          MSG_NOTE_LOG,     MSG_NOTE_BLAME,  MSG_NOTE_CARET};
    bool is_edit = arg % 16 >= COUNT_OF(types);
    send_message(t, is_edit ? MSG_NOTE_EDIT : types[arg % 16], false);
}

static void send_raw(struct team *t)
{
    uint32_t slot = byte(t) % CONNS;
    size_t wanted = byte(t), n = MIN(t->n, wanted);
    struct str bytes = str_keep(&t->arena, (struct str){(const char *)t->p, n});
    t->p += n;
    t->n -= n;
    send_bytes(t, slot, bytes);
}

/* The i-th, or the first write if that is one: writes keep their order. */
static struct store_job *take(struct store_job **v, size_t *n, size_t i)
{
    i %= *n;
    for (size_t k = 0; store_is_write(v[i]->kind) && k < i; k++) {
        if (store_is_write(v[k]->kind))
            i = k;
    }
    struct store_job *j = v[i];
    memmove(&v[i], &v[i + 1], (--*n - i) * sizeof *v);
    return j;
}

static void run_job(struct team *t, size_t i)
{
    if (t->jobs.n == 0)
        return;
    struct store_job *j = take(t->jobs.v, &t->jobs.n, i);
    if (store_is_write(j->kind))
        t->store->write(t->store, &j, 1);
    else if (byte(t) % 16)
        t->store->read(t->store, j);
    else
        j->err = (struct err){ERR_STORE, "a read that failed"};
    vec_push(&t->done, j);
}

static void answer_job(struct team *t, size_t i)
{
    if (t->done.n)
        handle(t, (struct hub_input){.kind = IN_STORED, .job = take(t->done.v, &t->done.n, i)});
}

static void settle(struct team *t)
{
    turn(t);
    while (t->jobs.n || t->done.n) {
        run_job(t, 0);
        answer_job(t, 0);
        turn(t);
    }
}

static void answer_shell(struct team *t)
{
    if (t->shell.n == 0)
        return;
    struct output o = t->shell.v[0];
    vec_remove(&t->shell, 0);
    struct hub_input in = {.kind = o.kind == OUT_MINT      ? IN_MINTED
                                   : o.kind == OUT_FIGURES ? IN_FIGURES
                                                           : IN_CHECKED,
                           .tag = o.tag,
                           .identity.user = o.user,
                           .token = STR("a.secret.token"),
                           .expires = t->now + 60000};
    in.token_id = str_fmt(&t->arena, "id%u", byte(t) % 8);
    if (o.kind == OUT_CHECK)
        in.identity.user = user_names[byte(t) % COUNT_OF(user_names)];
    if (byte(t) % 8 == 0)
        in.err = (struct err){ERR_NOT_SIGNED_IN, "no"};
    handle(t, in);
}

static void break_store(struct team *t)
{
    static const enum err_code codes[] = {ERR_NONE, ERR_STORE_FULL, ERR_NONE, ERR_STORE,
                                          ERR_NONE};
    store_mem_break(t->store, codes[byte(t) % COUNT_OF(codes)]);
}

static void pass_time(struct team *t)
{
    static const int64_t steps[] = {1, 5, 50, 500, 5000, 60000};
    t->now += steps[byte(t) % COUNT_OF(steps)];
    handle(t, (struct hub_input){.kind = IN_TICK});
}

static void step(struct team *t)
{
    unsigned op = byte(t) % 40, arg = byte(t);
    if (op < 3)
        connect_one(t);
    else if (op < 4)
        cut(t);
    else if (op < 8)
        send_message(t, MSG_HELLO, false);
    else if (op < 18)
        send_message(t, (enum msg_type)(arg % MSG_COUNT), false);
    else if (op < 19)
        send_message(t, (enum msg_type)(arg % MSG_COUNT), true);
    else if (op < 20)
        send_raw(t);
    else if (op < 23)
        run_job(t, arg);
    else if (op < 26)
        answer_job(t, arg);
    else if (op < 27)
        settle(t);
    else if (op < 28)
        pass_time(t);
    else if (op < 29)
        answer_shell(t);
    else if (op < 30)
        handle(t, (struct hub_input){.kind = arg & 64 ? IN_MISSED : IN_READABLE,
                                     .conn = arg % CONNS});
    else if (op < 31)
        break_store(t);
    else if (op > 31)
        send_note(t, arg);
    else if (arg < 8)
        stop(t), start(t);
    else if (arg < 10)
        handle(t, (struct hub_input){.kind = IN_DRAIN});
    arena_clear(&t->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct team t = {.p = data, .n = size, .now = 1000000, .store = store_mem_new()};
    t.seed = size;
    start(&t);
    if (byte(&t) % 4)
        settle(&t);
    for (int i = 0; i < STEPS_MAX && t.n; i++)
        step(&t);
    settle(&t);
    stop(&t);
    t.store->close(t.store);
    arena_finish(&t.arena);
    arena_finish(&t.shell_arena);
    outbox_finish(&t.out);
    vec_finish(&t.jobs);
    vec_finish(&t.done);
    vec_finish(&t.shell);
    op_finish(&t.op);
    for (int i = 0; i < ROOMS * TEXTS; i++)
        rope_free(t.texts[i / TEXTS][i % TEXTS].rope);
    return 0;
}
