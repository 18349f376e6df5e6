/* How far people have read, and how much they have not. */
#include "store_job.h"
#include "store_sqlite.h"

static bool put(struct conn *c, int64_t room, struct str user, struct marker read)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_PUT_MARKER);
    sql_put_int(st, 1, room);
    sql_put(st, 2, user);
    sql_put_int(st, 3, read.turn);
    sql_put_int(st, 4, read.seq);
    return sql_run(st);
}

/* -1 on failure. */
static int is_member(struct conn *c, int64_t room, struct str user)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_IS_MEMBER);
    sql_put_int(st, 1, room);
    sql_put(st, 2, user);
    return sql_has_row(st);
}

static bool come_to(struct conn *c, int64_t room, struct str user, int64_t seq)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_COME_TO);
    sql_put_int(st, 1, room);
    sql_put(st, 2, user);
    sql_put_int(st, 3, seq);
    return sql_run(st);
}

static bool find(struct conn *c, int64_t room, struct str user, struct marker *out)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_MARKER);
    sql_put_int(st, 1, room);
    sql_put(st, 2, user);
    int row = sql_next(st);
    if (row <= 0)
        return row == 0;
    *out = (struct marker){sql_int(st, 0), sql_int(st, 1)};
    sql_end(st);
    return true;
}

bool sqlite_let_member(struct conn *c, int64_t room, struct str user, enum role role,
                       struct store_job *j)
{
    int was = is_member(c, room, user);
    bool ok = was >= 0 && sqlite_put_member(c, room, user, role);
    bool comes = !was && role != ROLE_NONE;
    return ok && (!comes || come_to(c, room, user, j->append.seq)) &&
           find(c, room, user, &j->marker);
}

bool sqlite_put_marker(struct conn *c, struct store_job *j)
{
    int64_t room, newest;
    if (!sqlite_find_room(c, j->room, &room, &newest))
        return false;
    int is_in = room ? is_member(c, room, j->author) : 0;
    if (is_in == 0)
        store_refuse_marker(j);
    return is_in == 0 || (is_in > 0 && put(c, room, j->author, j->marker));
}

static bool count(struct conn *c, int64_t room, struct str user, struct store_unread *u)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_UNREAD);
    struct str author, text, to;
    int row;
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, u->read.seq);
    sql_put_int(st, 3, UNREAD_SCAN);
    while ((row = sql_next(st)) > 0)
        if (sql_utf8(st, 0, &author) && sql_utf8(st, 2, &text) && sql_utf8(st, 3, &to))
            store_count_unread(u, user, author, sql_int(st, 1), text, to);
    return row == 0;
}

bool sqlite_read_unread(struct conn *c, struct store_job *j)
{
    bool ok = true;
    j->unfinished = false;
    while (ok && j->done < j->unread.n && !j->unfinished) {
        struct store_unread *u = &j->unread.v[j->done++];
        int64_t room;
        u->unread = u->mentions = 0;
        ok = sqlite_find_room(c, u->room, &room, &u->seq) &&
             (!room || count(c, room, j->author, u));
        j->unfinished = ok && j->done < j->unread.n && sqlite_clock() >= c->until;
    }
    return ok;
}
