/* Hooks in SQLite. */
#include "store_sqlite.h"

#include "store_job.h"

static bool add(struct conn *c, const struct store_hook *k, int64_t room)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_HOOK);
    sql_put(st, 1, k->id);
    sql_put(st, 2, k->user);
    sql_put_int(st, 3, room);
    sql_put(st, 4, k->hash);
    sql_put_int(st, 5, k->task);
    sql_put(st, 6, k->url);
    sql_put(st, 7, k->kinds);
    sql_put(st, 8, k->author);
    sql_put_int(st, 9, k->created);
    sql_put_int(st, 10, k->seq);
    sql_put_int(st, 11, k->failing);
    sql_put_int(st, 12, k->stopped);
    return sql_run(st);
}

static bool set(struct conn *c, const struct store_hook *k)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SET_HOOK);
    sql_put(st, 1, k->id);
    sql_put_int(st, 2, k->seq);
    sql_put_int(st, 3, k->failing);
    sql_put_int(st, 4, k->stopped);
    return sql_run(st);
}

static bool drop(struct conn *c, struct str id)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_DROP_HOOK);
    sql_put(st, 1, id);
    return sql_run(st);
}

/* 1, 0 or -1, as sql_next(). */
static int find(struct conn *c, struct str id)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_FIND_HOOK);
    sql_put(st, 1, id);
    return sql_has_row(st);
}

bool sqlite_write_hook(struct conn *c, struct store_job *j)
{
    const struct store_hook *k = &j->hook;
    int64_t room = 0, newest;
    if (j->kind == JOB_HOOK_SET)
        return set(c, k);
    int found = find(c, k->id);
    if (found < 0)
        return false;
    bool is_new = j->kind == JOB_HOOK_ADD;
    if (is_new && !sqlite_find_room(c, k->room, &room, &newest))
        return false;
    if (is_new ? found || !room : !found)
        return store_refuse_hook(j), true;
    return is_new ? add(c, k, room) : drop(c, k->id);
}

bool sqlite_read_hooks(struct conn *c, struct store_job *j)
{
    VEC(struct store_hook) hooks = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_ALL_HOOKS);
    struct arena *a = &j->arena;
    int row;
    while ((row = sql_next(st)) > 0)
        vec_push(&hooks, (struct store_hook){
                             .id = sql_str(st, 0, a),
                             .user = sql_str(st, 1, a),
                             .room = sql_str(st, 2, a),
                             .hash = sql_str(st, 3, a),
                             .task = sql_int(st, 4),
                             .url = sql_str(st, 5, a),
                             .kinds = sql_str(st, 6, a),
                             .author = sql_str(st, 7, a),
                             .created = sql_int(st, 8),
                             .seq = sql_int(st, 9),
                             .failing = sql_int(st, 10),
                             .stopped = sql_int(st, 11),
                         });
    STORE_KEEP(a, &j->hooks, &hooks);
    return row == 0;
}
