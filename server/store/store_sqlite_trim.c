/* Retention in the SQLite store: which messages are beyond what a room keeps, and taking them
 * away. Their bytes are overwritten in the pages that they stood in; the write-ahead log has
 * them until it comes round. */
#include "store_sqlite.h"

#include "store_job.h"

/* ---- looking ---- */

/* Messages up to *bound are too many; 0: none are. Walks over as many as are kept, in the index
 * alone: a million of them take a twentieth of a second. */
static bool find_bound(struct conn *c, int64_t room, int64_t count, int64_t *bound)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_TRIM_BOUND);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, count);
    int row = sql_next(st);
    *bound = row > 0 ? sql_int(st, 0) : 0;
    if (row > 0)
        sql_end(st);
    return row >= 0;
}

/* How many events did something to the message, most + 1 for more than that; -1 when SQLite
 * failed. */
static int64_t count_changes(struct conn *c, int64_t room, int64_t message, int64_t most)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_TRIM_COUNT);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, message);
    sql_put_int(st, 3, most + 1);
    int row = sql_next(st);
    int64_t n = row > 0 ? sql_int(st, 0) : -1;
    if (row > 0)
        sql_end(st);
    return n;
}

bool sqlite_read_trimmable(struct conn *c, int64_t room, struct store_job *j)
{
    struct store_trim *t = &j->trim;
    if (t->keep.count && !t->bound && !find_bound(c, room, t->keep.count, &t->bound))
        return false;
    struct sqlite3_stmt *st = conn_sql(c, SQL_TRIM_LOOK);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, j->from);
    int row;
    int64_t changes = 0;
    while ((row = sql_next(st)) > 0) {
        int64_t seq = sql_int(st, 0);
        bool may_go = sql_int(st, 2);
        changes = may_go ? count_changes(c, room, seq, t->most) : 0;
        if (changes < 0 || !store_trim_take(j, seq, sql_int(st, 1), may_go, changes))
            break;
    }
    if (row > 0)
        sql_end(st);
    return row >= 0 && changes >= 0;
}

/* ---- taking away ---- */

bool sqlite_set_retention(struct conn *c, int64_t room, struct retention k)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SET_RETENTION);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, k.age);
    sql_put_int(st, 3, k.count);
    return sql_run(st);
}

bool sqlite_set_trimmed(struct conn *c, int64_t room, int64_t upto)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SET_TRIMMED);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, upto);
    return sql_run(st);
}

struct seqs { /* a VEC */
    int64_t *v;
    size_t n, cap;
};

/* Of one column. */
static bool pick(struct sqlite3_stmt *st, struct seqs *out)
{
    int row;
    out->n = 0;
    while ((row = sql_next(st)) > 0)
        vec_push(out, sql_int(st, 0));
    return row == 0;
}

static bool run_two(struct conn *c, enum sql what, int64_t room, int64_t seq)
{
    struct sqlite3_stmt *st = conn_sql(c, what);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, seq);
    return sql_run(st);
}

/* What cannot be read is left for the check to name. */
static bool empty(struct conn *c, int64_t room, int64_t seq, int64_t message)
{
    struct arena a = {0};
    struct str json;
    struct err e;
    struct sqlite3_stmt *st = conn_sql(c, SQL_TRIM_EVENT);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, seq);
    int row = sql_next(st);
    bool reads = row > 0 && store_removed_of(sql_str(st, 0, &a), message, &a, &json, &e);
    if (row > 0)
        sql_end(st);
    if (reads) {
        st = conn_sql(c, SQL_TRIM_PUT);
        sql_put_int(st, 1, room);
        sql_put_int(st, 2, seq);
        sql_put(st, 3, json);
        row = sql_run(st) ? row : -1;
    }
    arena_finish(&a);
    return row >= 0;
}

static bool pick_messages(struct conn *c, int64_t room, const struct store_append *a,
                          struct seqs *out)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_TRIM_PICK);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, a->above);
    sql_put_int(st, 3, a->upto);
    return pick(st, out);
}

static bool pick_changes(struct conn *c, int64_t room, int64_t message, struct seqs *out)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_TRIM_CHANGES);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, message);
    return pick(st, out);
}

static bool take_away(struct conn *c, int64_t room, int64_t message, struct seqs *changes)
{
    bool ok = sqlite_search_keep(c, room, message) && empty(c, room, message, 0) &&
              run_two(c, SQL_FORGET_MESSAGE, room, message) &&
              run_two(c, SQL_DROP_REACTIONS, room, message) &&
              pick_changes(c, room, message, changes);
    for (size_t i = 0; ok && i < changes->n; i++)
        ok = empty(c, room, changes->v[i], message);
    return ok;
}

bool sqlite_trim(struct conn *c, int64_t room, struct store_job *j)
{
    struct seqs messages = {0}, changes = {0};
    bool ok = pick_messages(c, room, &j->append, &messages);
    for (size_t i = 0; ok && i < messages.n; i++)
        ok = take_away(c, room, messages.v[i], &changes);
    vec_finish(&messages);
    vec_finish(&changes);
    return ok && run_two(c, SQL_RAISE_TRIMMED, room, j->append.upto);
}
