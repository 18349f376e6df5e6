/* The store in SQLite: opening it, and the writes, which leave in groups of one transaction.
 *
 * Each write looks before it writes: what is refused (a wrong sequence number, a used invite)
 * is refused before a row has changed, so one job of a group can fail alone and no savepoint is
 * needed. Whatever SQLite itself reports ends the whole group.
 *
 * When the sync of a commit fails, its bytes may be in the write-ahead log all the same; the
 * next commit overwrites them. Should the machine stop before that, the group that was answered
 * with an error is there after all. A client that tries again is then told so, as for any
 * retry. */
#include "store_sqlite.h"

#include "direct.h"
#include "store_job.h"

#include <stdlib.h>
#include <sys/stat.h>

/* How a job of a group ended. */
enum outcome {
    RAN,     /* done, or refused before it changed anything */
    REFUSED, /* a row that the tables do not take: a fault of ours in this one job */
    FAILED,  /* the database failed */
};

static enum outcome outcome_of(struct conn *c, bool ok)
{
    if (ok)
        return RAN;
    return conn_is_refusal(c) ? REFUSED : FAILED;
}

/* ---- appending ---- */

/* 1 and the answer when the request was committed before, 0 when not, -1 on failure. */
static int find_done(struct conn *c, struct store_job *j)
{
    const struct store_append *a = &j->append;
    if (a->id <= 0)
        return 0;
    struct sqlite3_stmt *st = conn_sql(c, SQL_FIND_DONE);
    sql_put(st, 1, a->author);
    sql_put(st, 2, a->client);
    sql_put_int(st, 3, a->id);
    int row = sql_next(st);
    if (row <= 0)
        return row;
    j->found = true;
    j->found_room = sql_str(st, 0, &j->arena);
    j->seq = sql_int(st, 1);
    j->number = sql_int(st, 2);
    sql_end(st);
    return 1;
}

/* Room 0 when there is none. */
bool sqlite_find_room(struct conn *c, struct str name, int64_t *room, int64_t *newest)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_FIND_ROOM);
    sql_put(st, 1, name);
    *room = *newest = 0;
    int row = sql_next(st);
    if (row <= 0)
        return row == 0;
    *room = sql_int(st, 0);
    *newest = sql_int(st, 2);
    sql_end(st);
    return true;
}

bool sqlite_add_room(struct conn *c, struct str name, bool is_public, int64_t *room)
{
    int64_t newest;
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_ROOM);
    sql_put(st, 1, name);
    sql_put_int(st, 2, is_public);
    return sql_run(st) && sqlite_find_room(c, name, room, &newest);
}

bool sqlite_set_topic(struct conn *c, int64_t room, struct str topic)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SET_TOPIC);
    sql_put_int(st, 1, room);
    sql_put(st, 2, topic);
    return sql_run(st);
}

static bool add_event(struct conn *c, int64_t room, const struct store_append *a)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_EVENT);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, a->seq);
    sql_put_int(st, 3, a->time);
    sql_put(st, 4, str_of(msg_table[a->type].name));
    sql_put(st, 5, a->author);
    sql_put(st, 6, a->client);
    sql_put_int(st, 7, MAX(a->id, 0));
    sql_put_int(st, 8, a->number);
    sql_put(st, 9, a->json);
    sql_put_int(st, 10, a->effect == EFFECT_TEXT ? a->text.version : 0);
    sql_put_int(st, 11, a->effect == EFFECT_MESSAGE ? a->change.message : a->reply);
    return sql_run(st);
}

bool sqlite_put_member(struct conn *c, int64_t room, struct str user, enum role role)
{
    bool leaves = role == ROLE_NONE;
    struct sqlite3_stmt *st = conn_sql(c, leaves ? SQL_DROP_MEMBER : SQL_PUT_MEMBER);
    sql_put_int(st, 1, room);
    sql_put(st, 2, user);
    if (!leaves)
        sql_put(st, 3, str_of(role_name(role)));
    return sql_run(st);
}

bool sqlite_put_task(struct conn *c, int64_t room, const struct store_task *t)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_PUT_TASK);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, t->number);
    sql_put(st, 3, t->title);
    sql_put(st, 4, t->column);
    sql_put(st, 5, t->key);
    sql_put_int(st, 6, t->archived);
    sql_put(st, 7, t->values);
    return sql_run(st);
}

bool sqlite_put_note(struct conn *c, int64_t room, const struct store_note *n)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_PUT_NOTE);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, n->number);
    sql_put(st, 3, n->name);
    sql_put_int(st, 4, n->archived);
    sql_put_int(st, 5, n->time);
    sql_put(st, 6, n->author);
    return sql_run(st);
}

/* One that is there already is the same: what a text was at a version never changes. */
bool sqlite_add_snapshot(struct conn *c, int64_t room, const struct store_snapshot *s)
{
    if (s->version == 0)
        return true;
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_SNAPSHOT);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, s->number);
    sql_put_int(st, 3, s->version);
    sql_put_int(st, 4, s->time);
    sql_put(st, 5, s->text);
    sql_put(st, 6, s->blame);
    return sql_run(st);
}

bool sqlite_put_column(struct conn *c, int64_t room, size_t place,
                       const struct store_column *col)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_COLUMN);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, (int64_t)place);
    sql_put(st, 3, col->name);
    sql_put_int(st, 4, col->limit);
    return sql_run(st);
}

static bool put_columns(struct conn *c, int64_t room, const struct store_append *a)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_DROP_COLUMNS);
    sql_put_int(st, 1, room);
    bool ok = sql_run(st);
    for (size_t i = 0; ok && i < a->columns.n; i++)
        ok = sqlite_put_column(c, room, i, &a->columns.v[i]);
    return ok;
}

static bool send_tasks(struct conn *c, int64_t room, const struct store_append *a)
{
    if (a->from.n == 0)
        return true;
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEND_TASKS);
    sql_put_int(st, 1, room);
    sql_put(st, 2, a->from);
    sql_put(st, 3, a->to);
    bool ok = sql_run(st);
    for (size_t i = 0; ok && i < a->places.n; i++) {
        st = conn_sql(c, SQL_PLACE_TASK);
        sql_put_int(st, 1, room);
        sql_put_int(st, 2, a->places.v[i].number);
        sql_put(st, 3, a->places.v[i].key);
        ok = sql_run(st);
    }
    return ok;
}

static bool put_founders(struct conn *c, int64_t room, struct store_job *j)
{
    bool ok = true;
    for (struct founder f = {0}; ok && founder_next(&f, j->append.room, j->append.author);)
        ok = sqlite_let_member(c, room, f.user, f.role, j);
    return ok;
}

static bool mark_words(struct conn *c, int64_t room, const struct store_append *a)
{
    return search_kind(a->type, a->number) == FOUND_ANY || sqlite_search_said(c, room, a->seq);
}

static bool apply_effect(struct conn *c, int64_t room, struct store_job *j)
{
    const struct store_append *a = &j->append;
    switch (a->effect) {
    case EFFECT_NONE:
        return true;
    case EFFECT_ROOM:
        return put_columns(c, room, a) && put_founders(c, room, j);
    case EFFECT_MEMBER:
        return sqlite_let_member(c, room, a->member.user, a->member.role, j);
    case EFFECT_TASK:
        return sqlite_search_task(c, room, &a->task);
    case EFFECT_NOTE:
        return sqlite_search_note(c, room, &a->note);
    case EFFECT_TEXT:
        return sqlite_add_snapshot(c, room, &a->snapshot) &&
               sqlite_search_edited(c, room, a->number);
    case EFFECT_COLUMNS:
        return put_columns(c, room, a) && send_tasks(c, room, a);
    case EFFECT_MESSAGE:
        return sqlite_change_message(c, room, a);
    case EFFECT_TOPIC:
        return sqlite_set_topic(c, room, a->topic);
    case EFFECT_RETENTION:
        return sqlite_set_retention(c, room, a->keep);
    case EFFECT_TRIM:
        return sqlite_trim(c, room, j);
    }
    bug_on(true);
}

/* 1 when the append may follow what is stored, 0 and j->err when not, -1 on failure. */
static int look_before(struct conn *c, struct store_job *j, int64_t *room)
{
    const struct store_append *a = &j->append;
    int64_t newest, version;
    if (!sqlite_find_room(c, a->room, room, &newest))
        return -1;
    if (a->seq != newest + 1)
        return store_refuse_seq(j, newest);
    if (a->effect != EFFECT_TEXT)
        return 1;
    if (!sqlite_text_version(c, *room, a->number, &version))
        return -1;
    return store_edit_fits(j, version);
}

static enum outcome run_append(struct conn *c, struct store_job *j)
{
    const struct store_append *a = &j->append;
    int done = find_done(c, j);
    if (done != 0)
        return outcome_of(c, done > 0);
    int64_t room;
    int may = look_before(c, j, &room);
    if (may <= 0)
        return may < 0 ? FAILED : RAN;
    bool ok = (room ||
               sqlite_add_room(c, a->room, a->effect == EFFECT_ROOM && a->is_public, &room)) &&
              add_event(c, room, a) && mark_words(c, room, a) && apply_effect(c, room, j);
    j->seq = a->seq;
    j->number = a->number;
    return outcome_of(c, ok);
}

/* ---- accounts and tokens ---- */

static bool put_user(struct conn *c, enum sql how, const struct store_user *u)
{
    struct sqlite3_stmt *st = conn_sql(c, how);
    sql_put(st, 1, u->name);
    sql_put_int(st, 2, u->admin);
    sql_put_int(st, 3, u->disabled);
    sql_put_int(st, 4, u->created);
    sql_put_int(st, 5, u->seen);
    sql_put_int(st, 6, u->bot);
    return sql_run(st);
}

bool sqlite_make_user(struct conn *c, const struct store_user *u)
{
    return put_user(c, SQL_MAKE_USER, u);
}

static bool find_token(struct conn *c, struct str id, bool *found, bool *revoked)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_FIND_TOKEN);
    sql_put(st, 1, id);
    int row = sql_next(st);
    *found = row > 0;
    *revoked = row > 0 && sql_int(st, 0);
    if (row > 0)
        sql_end(st);
    return row >= 0;
}

static bool add_token(struct conn *c, const struct store_token *t)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_TOKEN);
    sql_put(st, 1, t->id);
    sql_put(st, 2, t->user);
    sql_put_int(st, 3, t->issued);
    sql_put_int(st, 4, t->expires);
    sql_put_int(st, 5, t->revoked);
    sql_put_int(st, 6, t->invite);
    sql_put(st, 7, t->scopes);
    return sql_run(st);
}

static bool revoke_token(struct conn *c, struct str id)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_REVOKE_TOKEN);
    sql_put(st, 1, id);
    return sql_run(st);
}

static enum outcome run_token(struct conn *c, struct store_job *j)
{
    bool found, revoked;
    if (!find_token(c, j->token.id, &found, &revoked))
        return FAILED;
    if (found) {
        store_refuse_twice(j);
        return RAN;
    }
    return outcome_of(c, add_token(c, &j->token));
}

static enum outcome run_revoke(struct conn *c, struct store_job *j)
{
    bool found, revoked;
    if (!find_token(c, j->token.id, &found, &revoked))
        return FAILED;
    if (!found) {
        store_refuse_unknown(j);
        return RAN;
    }
    return outcome_of(c, revoked || revoke_token(c, j->token.id));
}

static enum outcome run_invite(struct conn *c, struct store_job *j)
{
    bool known, used, taken, unwanted;
    if (!find_token(c, j->invite, &known, &used) ||
        !find_token(c, j->token.id, &taken, &unwanted))
        return FAILED;
    if (used) {
        store_refuse_used(j);
        return RAN;
    }
    if (taken) {
        store_refuse_twice(j);
        return RAN;
    }
    struct store_token row = store_used_invite(j);
    bool ok = (known ? revoke_token(c, j->invite) : add_token(c, &row)) &&
              sqlite_make_user(c, &j->user) && add_token(c, &j->token);
    return outcome_of(c, ok);
}

static bool add_audit(struct conn *c, const struct store_audit *a)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_ADD_AUDIT);
    sql_put_int(st, 1, a->time);
    sql_put(st, 2, a->author);
    sql_put(st, 3, a->act);
    sql_put(st, 4, a->subject);
    sql_put(st, 5, a->words);
    return sql_run(st);
}

/* ---- groups ---- */

static bool put_minute(struct conn *c, const struct minute_item *m)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_PUT_MINUTE);
    sql_put_int(st, 1, m->time);
    sql_put(st, 2, m->figures);
    if (!sql_run(st))
        return false;
    st = conn_sql(c, SQL_DROP_MINUTES);
    sql_put_int(st, 1, m->time - MINUTES_KEPT_DAYS * INT64_C(86400000));
    return sql_run(st);
}

static enum outcome run_kind(struct conn *c, struct store_job *j)
{
    switch (j->kind) {
    case JOB_APPEND:
        return run_append(c, j);
    case JOB_USER_PUT:
        return outcome_of(c, put_user(c, SQL_PUT_USER, &j->user));
    case JOB_READ_PUT:
        return outcome_of(c, sqlite_put_marker(c, j));
    case JOB_AUDIT_PUT:
        return RAN;
    case JOB_TOKEN_PUT:
        return run_token(c, j);
    case JOB_TOKEN_REVOKE:
        return run_revoke(c, j);
    case JOB_INVITE_USE:
        return run_invite(c, j);
    case JOB_MINUTE_PUT:
        return outcome_of(c, put_minute(c, &j->minute));
    case JOB_HOOK_ADD:
    case JOB_HOOK_SET:
    case JOB_HOOK_DROP:
        return outcome_of(c, sqlite_write_hook(c, j));
    case JOB_INDEX:
        return outcome_of(c, sqlite_search_index(c, j));
    case JOB_INDEX_TEXTS:
        return outcome_of(c, sqlite_search_index_texts(c, j));
    case JOB_BOOT:
    case JOB_ROOM:
    case JOB_LOOKUP:
    case JOB_EVENTS:
    case JOB_TRIMMABLE:
    case JOB_HISTORY:
    case JOB_ACTIVITY:
    case JOB_SEARCH:
    case JOB_UNREAD:
    case JOB_TEXT:
    case JOB_EDITS:
    case JOB_SNAPSHOTS:
    case JOB_TOKENS:
    case JOB_MINUTES:
    case JOB_AUDIT:
        break;
    }
    bug_on(true);
}

static enum outcome run_job(struct conn *c, struct store_job *j)
{
    enum outcome how = run_kind(c, j);
    bool is_noted = how == RAN && j->err.code == ERR_NONE && j->audit.act.n;
    return is_noted ? outcome_of(c, add_audit(c, &j->audit)) : how;
}

static void clear_answer(struct store_job *j)
{
    j->found = false;
    j->seq = j->number = 0;
    j->found_room = (struct str){0};
}

/* Runs every job that has no error yet. REFUSED leaves the transaction's ruins and *at. */
static enum outcome run_jobs(struct conn *c, struct store_job **jobs, size_t n, size_t *at)
{
    if (!sql_run(conn_sql(c, SQL_BEGIN_WRITE)))
        return FAILED;
    for (size_t i = 0; i < n; i++) {
        if (jobs[i]->err.code != ERR_NONE)
            continue;
        clear_answer(jobs[i]);
        enum outcome how = run_job(c, jobs[i]);
        *at = i;
        if (how != RAN)
            return how;
    }
    return sql_run(conn_sql(c, SQL_COMMIT)) ? RAN : FAILED;
}

/* Those that were refused for themselves keep their own words. */
static void fail_jobs(struct store_job **jobs, size_t n, const struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        clear_answer(jobs[i]);
        if (jobs[i]->err.code == ERR_NONE)
            jobs[i]->err = *e;
    }
}

/* A job that the tables refuse is a fault of ours: it is put aside, and the rest runs again
 * from the start, so that one bad request cannot keep all others from being stored. */
static void write_group(struct conn *c, struct store_job **jobs, size_t n)
{
    struct err e = {0};
    size_t at = 0;
    while (conn_is_in_place(c, &e)) {
        enum outcome how = run_jobs(c, jobs, n, &at);
        if (how == RAN && conn_is_in_place(c, &e))
            return;
        if (how == RAN)
            break;
        conn_fail(c, "nothing was saved", &e);
        conn_rollback(c);
        if (how == FAILED) {
            fail_jobs(jobs, n, &e);
            return;
        }
        clear_answer(jobs[at]);
        e.code = ERR_INTERNAL;
        jobs[at]->err = e;
        e = (struct err){0};
    }
    fail_jobs(jobs, n, &e);
}

/* Whoever writes faster than the index for longer than a burst goes at its pace. When it fails,
 * that is told by a JOB_INDEX, and keeps nobody from writing. */
static void let_index_follow(struct store_sqlite *q)
{
    bool ok = true;
    while (ok && q->behind > INDEX_BEHIND_MAX) {
        struct store_job *j = store_job_new(JOB_INDEX);
        write_group(&q->writer, &j, 1);
        ok = j->err.code == ERR_NONE && j->more;
        q->behind = ok ? q->behind - (int64_t)j->work : 0;
        store_job_free(j);
    }
}

static void count_behind(struct store_sqlite *q, const struct store_job *j)
{
    const struct store_append *a = &j->append;
    if (j->err.code != ERR_NONE)
        return;
    if (j->kind == JOB_APPEND && !j->found && search_kind(a->type, a->number) != FOUND_ANY)
        q->behind++;
    if (j->kind == JOB_INDEX)
        q->behind = j->more ? MAX(q->behind - (int64_t)j->work, 0) : 0;
}

static void store_write(struct store *s, struct store_job **jobs, size_t n)
{
    struct store_sqlite *q = (struct store_sqlite *)s;
    let_index_follow(q);
    write_group(&q->writer, jobs, n);
    for (size_t i = 0; i < n; i++)
        count_behind(q, jobs[i]);
}

/* ---- opening and closing ---- */

static uint64_t store_bytes(struct store *s)
{
    const struct store_sqlite *q = (const struct store_sqlite *)s;
    uint64_t bytes = 0;
    for (size_t i = 0; i < COUNT_OF(q->writer.places); i++) {
        struct stat st;
        if (q->writer.places[i].path && stat(q->writer.places[i].path, &st) == 0)
            bytes += (uint64_t)st.st_size;
    }
    return bytes;
}

static void store_close(struct store *s)
{
    struct store_sqlite *q = (struct store_sqlite *)s;
    conn_close(&q->reader);
    conn_close(&q->writer);
    free(q);
}

static struct store_sqlite *store_of(void)
{
    struct store_sqlite *q = NEW(struct store_sqlite);
    q->base = (struct store){.write = store_write,
                             .read = store_sqlite_read,
                             .close = store_close,
                             .bytes = store_bytes};
    q->read_ms = READ_MS;
    return q;
}

struct store *store_sqlite_open(const char *path, struct err *e)
{
    struct store_sqlite *q = store_of();
    if (conn_open(&q->writer, path, CONN_WRITE, e) && conn_open(&q->reader, path, CONN_READ, e))
        return &q->base;
    store_close(&q->base);
    return NULL;
}

struct store *store_sqlite_open_check(const char *path, struct err *e)
{
    struct store_sqlite *q = store_of();
    if (conn_open(&q->reader, path, CONN_CHECK, e))
        return &q->base;
    store_close(&q->base);
    return NULL;
}
