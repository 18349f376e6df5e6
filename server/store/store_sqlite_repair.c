/* The log is what is true; every other row follows from it. First the rows of events are made
 * to say what their events say, so that the log can be read through the same questions as ever.
 * Then each room is replayed and its tables are written anew. */
#include "store_repair.h"

#include "store_backup.h"
#include "store_copy.h"
#include "store_replay.h"
#include "store_salvage.h"
#include "store_sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>

struct repair {
    struct store *store;
    struct conn *c;  /* the writer */
    int64_t room;    /* the one being mended */
    bool has_failed; /* a write has */
};

/* clang-format off */
/* A row that is wrong gives up first what another may need to have: (author, client, request) and
 * (room, number, version) are unique. What claims them a second time stays without; the check
 * names it. */
static const char mend_rows[] =
    "INSERT OR IGNORE INTO rooms (id, name, is_public)"
    " SELECT room, json_extract(json, '$.room'), 0 FROM events"
    "  WHERE seq = 1 AND json_valid(json) AND json_type(json, '$.room') = 'text'"
    "  AND room NOT IN (SELECT id FROM rooms);"

    "CREATE TEMP TABLE wrong AS SELECT room, seq FROM events WHERE json_valid(json)"
    " AND json_type(json, '$.time') = 'integer' AND json_type(json, '$.id') = 'integer'"
    " AND json_type(json, '$.type') = 'text' AND json_type(json, '$.author') = 'text'"
    " AND json_type(json, '$.client') = 'text'"
    " AND " SQL_EVENT_COLUMNS " IS NOT (SELECT " SQL_EVENT_VALUES("") ");"
    "UPDATE events SET request = NULL, version = NULL WHERE (room, seq) IN wrong;"
    "UPDATE OR IGNORE events SET " SQL_EVENT_COLUMNS " = (SELECT " SQL_EVENT_VALUES("") ")"
    " WHERE (room, seq) IN wrong;"
    "DROP TABLE wrong;"

    "DELETE FROM members WHERE room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM markers WHERE room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM columns WHERE room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM tasks WHERE room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM notes WHERE room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM messages WHERE room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM reactions WHERE room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM pins WHERE room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM snapshots WHERE room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM search_texts;"
    "DELETE FROM search_stale;"
    "DELETE FROM search_behind;"
    "DELETE FROM search_changed;";
/* clang-format on */

static bool exec(struct conn *c, const char *sql, struct err *e)
{
    return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           conn_fail(c, "the database could not be repaired", e);
}

static bool run_for(struct conn *c, enum sql id, int64_t room)
{
    struct sqlite3_stmt *st = conn_sql(c, id);
    sql_put_int(st, 1, room);
    return sql_run(st);
}

/* ---- a room's tables ---- */

static bool put_room(struct repair *p, const struct replay *r)
{
    struct sqlite3_stmt *st = conn_sql(p->c, SQL_SET_PUBLIC);
    sql_put_int(st, 1, p->room);
    sql_put_int(st, 2, r->is_public);
    return sql_run(st) && sqlite_set_topic(p->c, p->room, r->topic) &&
           sqlite_set_retention(p->c, p->room, r->keep) &&
           sqlite_set_trimmed(p->c, p->room, r->trimmed);
}

static bool put_members(struct repair *p, const struct replay *r)
{
    bool ok = run_for(p->c, SQL_WIPE_MEMBERS, p->room);
    vec_each (m, &r->members)
        ok = ok && (m->role == ROLE_NONE || sqlite_put_member(p->c, p->room, m->user, m->role));
    return ok && run_for(p->c, SQL_MAKE_MARKERS, p->room) &&
           run_for(p->c, SQL_CUT_MARKERS, p->room);
}

static bool put_columns(struct repair *p, const struct replay *r)
{
    bool ok = run_for(p->c, SQL_DROP_COLUMNS, p->room);
    for (size_t i = 0; ok && i < r->board.columns.n; i++) {
        const struct column *col = &r->board.columns.v[i];
        ok = sqlite_put_column(p->c, p->room, i,
                               &(struct store_column){str_of(col->name), col->limit});
    }
    return ok;
}

static bool put_task(struct repair *p, const struct board *b, const struct card *c)
{
    struct buf values = {0};
    card_print(c, &values);
    bool ok =
        sqlite_put_task(p->c, p->room,
                        &(struct store_task){.number = c->number,
                                             .title = str_of(c->title),
                                             .column = str_of(b->columns.v[c->column].name),
                                             .key = str_of(c->key),
                                             .archived = c->archived,
                                             .values = buf_str(&values)});
    buf_finish(&values);
    return ok;
}

static bool put_tasks(struct repair *p, const struct replay *r)
{
    bool ok = run_for(p->c, SQL_WIPE_TASKS, p->room);
    for (const struct card *c = r->board.by_number; ok && c; c = c->hh.next)
        ok = put_task(p, &r->board, c);
    return ok;
}

static bool put_notes(struct repair *p, const struct replay *r)
{
    bool ok = run_for(p->c, SQL_WIPE_NOTES, p->room);
    vec_each (n, &r->notes)
        ok = ok && sqlite_put_note(p->c, p->room, n);
    return ok;
}

static bool put_messages(struct repair *p, const struct replay *r)
{
    bool ok = run_for(p->c, SQL_WIPE_MESSAGES, p->room) &&
              run_for(p->c, SQL_WIPE_REACTIONS, p->room) &&
              run_for(p->c, SQL_WIPE_PINS, p->room);
    for (const struct seen_message *s = r->changed; ok && s; s = s->hh.next) {
        struct message_item m = {
            .seq = s->seq, .text = s->text, .edited = s->edited, .deleted = s->deleted};
        m.reactions.v = s->reactions.v;
        m.reactions.n = s->reactions.n;
        ok = sqlite_put_message(p->c, p->room, &m);
    }
    vec_each (pin, &r->pins)
        ok = ok && sqlite_add_pin(p->c, p->room, pin);
    return ok;
}

/* ---- snapshots ---- */

static void mend_snapshot(struct replay *r, const struct store_snapshot *right)
{
    struct repair *p = r->mend_arg;
    struct sqlite3_stmt *st = conn_sql(p->c, SQL_DROP_SNAPSHOT);
    sql_put_int(st, 1, p->room);
    sql_put_int(st, 2, right->number);
    sql_put_int(st, 3, right->version);
    p->has_failed |= !sql_run(st) || !sqlite_add_snapshot(p->c, p->room, right);
}

static bool mend_snapshots(struct repair *p, struct replay *r)
{
    replay_compare_snapshots(r);
    return !p->has_failed && run_for(p->c, SQL_DROP_SNAPSHOTS, p->room);
}

/* ---- rooms ---- */

static bool write_room(struct repair *p, struct replay *r)
{
    return sql_run(conn_sql(p->c, SQL_BEGIN_WRITE)) && put_room(p, r) && put_members(p, r) &&
           put_columns(p, r) && put_tasks(p, r) && put_notes(p, r) && put_messages(p, r) &&
           mend_snapshots(p, r) && sql_run(conn_sql(p->c, SQL_COMMIT));
}

/* What is wrong with the log itself is told by the check; such a room is not touched, since
 * what its tables still hold may be all that is left. */
static bool mend_room(struct repair *p, struct replay *r, const struct store_room *room,
                      struct err *e)
{
    int64_t newest;
    if (!sqlite_find_room(p->c, room->name, &p->room, &newest))
        return conn_fail(p->c, "the database could not be repaired", e);
    size_t before = r->faults;
    bool ok = true;
    if (newest < 1 || !replay_log(r, room->name, newest) || r->faults > before)
        buf_fmt(r->report, "room %.*s: left alone, since its log is damaged\n",
                STR_ARG(room->name));
    else if (!write_room(p, r))
        ok = conn_fail(p->c, "the database could not be repaired", e);
    conn_rollback(p->c);
    if (newest >= 1)
        replay_forget(r);
    return ok;
}

static bool mend_search(struct conn *c, struct err *e)
{
    bool ok = sql_run(conn_sql(c, SQL_BEGIN_WRITE)) && sqlite_search_remake(c) &&
              sql_run(conn_sql(c, SQL_COMMIT));
    if (!ok)
        conn_fail(c, "the index of words could not be made", e);
    conn_rollback(c);
    return ok;
}

bool store_remake_rooms(struct store *s, struct buf *said, struct err *e)
{
    struct repair p = {.store = s, .c = &((struct store_sqlite *)s)->writer};
    struct replay r = {.store = s, .report = said, .mend = mend_snapshot, .mend_arg = &p};
    struct store_job *boot = store_job_new(JOB_BOOT);
    s->read(s, boot);
    bool ok = boot->err.code == ERR_NONE || fail(e, boot->err.code, "%s", boot->err.text);
    for (size_t i = 0; ok && i < boot->rooms.n; i++)
        ok = mend_room(&p, &r, &boot->rooms.v[i], e);
    ok = ok && mend_search(p.c, e);
    store_job_free(boot);
    replay_finish(&r);
    return ok;
}

static bool mend_lone_rows(struct conn *c, struct err *e)
{
    bool ok = exec(c, "REINDEX", e) && exec(c, "BEGIN IMMEDIATE", e) && exec(c, mend_rows, e) &&
              exec(c, "COMMIT", e);
    conn_rollback(c);
    return ok;
}

bool store_repair(const char *db, const struct store_by *by, struct buf *said, struct err *e)
{
    struct buf kept = {0};
    struct store *s = NULL;
    int64_t version;
    if (store_file_version(db, &version, NULL) && version == 0)
        return fail(e, ERR_STORE, "%s: the file holds nothing; restore a backup", db);
    bool ok = store_keep_aside(db, "repair", &kept, e);
    if (ok)
        buf_fmt(said, "What was there before is kept as %s.\n", buf_cstr(&kept));
    ok = ok && (!store_is_broken(db) || store_salvage(db, said, e)) &&
         (s = store_sqlite_open(db, e));
    if (ok) {
        ok = mend_lone_rows(&((struct store_sqlite *)s)->writer, e) &&
             store_remake_rooms(s, said, e);
    }
    if (s)
        s->close(s);
    ok = ok && store_file_note(db, by, "repair", "", "", e);
    buf_finish(&kept);
    return ok;
}
