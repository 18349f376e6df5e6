#include "room.h"

#include "account.h"
#include "ask.h"
#include "board_action.h"
#include "caller.h"
#include "client.h"
#include "direct.h"
#include "note.h"
#include "presence.h"
#include "resume.h"
#include "retention_trim.h"
#include "said.h"
#include "snapshot.h"
#include "text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert((int)BOARD_KEY_MAX == KEY_MAX && (int)BOARD_TITLE_MAX == TITLE_MAX &&
                  (int)BOARD_COLUMN_NAME_MAX == COLUMN_NAME_MAX &&
                  (int)BOARD_COLUMNS_MAX == COLUMNS_MAX && (int)BOARD_CARDS_MAX == TASKS_MAX &&
                  BOARD_END == AFTER_END,
              "board and wire have the same bounds");

enum { ITEM_BYTES = 180 }; /* of a room in a list, without its name */

static const char *const first_columns[] = {"Todo", "Doing", "Done"};

struct room *room_find(const struct hub *h, struct str name)
{
    struct room *r = NULL;
    if (name.n)
        HASH_FIND(hh, h->rooms, name.p, (unsigned)name.n, r);
    return r;
}

static struct room *room_make(struct hub *h, struct str name, bool is_public)
{
    bug_on(name.n > ROOM_NAME_MAX || room_find(h, name));
    struct room *r = NEW(struct room);
    memcpy(r->name, name.p, name.n);
    r->is_public = is_public;
    r->sure = true;
    board_init(&r->board);
    HASH_ADD_KEYPTR(hh, h->rooms, r->name, (unsigned)name.n, r);
    return r;
}

struct room *room_new(struct hub *h, struct str name, bool is_public)
{
    struct room *r = room_make(h, name, is_public);
    for (size_t i = 0; i < COUNT_OF(first_columns); i++)
        bug_on(!board_add_column(&r->board, str_of(first_columns[i]), NULL));
    r->has_board = true;
    return r;
}

/* ---- members ---- */

static size_t member_place(const struct room *r, const char *name)
{
    size_t low = 0, high = r->members.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(r->members.v[mid].user->name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct member *room_member(const struct room *r, const struct user *u)
{
    size_t at = member_place(r, u->name);
    return at < r->members.n && r->members.v[at].user == u ? &r->members.v[at] : NULL;
}

enum role room_role(const struct room *r, const struct user *u, bool ahead)
{
    const struct member *m = room_member(r, u);
    if (!m)
        return ROLE_NONE;
    return ahead ? m->ahead : m->told;
}

static struct member *member_make(struct room *r, struct user *u)
{
    struct member *m = room_member(r, u);
    if (m)
        return m;
    size_t at = member_place(r, u->name);
    vec_push(&r->members, (struct member){0});
    memmove(&r->members.v[at + 1], &r->members.v[at],
            (r->members.n - 1 - at) * sizeof(struct member));
    r->members.v[at] = (struct member){.user = u};
    u->memberships++;
    return &r->members.v[at];
}

/* An entry without any role is not kept. */
static void member_tidy(struct room *r, struct member *m)
{
    if (m->told != ROLE_NONE || m->ahead != ROLE_NONE)
        return;
    m->user->memberships--;
    vec_remove(&r->members, (size_t)(m - r->members.v));
}

void room_set_topic(struct room *r, struct str topic)
{
    free(r->topic);
    r->topic = topic.n ? str_dup(topic) : NULL;
}

void room_set_ahead(struct room *r, struct user *u, enum role role)
{
    struct member *m = member_make(r, u);
    r->owners -= m->ahead == ROLE_OWNER;
    r->owners += role == ROLE_OWNER;
    m->ahead = role;
    member_tidy(r, m);
}

void room_set_told(struct room *r, struct user *u, enum role role)
{
    struct member *m = member_make(r, u);
    m->told = role;
    if (role != ROLE_NONE)
        user_add_room(u, r);
    else
        user_drop_room(u, r);
    member_tidy(r, m);
}

void room_forget_ahead(struct room *r)
{
    for (size_t i = r->members.n; i-- > 0;) {
        struct member *m = &r->members.v[i];
        if (m->ahead != m->told)
            room_set_ahead(r, m->user, m->told);
    }
}

static void put_member(struct room *r, struct user *u, enum role role)
{
    room_set_ahead(r, u, role);
    room_set_told(r, u, role);
}

/* Makes the roles those that the store has. Who is in a direct conversation only its name says;
 * as after an import, there may be no account yet. */
static void members_replace(struct hub *h, struct room *r, const struct store_room *from)
{
    for (size_t i = r->members.n; i-- > 0;) {
        struct user *u = r->members.v[i].user;
        room_set_ahead(r, u, ROLE_OBSERVER); /* keeps the entry until both are set */
        room_set_told(r, u, ROLE_NONE);
        room_set_ahead(r, u, ROLE_NONE);
    }
    bool is_direct = room_is_direct(from->name);
    if (is_direct)
        for (struct founder f = {0}; founder_next(&f, from->name, (struct str){0});)
            put_member(r, user_make(h, f.user), f.role);
    for (size_t i = 0; i < from->members.n; i++) {
        const struct store_member *m = &from->members.v[i];
        struct user *u = user_find(h, m->user);
        if (u && !is_direct) /* the lobby's maker is no person */
            put_member(r, u, m->role);
        struct member *member = u ? room_member(r, u) : NULL;
        if (member)
            member->read = m->read;
    }
}

enum role room_power(const struct room *r, const struct caller *c, bool ahead)
{
    if (caller_is_admin(c) && r->is_public)
        return ROLE_OWNER;
    return room_role(r, c->user, ahead);
}

struct room_item room_item(const struct room *r, const struct user *u)
{
    const struct member *m = room_member(r, u);
    return (struct room_item){
        .room = str_of(r->name),
        .role = room_role(r, u, false),
        .is_public = r->is_public,
        .seq = r->stored,
        .members = (int64_t)r->members.n,
        .read = m && m->told != ROLE_NONE ? m->read : (struct marker){0},
    };
}

bool room_item_fits(const struct room *r, size_t *left)
{
    size_t n = ITEM_BYTES + strlen(r->name);
    bool fits = n <= *left;
    *left -= fits ? n : *left;
    return fits;
}

void room_load_head(struct hub *h, const struct store_room *from)
{
    struct room *r = room_make(h, from->name, from->is_public);
    r->stored = r->head = from->seq;
    r->keep = from->keep;
    retention_due(h, r, TRIM_START_MS);
    members_replace(h, r, from);
}

/* Nobody listens, waits or refers to it any more. */
static void room_empty(struct hub *h, struct room *r)
{
    while (r->live.n)
        sub_close(h, r->live.v[r->live.n - 1]);
    while (r->catching.n)
        sub_close(h, r->catching.v[r->catching.n - 1]);
    presence_finish(h, r);
    vec_each (m, &r->members) {
        user_drop_room(m->user, r);
        m->user->memberships--;
    }
    for (size_t i = 0; i < h->news.n; i++) {
        if (h->news.v[i] == r) {
            vec_remove(&h->news, i);
            break;
        }
    }
    HASH_DEL(h->rooms, r);
    if (str_is(str_of(r->name), h->lobby))
        newcomer_skip_lobby(h);
}

void room_free(struct hub *h, struct room *r)
{
    bug_on(r->flights);
    room_empty(h, r);
    snapshot_drop(r->snapshot);
    texts_free(h, r);
    said_forget(h, r);
    vec_finish(&r->pins);
    notes_finish(&r->notes);
    board_finish(&r->board);
    free(r->topic);
    buf_finish(&r->news);
    free(r->pulse);
    vec_finish(&r->members);
    vec_finish(&r->live);
    vec_finish(&r->slots);
    vec_finish(&r->catching);
    vec_each (c, &r->blocked) {
        (*c)->blocked = NULL;
        client_pump(h, *c);
    }
    vec_finish(&r->blocked);
    free(r);
}

/* ---- loading ---- */

void room_load(struct hub *h, struct room *r)
{
    if (r->loading)
        return;
    struct ask *a = ask_new(h, ASK_ROOM, NULL, 0);
    struct store_job *j = store_job_new(JOB_ROOM);
    j->room = str_keep(&j->arena, str_of(r->name));
    r->loading = a->tag;
    ask_store(h, a, j);
}

static bool put_card(struct board *b, const struct store_task *t, struct err *e)
{
    struct board_action put = {.kind = BOARD_RESTORE,
                               .number = t->number,
                               .title = t->title,
                               .column = t->column,
                               .key = t->key};
    struct board_action archive = {.kind = BOARD_ARCHIVE, .number = t->number};
    return board_apply(b, &put, NULL, NULL, e) &&
           board_read_values(b, t->number, t->values, e) &&
           (!t->archived || board_apply(b, &archive, NULL, NULL, e));
}

/* Archived cards first: a full board has no room for one more even for a moment. */
static bool read_board(struct board *b, const struct store_room *from, struct err *e)
{
    for (size_t i = 0; i < from->columns.n; i++) {
        if (!board_put_column(b, from->columns.v[i].name, from->columns.v[i].limit, e))
            return false;
    }
    for (int live = 0; live < 2; live++) {
        for (size_t i = 0; i < from->tasks.n; i++) {
            const struct store_task *t = &from->tasks.v[i];
            if (t->archived != live && !put_card(b, t, e))
                return false;
            board_touch(b, t->number, t->changed);
        }
    }
    b->next_number = MAX(b->next_number, from->next_number);
    return true;
}

/* The store is not where the room was believed to be: all who listen catch up from there. */
static void jump(struct hub *h, struct room *r, const struct store_room *from)
{
    int64_t told = r->stored;
    room_flush(h, r);
    out_log(h, 1, "hub.jump", "room %s is at event %lld, not %lld", r->name,
            (long long)from->seq, (long long)r->stored);
    r->stored = r->head = r->changed = from->seq;
    r->is_public = from->is_public;
    said_forget(h, r);
    members_replace(h, r, from);
    for (size_t i = r->catching.n; i-- > 0;) {
        if (r->catching.v[i]->sent > from->seq)
            sub_dismiss(h, r->catching.v[i], ERR_CONFLICT, "its newest events are lost");
    }
    while (r->live.n) {
        struct sub *s = r->live.v[r->live.n - 1];
        if (told > from->seq)
            sub_dismiss(h, s, ERR_CONFLICT, "its newest events are lost");
        else
            sub_fall_behind(h, s, told);
    }
}

static void load_failed(struct hub *h, struct room *r, const struct err *e)
{
    h->counts.store_failures++;
    retention_due(h, r, TRIM_RETRY_MS);
    out_log(h, 0, "hub.load", "room %s cannot be read: %s", r->name, e->text);
    if (str_is(str_of(r->name), h->lobby))
        newcomer_skip_lobby(h);
    for (size_t n = r->blocked.n; n > 0 && r->blocked.n; n--) {
        struct client *c = r->blocked.v[0];
        vec_remove(&r->blocked, 0);
        c->blocked = NULL;
        client_refuse_first(h, c, e);
        client_pump(h, c);
    }
}

void room_loaded(struct hub *h, const struct ask *a, const struct store_job *j)
{
    struct room *r = room_find(h, j->room);
    if (!r || r->loading != a->tag)
        return;
    r->loading = 0;
    if (j->err.code == ERR_NOT_FOUND && r->stored == 0 && !r->flights) {
        room_free(h, r); /* its making failed */
        return;
    }
    struct err e = j->err;
    struct board b;
    struct notes n = {0};
    board_init(&b);
    if (e.code == ERR_NONE && j->rooms.n != 1)
        fail(&e, ERR_STORE, "the store gave no room");
    if (e.code != ERR_NONE || !read_board(&b, &j->rooms.v[0], &e) ||
        !notes_read(&n, &j->rooms.v[0], &b, &e)) {
        board_finish(&b);
        notes_finish(&n);
        e.code = err_is_passing(e.code) ? e.code : ERR_STORE;
        load_failed(h, r, &e);
        return;
    }
    const struct store_room *s = &j->rooms.v[0];
    if (!r->flights && s->seq != r->stored && (!r->sure || s->seq > r->stored))
        jump(h, r, s);
    board_finish(&r->board);
    notes_finish(&r->notes);
    r->board = b;
    r->notes = n;
    pins_read(r, s);
    room_set_topic(r, s->topic);
    retention_set(r, s->keep);
    r->trimmed = s->trimmed;
    r->trim_seq = r->pin_seq = s->seq;
    if (!r->sure)
        retention_due(h, r, TRIM_RETRY_MS);
    r->has_board = r->sure = true;
    texts_compare(h, r);
    room_wake(h, r);
}

void room_doubt(struct hub *h, struct room *r)
{
    bug_on(r->flights);
    r->head = r->stored;
    r->sure = false;
    r->has_board = false;
    r->loading = 0; /* what was read before may be outdated */
    board_finish(&r->board);
    board_init(&r->board);
    notes_finish(&r->notes);
    texts_doubt(h, r);
    said_forget(h, r);
    r->pins.n = 0;
    room_set_topic(r, (struct str){0});
    room_forget_ahead(r);
    resume_doubt(h, r);
    room_load(h, r);
}

void room_wake(struct hub *h, struct room *r)
{
    for (size_t n = r->blocked.n; n > 0 && r->blocked.n; n--) {
        struct client *c = r->blocked.v[0];
        vec_remove(&r->blocked, 0);
        c->blocked = NULL;
        client_pump(h, c);
    }
    resume_wake(h, r);
    if (h->newcomers.n && str_is(str_of(r->name), h->lobby))
        newcomer_retry(h);
}

/* ---- publishing ---- */

void room_fan(struct hub *h, const struct room *r, struct frame *f, enum passing passing)
{
    size_t n = r->slots.n;
    if (n == 0) {
        frame_drop(f);
        return;
    }
    uint32_t *conns = arena_alloc(&h->out->arena, n * sizeof *conns);
    memcpy(conns, r->slots.v, n * sizeof *conns);
    struct output *o = out_add(h, OUT_FAN);
    o->frame = f;
    o->passing = passing;
    o->conns = conns;
    o->n_conns = n;
    h->counts.deliveries += (uint64_t)n * f->messages;
}

void room_publish(struct hub *h, struct room *r, struct str json, int64_t us)
{
    h->counts.events++;
    if (r->live.n == 0)
        return;
    frame_add(&r->news, json);
    r->news_since = r->n_news ? MIN(r->news_since, us) : us;
    r->n_news++;
    if (!r->has_news)
        vec_push(&h->news, r);
    r->has_news = true;
}

void room_flush(struct hub *h, struct room *r)
{
    if (r->n_news == 0)
        return;
    struct frame *f = frame_of(buf_str(&r->news), r->n_news);
    f->since = r->news_since;
    room_fan(h, r, f, KEPT);
    r->n_news = 0;
    if (r->news.cap > 64 * 1024)
        buf_finish(&r->news);
    buf_clear(&r->news);
}
