/* The index of words in SQLite. It names the rows that may be meant, newest first; what they
 * say is then read where it stands and judged by the same code as in any store. */
#include "store_sqlite.h"

#include "store_job.h"
#include "words.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

enum { PROGRESS_OPS = 5000, ROOM_MIN = 20 };

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

/* ---- writing ---- */

static bool run_row(struct conn *c, enum sql what, int64_t room, int64_t seq, int64_t part)
{
    struct sqlite3_stmt *st = conn_sql(c, what);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, seq);
    sql_put_int(st, 3, part);
    return sql_run(st);
}

bool sqlite_search_drop(struct conn *c, int64_t room, int64_t seq)
{
    return run_row(c, SQL_SEARCH_DROP, room, seq, 0);
}

bool sqlite_search_add(struct conn *c, int64_t room, int64_t seq)
{
    return run_row(c, SQL_SEARCH_ADD, room, seq, 0);
}

/* The event that made a card or note: the first that is about it. */
static bool find_maker(struct conn *c, int64_t room, int64_t number, int64_t *seq)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_MADE);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, number);
    int row = sql_next(st);
    if (row > 0) {
        *seq = sql_int(st, 0);
        sql_end(st);
    }
    return row > 0;
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
    return find_maker(c, room, t->number, &seq) && sqlite_search_drop(c, room, seq) &&
           sqlite_put_task(c, room, t) && sqlite_search_add(c, room, seq);
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
    return find_maker(c, room, n->number, &seq) && sqlite_search_drop(c, room, seq) &&
           sqlite_put_note(c, room, n) && sqlite_search_add(c, room, seq);
}

bool sqlite_search_edited(struct conn *c, int64_t room, int64_t number)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_STALE);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, number);
    return sql_run(st);
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

static bool set_fresh(struct conn *c, int64_t room, int64_t number)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_FRESH);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, number);
    return sql_run(st);
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
    return ok && set_fresh(c, room, number);
}

bool sqlite_search_index(struct conn *c, struct store_job *j)
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
                        "DELETE FROM search_texts; DELETE FROM search_stale;" SEARCH_FILL,
                        NULL, NULL, NULL) == SQLITE_OK;
}

/* ---- searching ---- */

static void put_term(struct buf *out, const struct query_term *t)
{
    buf_fmt(out, "words : \"");
    for (size_t i = 0; i < t->n; i++) {
        if (i)
            buf_add_c(out, ' ');
        buf_add_str(out, t->words[i]);
    }
    buf_fmt(out, t->is_prefix ? "\" *" : "\"");
}

static bool put_terms(struct buf *out, const struct query *q, bool negated, const char *between)
{
    bool any = false;
    for (size_t i = 0; i < q->terms_n; i++) {
        if (q->terms[i].negated != negated)
            continue;
        buf_fmt(out, "%s", any ? between : "");
        put_term(out, &q->terms[i]);
        any = true;
    }
    return any;
}

/* One of them is enough, but for has:. */
static bool put_tags(struct buf *out, const struct query *q, enum query_key key, bool is_more)
{
    const char *between = key == KEY_HAS ? " AND " : " OR ";
    bool any = false;
    for (size_t i = 0; i < q->filters_n; i++) {
        const struct query_filter *f = &q->filters[i];
        if (f->key != key || f->negated)
            continue;
        buf_fmt(out, "%stags : \"", any ? between : is_more ? " AND (" : "(");
        hit_tag(out, f);
        buf_add_c(out, '"');
        any = true;
    }
    buf_fmt(out, any ? ")" : "");
    return any || is_more;
}

/* The query in the words of FTS5. What is negated only makes it shorter: filters are left to
 * hit_score(). */
static void put_match(struct buf *out, const struct query *q)
{
    struct buf no = {0};
    buf_add_c(out, '(');
    bool is_more = put_terms(out, q, false, " AND ");
    for (enum query_key key = 0; key < KEY_COUNT; key++)
        if (query_keys[key].indexed)
            is_more = put_tags(out, q, key, is_more);
    buf_add_c(out, ')');
    if (put_terms(&no, q, true, " OR "))
        buf_fmt(out, " NOT (%s)", buf_cstr(&no));
    buf_finish(&no);
}

static int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int is_late(void *until)
{
    return clock_ms() > *(int64_t *)until;
}

/* The first event of the room at that time or later, newest + 1 for none. The log is in the
 * order of time as far as the server's clock was. */
static bool seq_at(struct conn *c, int64_t room, int64_t newest, int64_t time, int64_t *seq)
{
    int64_t low = 1, high = newest + 1;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        struct sqlite3_stmt *st = conn_sql(c, SQL_EVENT_TIME);
        sql_put_int(st, 1, room);
        sql_put_int(st, 2, mid);
        int row = sql_next(st);
        if (row < 0)
            return false;
        bool is_early = row > 0 && sql_int(st, 0) < time;
        if (row > 0)
            sql_end(st);
        if (is_early)
            low = mid + 1;
        else
            high = mid;
    }
    *seq = low;
    return true;
}

/* Which events of the room may be meant, by their times: from *first up to, not with, *end. */
static bool bounds(struct conn *c, const struct finder *f, int64_t room, int64_t newest,
                   int64_t *first, int64_t *end)
{
    int64_t after = 0, before = INT64_MAX;
    for (size_t i = 0; i < f->q.filters_n; i++) {
        const struct query_filter *k = &f->q.filters[i];
        if (k->key == KEY_AFTER)
            after = MAX(after, k->number);
        else if (k->key == KEY_BEFORE)
            before = MIN(before, k->number);
    }
    if (f->j->search.until)
        before = MIN(before, f->j->search.until + 1);
    *first = 1;
    *end = newest + 1;
    return (after <= 0 || seq_at(c, room, newest, after, first)) &&
           (before == INT64_MAX || seq_at(c, room, newest, before, end));
}

/* 1 when it is what is looked for, 0 when not, -1 when SQLite failed. */
static int take_row(struct conn *c, struct finder *f, int64_t id, struct str name)
{
    int64_t room = id >> 44, seq = id >> 2 & ((INT64_C(1) << SEARCH_SEQ_BITS) - 1),
            part = id & 1;
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_DOC);
    sql_put_int(st, 1, room);
    sql_put_int(st, 2, seq);
    sql_put_int(st, 3, part);
    struct str kind, author, text, title = {0};
    int row = sql_next(st);
    if (row <= 0)
        return row;
    bool found = sql_utf8(st, 0, &kind) && sql_utf8(st, 2, &author) && sql_utf8(st, 4, &text);
    if (found) {
        int64_t number = sql_int(st, 3);
        enum found_kind what = search_kind(msg_from_name(kind), number);
        sql_utf8(st, 5, &title);
        found = finder_take(f,
                            &(struct found_item){.kind = what,
                                                 .room = name,
                                                 .seq = seq,
                                                 .number = number,
                                                 .time = sql_int(st, 1),
                                                 .author = author,
                                                 .title = title,
                                                 .archived = sql_int(st, 6)},
                            text, part == 0 && (what == FOUND_CARD || what == FOUND_NOTE));
    }
    sql_end(st);
    return found;
}

/* At most so many of one room. */
static bool search_room(struct conn *c, struct finder *f, struct str match, struct str name,
                        size_t most)
{
    int64_t room, newest, first, end;
    if (!sqlite_find_room(c, name, &room, &newest))
        return false;
    if (room == 0)
        return true;
    if (!bounds(c, f, room, newest, &first, &end))
        return false;
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH);
    sql_put(st, 1, match);
    sql_put_int(st, 2, room << 44 | first << 2);
    sql_put_int(st, 3, (room << 44 | end << 2) - 1);
    size_t n = f->all.n;
    int row, taken = 0;
    while ((row = sql_next(st)) > 0) {
        if (f->all.n - n >= most) {
            f->j->capped |= f->j->search.order == ORDER_RELEVANCE;
            break;
        }
        if ((taken = take_row(c, f, sql_int(st, 0), name)) < 0)
            break;
    }
    if (row > 0)
        sql_end(st);
    return row >= 0 && taken >= 0;
}

static bool is_new(const struct store_search *s, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(s->rooms.v[k], s->rooms.v[i]))
            return false;
    return true;
}

/* In order of time each room may have all that is wanted; for the best, they share. */
static bool search_rooms(struct conn *c, struct finder *f, struct str match)
{
    const struct store_search *s = &f->j->search;
    bool ok = true;
    for (size_t i = 0; ok && i < s->rooms.n; i++) {
        size_t left = f->wanted - MIN(f->wanted, f->all.n), share = left / (s->rooms.n - i);
        size_t most = s->order == ORDER_TIME ? f->wanted : MAX(share, ROOM_MIN);
        if (is_new(s, i))
            ok = search_room(c, f, match, str_keep(&f->j->arena, s->rooms.v[i]), most);
    }
    return ok;
}

bool sqlite_read_search(struct conn *c, struct store_job *j)
{
    struct finder f;
    if (!finder_begin(&f, j))
        return true;
    struct buf match = {0};
    int64_t until = clock_ms() + SEARCH_MS;
    put_match(&match, &f.q);
    sqlite3_progress_handler(c->db, PROGRESS_OPS, is_late, &until);
    bool ok = search_rooms(c, &f, buf_str(&match));
    sqlite3_progress_handler(c->db, 0, NULL, NULL);
    if (!ok && (sqlite3_errcode(c->db) & 0xff) == SQLITE_INTERRUPT) {
        fail(&j->err, ERR_LIMIT,
             "the search took more than a second; name a room, a person, days or another word");
        ok = true;
    }
    finder_end(&f);
    buf_finish(&match);
    return ok;
}
