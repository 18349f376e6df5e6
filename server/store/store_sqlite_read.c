/* The reads of the SQLite store. Each is one transaction: it sees one moment of the database.
 */
#include "store_sqlite.h"

#include "store_job.h"

#include <inttypes.h>

/* Each reader below returns false when SQLite failed; what it refuses for itself is in j->err.
 */

static bool read_users(struct conn *c, struct store_job *j)
{
    VEC(struct store_user) users = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_ALL_USERS);
    int row;
    while ((row = sql_next(st)) > 0)
        vec_push(&users, (struct store_user){
                             .name = sql_str(st, 0, &j->arena),
                             .admin = sql_int(st, 1),
                             .disabled = sql_int(st, 2),
                             .created = sql_int(st, 3),
                             .seen = sql_int(st, 4),
                             .bot = sql_int(st, 5),
                         });
    STORE_KEEP(&j->arena, &j->users, &users);
    return row == 0;
}

static bool read_tokens(struct store_job *j, struct sqlite3_stmt *st)
{
    VEC(struct store_token) tokens = {0};
    int row;
    while ((row = sql_next(st)) > 0)
        vec_push(&tokens, (struct store_token){
                              .id = sql_str(st, 0, &j->arena),
                              .user = sql_str(st, 1, &j->arena),
                              .issued = sql_int(st, 2),
                              .expires = sql_int(st, 3),
                              .revoked = sql_int(st, 4),
                              .invite = sql_int(st, 5),
                              .scopes = sql_str(st, 6, &j->arena),
                          });
    STORE_KEEP(&j->arena, &j->tokens, &tokens);
    return row == 0;
}

/* Rows (room, user, role, turn, seq) from where st stands, as long as they are of this room.
 * *row is what the last step said. */
static void read_members(struct sqlite3_stmt *st, int *row, int64_t room, struct arena *a,
                         struct store_room *out)
{
    VEC(struct store_member) members = {0};
    for (; *row > 0 && sql_int(st, 0) <= room; *row = sql_next(st)) {
        struct store_member m = {.user = sql_str(st, 1, a),
                                 .read = {sql_int(st, 3), sql_int(st, 4)}};
        if (sql_int(st, 0) == room && role_from_name(sql_str(st, 2, a), &m.role))
            vec_push(&members, m);
    }
    STORE_KEEP(a, &out->members, &members);
}

static bool read_rooms(struct conn *c, struct store_job *j)
{
    VEC(struct store_room) rooms = {0};
    struct arena *a = &j->arena;
    struct sqlite3_stmt *st = conn_sql(c, SQL_ALL_ROOMS);
    struct sqlite3_stmt *members = conn_sql(c, SQL_ALL_MEMBERS);
    int member = sql_next(members), row = 0;
    while (member >= 0 && (row = sql_next(st)) > 0) {
        vec_push(&rooms, (struct store_room){
                             .name = sql_str(st, 1, a),
                             .is_public = sql_int(st, 2),
                             .seq = sql_int(st, 3),
                             .keep = {sql_int(st, 4), sql_int(st, 5)},
                         });
        read_members(members, &member, sql_int(st, 0), a, &rooms.v[rooms.n - 1]);
    }
    if (row > 0)
        sql_end(st);
    if (member > 0)
        sql_end(members);
    STORE_KEEP(a, &j->rooms, &rooms);
    return row == 0 && member >= 0;
}

static bool read_log_name(struct conn *c, struct store_job *j)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_LOG_NAME);
    int row = sql_next(st);
    if (row > 0) {
        j->log = sql_str(st, 0, &j->arena);
        sql_end(st);
    }
    return row >= 0;
}

static bool read_boot(struct conn *c, struct store_job *j)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_REFUSED_TOKENS);
    sql_put_int(st, 1, j->from);
    return read_log_name(c, j) && read_users(c, j) && read_rooms(c, j) &&
           sqlite_read_hooks(c, j) && read_tokens(j, st);
}

/* False when SQLite failed or there is no such room; then j->err says so. */
static bool find_room(struct conn *c, struct store_job *j, int64_t *room,
                      struct store_room *out)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_FIND_ROOM);
    sql_put(st, 1, j->room);
    int row = sql_next(st);
    if (row == 0)
        store_refuse_room(j);
    if (row <= 0)
        return false;
    *room = sql_int(st, 0);
    *out = (struct store_room){
        .name = str_keep(&j->arena, j->room),
        .is_public = sql_int(st, 1),
        .seq = sql_int(st, 2),
        .topic = sql_str(st, 3, &j->arena),
        .keep = {sql_int(st, 4), sql_int(st, 5)},
        .trimmed = sql_int(st, 6),
    };
    sql_end(st);
    return true;
}

static bool read_columns(struct conn *c, int64_t room, struct arena *a, struct store_room *out)
{
    VEC(struct store_column) columns = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_ROOM_COLUMNS);
    sql_put_int(st, 1, room);
    int row;
    while ((row = sql_next(st)) > 0)
        vec_push(&columns, (struct store_column){sql_str(st, 0, a), sql_int(st, 1)});
    STORE_KEEP(a, &out->columns, &columns);
    return row == 0;
}

static bool read_tasks(struct conn *c, int64_t room, struct arena *a, struct store_room *out)
{
    VEC(struct store_task) tasks = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_ROOM_TASKS);
    sql_put_int(st, 1, room);
    int row;
    while ((row = sql_next(st)) > 0)
        vec_push(&tasks, (struct store_task){
                             .number = sql_int(st, 0),
                             .title = sql_str(st, 1, a),
                             .column = sql_str(st, 2, a),
                             .key = sql_str(st, 3, a),
                             .archived = sql_int(st, 4),
                             .values = sql_str(st, 5, a),
                             .changed = sql_int(st, 6),
                         });
    out->next_number = tasks.n ? tasks.v[tasks.n - 1].number + 1 : 1;
    STORE_KEEP(a, &out->tasks, &tasks);
    return row == 0;
}

static bool read_room(struct conn *c, struct store_job *j)
{
    int64_t room;
    struct store_room *out = arena_alloc(&j->arena, sizeof *out);
    if (!find_room(c, j, &room, out))
        return j->err.code != ERR_NONE;
    struct sqlite3_stmt *st = conn_sql(c, SQL_ROOM_MEMBERS);
    sql_put_int(st, 1, room);
    int row = sql_next(st);
    read_members(st, &row, room, &j->arena, out);
    if (row < 0 || !read_columns(c, room, &j->arena, out) ||
        !read_tasks(c, room, &j->arena, out) || !sqlite_read_notes(c, room, &j->arena, out) ||
        !sqlite_read_texts(c, room, &j->arena, out) ||
        !sqlite_read_comments(c, room, &j->arena, out) ||
        !sqlite_read_pins(c, room, &j->arena, out))
        return false;
    j->rooms.v = out;
    j->rooms.n = 1;
    return true;
}

static bool read_newest_id(struct conn *c, struct store_job *j)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_NEWEST_ID);
    sql_put(st, 1, j->author);
    sql_put(st, 2, j->client);
    int row = sql_next(st);
    if (row > 0) {
        j->newest_id = sql_int(st, 0);
        sql_end(st);
    }
    return row >= 0;
}

static bool read_lookup(struct conn *c, struct store_job *j)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_FIND_DONE);
    sql_put(st, 1, j->author);
    sql_put(st, 2, j->client);
    sql_put_int(st, 3, j->id);
    int row = sql_next(st);
    if (row > 0) {
        j->found = true;
        j->found_room = sql_str(st, 0, &j->arena);
        j->seq = sql_int(st, 1);
        j->number = sql_int(st, 2);
        sql_end(st);
    }
    return row >= 0 && read_newest_id(c, j);
}

/* A hole in the numbers is never passed over in silence: whoever reads would believe to have
 * seen everything. */
static bool is_next(struct store_job *j, int64_t seq, int64_t wanted)
{
    if (seq == wanted)
        return true;
    return fail(&j->err, ERR_STORE,
                "the log of room %.*s lacks event %" PRId64 "; stop the server and "
                "restore a backup",
                STR_ARG(j->room), wanted);
}

static bool read_events(struct conn *c, struct store_job *j)
{
    int64_t room, last = MAX(j->from, 0);
    struct store_room head;
    if (!find_room(c, j, &room, &head))
        return j->err.code != ERR_NONE;
    VEC(struct store_event) events = {0};
    size_t bytes = 0, most = (size_t)MAX(j->limit, 0);
    struct sqlite3_stmt *st = conn_sql(c, SQL_EVENTS_AFTER);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, last);
    int row;
    while ((row = sql_next(st)) > 0) {
        j->more = events.n == most || (events.n && bytes >= j->bytes_limit);
        if (j->more || !is_next(j, sql_int(st, 0), ++last))
            break;
        struct store_event ev = {.seq = sql_int(st, 0), .json = sql_str(st, 1, &j->arena)};
        bytes += ev.json.n;
        vec_push(&events, ev);
    }
    if (row > 0)
        sql_end(st);
    STORE_KEEP(&j->arena, &j->events, &events);
    return row >= 0;
}

/* 1 when the same person wrote on in the same text soon after the edit that st is at, 0 when
 * not, -1 when SQLite failed. What follows on the page says so itself; in front of it, the next
 * edit alone is looked at. */
static int goes_on(struct conn *c, struct sqlite3_stmt *st, int64_t room, struct str author,
                   struct store_sittings *all)
{
    int64_t text = sql_int(st, 3), version = sql_int(st, 5), time = sql_int(st, 7);
    if (!version)
        return 0;
    if (store_sits(all, text, author, time))
        return 1;
    struct sqlite3_stmt *next = conn_sql(c, SQL_WROTE_ON);
    sql_put_int(next, 1, room);
    sql_put_int(next, 2, text);
    sql_put_int(next, 3, version + 1);
    sql_put(next, 4, author);
    sql_put_int(next, 5, time + SITTING_MS);
    int row = sql_next(next);
    if (row > 0)
        sql_end(next);
    return row;
}

/* A page may end before its limit when nothing that was asked for lies in a long stretch of
 * the log: the next question goes on from there. */
static bool read_activity(struct conn *c, struct store_job *j)
{
    int64_t room;
    struct store_room head;
    if (!find_room(c, j, &room, &head))
        return j->err.code != ERR_NONE;
    VEC(struct store_event) events = {0};
    struct store_sittings sittings = {0};
    struct sqlite3_stmt *st = conn_sql(c, j->text ? SQL_ACTIVITY_ABOUT : SQL_ACTIVITY_BEFORE);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, j->from);
    if (j->text)
        sql_put_int(st, 3, j->text);
    size_t bytes = 0, most = (size_t)MAX(j->limit, 0), seen = 0;
    int row, on = 0;
    j->seq = j->from;
    while ((row = sql_next(st)) > 0) {
        j->more = events.n == most || (events.n && bytes >= j->bytes_limit) ||
                  seen++ == ACTIVITY_SCAN;
        if (j->more || sql_int(st, 7) < j->since)
            break;
        j->seq = sql_int(st, 0);
        struct str kind, author, json;
        if (!sql_utf8(st, 1, &kind) || !sql_utf8(st, 2, &author) || !sql_utf8(st, 4, &json))
            continue;
        if ((on = goes_on(c, st, room, author, &sittings)) < 0)
            break;
        if (on || !store_is_asked(j, msg_from_name(kind), author, sql_int(st, 3), json,
                                  sql_int(st, 6)))
            continue;
        struct store_event ev = {j->seq, sql_str(st, 4, &j->arena), sql_int(st, 3)};
        bytes += ev.json.n;
        vec_push(&events, ev);
    }
    if (row > 0)
        sql_end(st);
    vec_finish(&sittings.all);
    STORE_KEEP(&j->arena, &j->events, &events);
    store_activity_end(j);
    return row >= 0 && on >= 0;
}

static bool read_audit(struct conn *c, struct store_job *j)
{
    VEC(struct store_audit) audits = {0};
    struct sqlite3_stmt *st = conn_sql(c, SQL_AUDIT_BEFORE);
    sql_put_int(st, 1, j->from);
    sql_put_int(st, 2, j->limit + 1);
    int row;
    while ((row = sql_next(st)) > 0 && !(j->more = (int64_t)audits.n == j->limit))
        vec_push(&audits, (struct store_audit){
                              .number = sql_int(st, 0),
                              .time = sql_int(st, 1),
                              .author = sql_str(st, 2, &j->arena),
                              .act = sql_str(st, 3, &j->arena),
                              .subject = sql_str(st, 4, &j->arena),
                              .words = sql_str(st, 5, &j->arena),
                          });
    if (row > 0)
        sql_end(st);
    STORE_KEEP(&j->arena, &j->audits, &audits);
    return row >= 0;
}

static bool read_of_room(struct conn *c, struct store_job *j,
                         bool (*read)(struct conn *c, int64_t room, struct store_job *j))
{
    int64_t room;
    struct store_room head;
    if (!find_room(c, j, &room, &head))
        return j->err.code != ERR_NONE;
    j->seq = head.seq;
    return read(c, room, j);
}

static bool read_minutes(struct conn *c, struct store_job *j)
{
    VEC(struct minute_item) minutes = {0};
    int64_t most = MIN(MAX(j->limit, 0), MINUTES_MAX);
    struct sqlite3_stmt *st = conn_sql(c, SQL_MINUTES_FROM);
    sql_put_int(st, 1, j->from);
    sql_put_int(st, 2, most + 1);
    int row;
    while ((row = sql_next(st)) > 0) {
        if ((j->more = (int64_t)minutes.n == most))
            break;
        vec_push(&minutes, (struct minute_item){sql_int(st, 0), sql_str(st, 1, &j->arena)});
    }
    if (row > 0)
        sql_end(st);
    STORE_KEEP(&j->arena, &j->minutes, &minutes);
    return row >= 0;
}

static bool read_job(struct conn *c, struct store_job *j)
{
    switch (j->kind) {
    case JOB_BOOT:
        return read_boot(c, j);
    case JOB_ROOM:
        return read_room(c, j);
    case JOB_LOOKUP:
        return read_lookup(c, j);
    case JOB_EVENTS:
        return read_events(c, j);
    case JOB_HISTORY:
        return read_of_room(c, j, sqlite_read_history);
    case JOB_TRIMMABLE:
        return read_of_room(c, j, sqlite_read_trimmable);
    case JOB_ACTIVITY:
        return read_activity(c, j);
    case JOB_SEARCH:
        return sqlite_read_search(c, j);
    case JOB_UNREAD:
        return sqlite_read_unread(c, j);
    case JOB_TOKENS:
        return read_tokens(j, conn_sql(c, SQL_ALL_TOKENS));
    case JOB_MINUTES:
        return read_minutes(c, j);
    case JOB_AUDIT:
        return read_audit(c, j);
    case JOB_TEXT:
        return read_of_room(c, j, sqlite_read_text);
    case JOB_EDITS:
        return read_of_room(c, j, sqlite_read_edits);
    case JOB_SNAPSHOTS:
        return read_of_room(c, j, sqlite_read_snapshots);
    case JOB_APPEND:
    case JOB_USER_PUT:
    case JOB_TOKEN_PUT:
    case JOB_TOKEN_REVOKE:
    case JOB_READ_PUT:
    case JOB_AUDIT_PUT:
    case JOB_INVITE_USE:
    case JOB_MINUTE_PUT:
    case JOB_HOOK_ADD:
    case JOB_HOOK_SET:
    case JOB_HOOK_DROP:
    case JOB_INDEX:
    case JOB_INDEX_TEXTS:
        break;
    }
    bug_on(true);
}

/* An answer that failed half way is no answer. */
static void clear_answer(struct store_job *j)
{
    j->found = j->more = j->capped = false;
    j->found_items.n = 0;
    j->events.n = j->messages.n = j->rooms.n = j->users.n = j->tokens.n = 0;
    j->edits.n = j->versions.n = j->minutes.n = j->audits.n = 0;
    j->snapshot = (struct store_snapshot){0};
    j->trim = (struct store_trim){0};
}

void store_sqlite_read(struct store *s, struct store_job *j)
{
    struct store_sqlite *q = (struct store_sqlite *)s;
    struct conn *c = &q->reader;
    c->until = sqlite_clock() + q->read_ms;
    if ((!q->is_held && !sql_run(conn_sql(c, SQL_BEGIN_READ))) || !read_job(c, j))
        conn_fail(c, "the database could not be read", &j->err);
    if (j->err.code != ERR_NONE) {
        clear_answer(j);
        j->unfinished = false;
    }
    if (!q->is_held)
        conn_rollback(c);
}

/* A read transaction begins with its first read. */
bool store_sqlite_hold(struct store *s, struct err *e)
{
    struct store_sqlite *q = (struct store_sqlite *)s;
    struct sqlite3_stmt *st = conn_sql(&q->reader, SQL_ALL_USERS);
    q->is_held = sql_run(conn_sql(&q->reader, SQL_BEGIN_READ)) && sql_run(st);
    return q->is_held || conn_fail(&q->reader, "the database could not be read", e);
}
