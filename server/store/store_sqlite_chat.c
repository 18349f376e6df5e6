/* Messages in the SQLite store: the event says what was said, the tables beside it what became
 * of it. */
#include "store_sqlite.h"

#include "store_job.h"

/* ---- writing ---- */

static bool edit(struct conn *c, int64_t room, const struct store_append *a)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_EDIT_MESSAGE);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, a->change.message);
    sql_put(st, 3, a->change.text);
    sql_put_int(st, 4, a->time);
    return sql_run(st);
}

static bool drop(struct conn *c, enum sql what, int64_t room, int64_t message)
{
    struct sqlite3_stmt *st = conn_sql(c, what);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, message);
    return sql_run(st);
}

static bool delete (struct conn *c, int64_t room, const struct store_append *a)
{
    int64_t message = a->change.message;
    struct sqlite3_stmt *st = conn_sql(c, SQL_DROP_MESSAGE);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, message);
    sql_put(st, 3, a->author);
    return sql_run(st) && drop(c, SQL_DROP_REACTIONS, room, message) &&
           drop(c, SQL_DROP_PIN, room, message);
}

static bool add_reaction(struct conn *c, int64_t room, int64_t message,
                         const struct reaction_item *r)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_REACTION);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, message);
    sql_put(st, 3, r->emoji);
    sql_put(st, 4, r->user);
    sql_put_int(st, 5, r->seq);
    return sql_run(st);
}

static bool react(struct conn *c, int64_t room, const struct store_append *a)
{
    if (!a->change.gone)
        return add_reaction(c, room, a->change.message,
                            &(struct reaction_item){a->change.emoji, a->author, a->seq});
    struct sqlite3_stmt *st = conn_sql(c, SQL_DROP_REACTION);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, a->change.message);
    sql_put(st, 3, a->change.emoji);
    sql_put(st, 4, a->author);
    return sql_run(st);
}

bool sqlite_add_pin(struct conn *c, int64_t room, const struct store_pin *p)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_PIN);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, p->message);
    sql_put_int(st, 3, p->time);
    sql_put(st, 4, p->author);
    return sql_run(st);
}

static bool pin(struct conn *c, int64_t room, const struct store_append *a)
{
    if (a->change.gone)
        return drop(c, SQL_DROP_PIN, room, a->change.message);
    return sqlite_add_pin(c, room, &(struct store_pin){a->change.message, a->time, a->author});
}

bool sqlite_put_message(struct conn *c, int64_t room, const struct message_item *m)
{
    bool ok = true;
    if (m->edited || m->deleted.n) {
        struct sqlite3_stmt *st = conn_sql(c, SQL_PUT_MESSAGE);
        sql_put_int(st, 1, room);
        sql_put_int(st, 2, m->seq);
        sql_put(st, 3, m->deleted.n ? (struct str){0} : m->text);
        sql_put_int(st, 4, m->edited);
        sql_put(st, 5, m->deleted);
        ok = sql_run(st);
    }
    for (size_t i = 0; ok && i < m->reactions.n; i++)
        ok = add_reaction(c, room, m->seq, &m->reactions.v[i]);
    return ok;
}

bool sqlite_change_message(struct conn *c, int64_t room, const struct store_append *a)
{
    switch (a->change.kind) {
    case CHANGE_TEXT:
        return sqlite_search_keep(c, room, a->change.message) && edit(c, room, a);
    case CHANGE_DELETE:
        return sqlite_search_keep(c, room, a->change.message) && delete (c, room, a);
    case CHANGE_REACTION:
        return react(c, room, a);
    case CHANGE_PIN:
        return pin(c, room, a);
    }
    bug_on(true);
}

/* ---- reading ---- */

/* False when SQLite failed. *bytes grows by what they take. */
static bool read_reactions(struct conn *c, int64_t room, struct arena *a,
                           struct message_item *m, size_t *bytes)
{
    VEC(struct reaction_item) all = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_REACTIONS);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, m->seq);
    int row;
    while ((row = sql_next(st)) > 0) {
        struct reaction_item r = {sql_str(st, 0, a), sql_str(st, 1, a), sql_int(st, 2)};
        *bytes += STORE_REACTION_BYTES + r.emoji.n + r.user.n;
        vec_push(&all, r);
    }
    STORE_KEEP(a, &m->reactions, &all);
    return row == 0;
}

/* 1 and the message, 0 and j->err when what is stored is none, -1 when SQLite failed. */
static int read_message(struct conn *c, struct sqlite3_stmt *st, int64_t room,
                        struct store_job *j, struct message_item *m, size_t *bytes)
{
    struct str json = sql_str(st, 1, &j->arena);
    if (!store_message_of(json, &j->arena, m, &j->err))
        return 0;
    struct str deleted = sql_str(st, 4, &j->arena);
    struct str text = sql_str(st, 2, &j->arena);
    m->edited = sql_int(st, 3);
    m->deleted = deleted;
    m->pinned = sql_int(st, 5);
    if (deleted.n)
        m->text = (struct str){0};
    else if (m->edited)
        m->text = text;
    *bytes += json.n + text.n;
    return read_reactions(c, room, &j->arena, m, bytes) ? 1 : -1;
}

static struct sqlite3_stmt *question(struct conn *c, int64_t room, const struct store_job *j,
                                     int64_t most)
{
    enum sql down = j->text     ? SQL_COMMENTS_DOWN
                    : j->reply  ? SQL_REPLIES_DOWN
                    : j->pinned ? SQL_PINNED_DOWN
                                : SQL_MESSAGES_DOWN;
    struct sqlite3_stmt *st = conn_sql(c, down + j->up);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, j->from);
    sql_put_int(st, 3, most + 1);
    if (j->text || j->reply)
        sql_put_int(st, 4, j->text ? j->text : j->reply);
    return st;
}

static bool read_page(struct conn *c, int64_t room, struct store_job *j)
{
    int64_t most = MIN(MAX(j->limit, 0), INT64_MAX - 1);
    VEC(struct message_item) messages = {0};
    struct sqlite3_stmt *st = question(c, room, j, most);
    size_t bytes = 0;
    int row, read = 1;
    while ((row = sql_next(st)) > 0) {
        struct message_item m;
        j->more = (int64_t)messages.n == most || (messages.n && bytes >= j->bytes_limit);
        if (j->more || (read = read_message(c, st, room, j, &m, &bytes)) <= 0)
            break;
        vec_push(&messages, m);
    }
    if (row > 0)
        sql_end(st);
    STORE_KEEP(&j->arena, &j->messages, &messages);
    if (!j->up)
        store_reverse(j);
    return row >= 0 && read >= 0;
}

struct half {
    struct conn *c;
    int64_t room;
};

static bool read_half(void *arg, struct store_job *j)
{
    const struct half *p = arg;
    return read_page(p->c, p->room, j);
}

bool sqlite_read_history(struct conn *c, int64_t room, struct store_job *j)
{
    struct half p = {c, room};
    if (!j->around)
        return read_page(c, room, j);
    if (j->time && !sqlite_seq_at(c, room, j->seq, j->time, &j->from))
        return false;
    return store_around(j, read_half, &p);
}

bool sqlite_read_pins(struct conn *c, int64_t room, struct arena *a, struct store_room *out)
{
    VEC(struct store_pin) pins = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_ROOM_PINS);
    sql_put_int(st, 1, room);
    int row;
    while ((row = sql_next(st)) > 0)
        vec_push(&pins, (struct store_pin){sql_int(st, 0), sql_int(st, 1), sql_str(st, 2, a)});
    STORE_KEEP(a, &out->pins, &pins);
    return row == 0;
}
