/* The index of words in SQLite, as it is written: behind what it is of. An event only leaves a
 * mark, in its own transaction, of what the index does not have yet or has as it was before;
 * JOB_INDEX takes that in and takes the mark away, in one transaction of its own. Until then a
 * search looks at what is marked itself. So a crash between the two loses nothing, and an index
 * that is damaged keeps nobody from writing. */
#include "store_sqlite.h"

#include "store_job.h"
#include "words.h"

#include <sqlite3.h>

enum { EVENT_BYTES = 16 }; /* what any event counts for, besides the text of one with words */

/* ---- functions of the statements ---- */

static struct str text_of(sqlite3_value *v)
{
    const char *p = (const char *)sqlite3_value_text(v);
    return (struct str){p, p ? (size_t)sqlite3_value_bytes(v) : 0};
}

static void answer(sqlite3_context *x, struct buf *b)
{
    sqlite3_result_text64(x, b->n ? b->p : "", b->n, SQLITE_TRANSIENT, SQLITE_UTF8);
    buf_finish(b);
}

static void fn_words(sqlite3_context *x, int n, sqlite3_value **v)
{
    (void)n;
    struct buf b = {0};
    words_print(&b, text_of(v[0]));
    answer(x, &b);
}

static void fn_tags(sqlite3_context *x, int n, sqlite3_value **v)
{
    (void)n;
    struct buf b = {0};
    int64_t number = sqlite3_value_int64(v[2]);
    hit_tags(&b, &(struct hit_text){.kind = search_kind(msg_from_name(text_of(v[0])), number),
                                    .author = text_of(v[1]),
                                    .number = number,
                                    .text = text_of(v[3])});
    answer(x, &b);
}

static void fn_card(sqlite3_context *x, int n, sqlite3_value **v)
{
    (void)n;
    struct buf b = {0};
    search_card(&b, text_of(v[0]), text_of(v[1]));
    answer(x, &b);
}

bool sqlite_search_functions(struct conn *c)
{
    static const struct {
        const char *name;
        int args;
        void (*run)(sqlite3_context *x, int n, sqlite3_value **v);
    } functions[] = {
        {"moot_words", 1, fn_words}, {"moot_tags", 4, fn_tags}, {"moot_card", 2, fn_card}};
    int how = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (sqlite3_create_function(c->db, functions[i].name, functions[i].args, how, NULL,
                                    functions[i].run, NULL, NULL) != SQLITE_OK)
            return false;
    return true;
}

/* ---- marks ---- */

static bool run_two(struct conn *c, enum sql what, int64_t room, int64_t second)
{
    struct sqlite3_stmt *st = conn_sql(c, what);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, second);
    return sql_run(st);
}

static bool run_row(struct conn *c, enum sql what, int64_t room, int64_t seq, int64_t part)
{
    struct sqlite3_stmt *st = conn_sql(c, what);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, seq);
    sql_put_int(st, 3, part);
    return sql_run(st);
}

bool sqlite_search_said(struct conn *c, int64_t room, int64_t seq)
{
    return run_two(c, SQL_SEARCH_MARK, room, seq);
}

bool sqlite_search_keep(struct conn *c, int64_t room, int64_t seq)
{
    return run_two(c, SQL_SEARCH_KEEP, room, seq);
}

/* The event that made a card or note: the first that is about it. */
static bool find_maker(struct conn *c, int64_t room, int64_t number, int64_t *seq)
{
    return sqlite_number_of(c, SQL_SEARCH_MADE, room, number, seq);
}

/* *changes is true for one that is not there yet. */
static bool look(struct sqlite3_stmt *st, bool *changes)
{
    int row = sql_next(st);
    *changes = row <= 0 || sql_int(st, 0);
    if (row > 0)
        sql_end(st);
    return row >= 0;
}

static bool card_changes(struct conn *c, int64_t room, const struct store_task *t,
                         bool *changes)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_CARD_CHANGES);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, t->number);
    sql_put(st, 3, t->title);
    sql_put(st, 4, t->values);
    return look(st, changes);
}

bool sqlite_search_task(struct conn *c, int64_t room, const struct store_task *t)
{
    int64_t seq = 0;
    bool changes;
    if (!card_changes(c, room, t, &changes))
        return false;
    if (!changes)
        return sqlite_put_task(c, room, t);
    return find_maker(c, room, t->number, &seq) && sqlite_search_keep(c, room, seq) &&
           sqlite_put_task(c, room, t);
}

static bool note_changes(struct conn *c, int64_t room, const struct store_note *n,
                         bool *changes)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_NOTE_CHANGES);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, n->number);
    sql_put(st, 3, n->name);
    return look(st, changes);
}

bool sqlite_search_note(struct conn *c, int64_t room, const struct store_note *n)
{
    int64_t seq = 0;
    bool changes;
    if (!note_changes(c, room, n, &changes))
        return false;
    if (!changes)
        return sqlite_put_note(c, room, n);
    return find_maker(c, room, n->number, &seq) && sqlite_search_keep(c, room, seq) &&
           sqlite_put_note(c, room, n);
}

bool sqlite_search_edited(struct conn *c, int64_t room, int64_t number)
{
    return run_two(c, SQL_SEARCH_STALE, room, number);
}

/* ---- what was said ---- */

/* How far the index may go at once: to the end of the log, or *bytes and a little more. */
static bool stretch(struct conn *c, int64_t room, int64_t seq, size_t *bytes, uint64_t *events,
                    int64_t *to, bool *is_all)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_BYTES);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, seq);
    int row = 0;
    for (*to = seq; *bytes < INDEX_BYTES && (row = sql_next(st)) > 0; *to = sql_int(st, 0)) {
        *bytes += (size_t)sql_int(st, 1) + EVENT_BYTES;
        *events += sql_int(st, 1) > 0;
    }
    *is_all = row == 0 && *bytes < INDEX_BYTES;
    if (row > 0)
        sql_end(st);
    return row >= 0;
}

static bool take_stretch(struct conn *c, int64_t room, int64_t seq, size_t *bytes,
                         uint64_t *events)
{
    int64_t to;
    bool is_all;
    if (!stretch(c, room, seq, bytes, events, &to, &is_all) ||
        !run_row(c, SQL_SEARCH_ADD_UP_TO, room, seq, to))
        return false;
    return run_two(c, is_all ? SQL_SEARCH_HAS_ALL : SQL_SEARCH_HAS_UP_TO, room, to);
}

static bool take_change(struct conn *c, int64_t room, int64_t seq)
{
    return run_row(c, SQL_SEARCH_DROP, room, seq, 0) &&
           run_two(c, SQL_SEARCH_UNCHANGED, room, seq) &&
           run_row(c, SQL_SEARCH_ADD, room, seq, 0);
}

/* 1 and the numbers of the next mark, 0 when there is none, -1 when SQLite failed. */
static int next_mark(struct conn *c, enum sql what, int64_t *room, int64_t *second, size_t *n)
{
    struct sqlite3_stmt *st = conn_sql(c, what);
    int row = sql_next(st);
    if (row <= 0)
        return row;
    *room = sql_int(st, 0);
    *second = sql_int(st, 1);
    *n = (size_t)sql_int(st, 2);
    sql_end(st);
    return row;
}

bool sqlite_search_index(struct conn *c, struct store_job *j)
{
    int64_t room, seq;
    size_t bytes = 0, n;
    int row = 1, changed = 1;
    bool ok = true;
    j->work = 0;
    while (ok && bytes < INDEX_BYTES &&
           (row = next_mark(c, SQL_SEARCH_NEXT_BEHIND, &room, &seq, &n)) > 0)
        ok = take_stretch(c, room, seq, &bytes, &j->work);
    while (ok && bytes < INDEX_BYTES &&
           (changed = next_mark(c, SQL_SEARCH_NEXT_CHANGED, &room, &seq, &n)) > 0) {
        ok = take_change(c, room, seq);
        bytes += 2 * (n + EVENT_BYTES);
    }
    j->more = row > 0 || changed > 0;
    return ok && row >= 0 && changed >= 0;
}

/* ---- texts ---- */

static bool put_text(struct conn *c, int64_t room, int64_t number, int64_t version,
                     struct str text)
{
    int64_t seq = 0;
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_PUT_TEXT);
    if (!find_maker(c, room, number, &seq) || !run_row(c, SQL_SEARCH_DROP, room, seq, 1))
        return false;
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, number);
    sql_put_int(st, 3, version);
    sql_put(st, 4, text);
    return sql_run(st) && run_row(c, SQL_SEARCH_ADD, room, seq, 1);
}

/* A text that cannot be read stays as it was found: the check tells. */
static bool index_text(struct conn *c, int64_t room, int64_t number, struct str name,
                       size_t *bytes)
{
    struct store_job *j = store_job_new(JOB_TEXT);
    struct buf text = {0};
    j->room = name;
    j->text = number;
    j->version = INT64_MAX;
    bool ok = sqlite_read_text(c, room, j);
    if (ok && j->err.code == ERR_NONE && search_whole(j, &text)) {
        int64_t version = j->snapshot.version + (int64_t)j->edits.n;
        ok = version == 0 || put_text(c, room, number, version, buf_str(&text));
    }
    *bytes += text.n + j->snapshot.blame.n + 1000;
    for (size_t i = 0; i < j->edits.n; i++)
        *bytes += j->edits.v[i].op.n;
    buf_finish(&text);
    store_job_free(j);
    return ok && run_two(c, SQL_SEARCH_FRESH, room, number);
}

bool sqlite_search_index_texts(struct conn *c, struct store_job *j)
{
    size_t bytes = 0;
    int row = 0;
    bool ok = true;
    j->more = false;
    while (ok) {
        struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_NEXT_STALE);
        if ((row = sql_next(st)) <= 0)
            break;
        int64_t room = sql_int(st, 0), number = sql_int(st, 1);
        struct str name = sql_str(st, 2, &j->arena);
        sql_end(st);
        if ((j->more = bytes >= INDEX_BYTES))
            break;
        ok = index_text(c, room, number, name, &bytes);
    }
    return ok && row >= 0;
}

bool sqlite_search_remake(struct conn *c)
{
    return sqlite3_exec(c->db,
                        "INSERT INTO search (search) VALUES ('delete-all');"
                        "DELETE FROM search_texts; DELETE FROM search_stale;"
                        "DELETE FROM search_behind; DELETE FROM search_changed;" SEARCH_FILL,
                        NULL, NULL, NULL) == SQLITE_OK;
}
