#include "store_note.h"

#include "store_sqlite.h"
#include "utf8.h"

static bool put(struct conn *c, const struct store_by *by, const char *act, struct str subject,
                const char *words)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_AUDIT);
    sql_put_int(st, 1, by->time);
    sql_put(st, 2, by->author);
    sql_put(st, 3, str_of(act));
    sql_put(st, 4, subject);
    sql_put(st, 5, str_of(words));
    return sql_run(st);
}

bool store_file_note(const char *path, const struct store_by *by, const char *act,
                     const char *subject, const char *words, struct err *e)
{
    struct conn c = {0};
    struct buf name = {0};
    if (!by)
        return true;
    utf8_escape(&name, str_of(subject));
    if (name.n > AUDIT_TEXT_MAX) { /* its end says most */
        size_t from = name.n - AUDIT_TEXT_MAX;
        while (from < name.n && (name.p[from] & 0xc0) == 0x80)
            from++;
        buf_drop(&name, from);
    }
    bool ok = conn_open(&c, path, CONN_WRITE, e) &&
              (put(&c, by, act, buf_str(&name), words) || conn_fail(&c, path, e));
    conn_close(&c);
    buf_finish(&name);
    return ok;
}
