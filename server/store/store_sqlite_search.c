/* The index of words in SQLite. It names the rows that may be meant, newest first; what they
 * say is then read where it stands and judged by the same code as in any store. */
#include "store_sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

enum { PROGRESS_OPS = 5000, ROOM_MIN = 20 };
/* What of an id is not its room. */
#define SEARCH_ID_MASK ((INT64_C(1) << 44) - 1)

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

int64_t sqlite_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* How long a search may take, and whether it took longer. */
struct patience {
    int64_t until;
    bool is_over;
};

static int is_late(void *arg)
{
    struct patience *p = arg;
    p->is_over |= sqlite_clock() > p->until;
    return p->is_over;
}

/* The log is in the order of time as far as the server's clock was. */
bool sqlite_seq_at(struct conn *c, int64_t room, int64_t newest, int64_t time, int64_t *seq)
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
    return (after <= 0 || sqlite_seq_at(c, room, newest, after, first)) &&
           (before == INT64_MAX || sqlite_seq_at(c, room, newest, before, end));
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

/* The ids of what may be meant in a room, going down: those that the index names, and those
 * that it does not have as they are now and that have the words. */
struct ids {
    struct finder *f;
    struct sqlite3_stmt *named, *pending;
    int64_t room, next_named, next_pending; /* 0: there are no more */
    bool has_failed;
};

static void step_named(struct ids *d)
{
    int row = sql_next(d->named);
    d->has_failed |= row < 0;
    d->next_named = row > 0 ? sql_int(d->named, 0) : 0;
}

static void step_pending(struct ids *d)
{
    struct str text;
    int row;
    while ((row = sql_next(d->pending)) > 0) {
        d->f->j->work++;
        if (sql_utf8(d->pending, 1, &text) && hit_has_words(&d->f->q, text))
            break;
    }
    d->has_failed |= row < 0;
    d->next_pending = row > 0 ? d->room << 44 | sql_int(d->pending, 0) << 2 : 0;
}

/* Those of event `first` on that are below `below`, both without the room. */
static void ids_begin(struct ids *d, struct conn *c, struct str match, int64_t first,
                      int64_t below)
{
    d->named = conn_sql(c, SQL_SEARCH);
    sql_put(d->named, 1, match);
    sql_put_int(d->named, 2, d->room << 44 | first << 2);
    sql_put_int(d->named, 3, d->room << 44 | (below - 1));
    step_named(d);
    d->pending = conn_sql(c, SQL_SEARCH_PENDING);
    sql_put_int(d->pending, 1, d->room);
    sql_put_int(d->pending, 2, first);
    sql_put_int(d->pending, 3, ((below - 1) >> 2) + 1);
    step_pending(d);
}

/* 0 behind the last. */
static int64_t ids_next(struct ids *d)
{
    int64_t id = d->has_failed ? 0 : MAX(d->next_named, d->next_pending);
    if (id && id == d->next_named)
        step_named(d);
    if (id && id == d->next_pending)
        step_pending(d);
    return id;
}

static void ids_end(struct ids *d)
{
    if (d->next_named)
        sql_end(d->named);
    if (d->next_pending)
        sql_end(d->pending);
}

/* What is left of the room under way, or a part of that; then j->unfinished says so. */
static bool search_room(struct conn *c, struct finder *f, struct str match)
{
    struct ids d = {.f = f};
    int64_t newest, end, id = 0;
    if (!sqlite_find_room(c, f->name, &d.room, &newest))
        return false;
    if (d.room == 0)
        return true;
    if (!f->below) {
        if (!bounds(c, f, d.room, newest, &f->first, &end))
            return false;
        f->below = end << 2;
    }
    int taken = 0;
    ids_begin(&d, c, match, f->first, f->below);
    while (taken >= 0 && !f->j->unfinished && (id = ids_next(&d)) > 0) {
        if (f->all.n - f->had >= f->most) {
            f->j->capped |= f->j->search.order == ORDER_RELEVANCE;
            break;
        }
        taken = take_row(c, f, id, f->name);
        f->below = id & SEARCH_ID_MASK;
        f->j->unfinished = sqlite_clock() >= c->until;
    }
    ids_end(&d);
    return taken >= 0 && !d.has_failed;
}

static bool is_new(const struct store_search *s, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(s->rooms.v[k], s->rooms.v[i]))
            return false;
    return true;
}

/* In order of time each room may have all that is wanted; for the best, they share. */
static void begin_room(struct finder *f)
{
    const struct store_search *s = &f->j->search;
    size_t left = f->wanted - MIN(f->wanted, f->all.n);
    size_t share = left / (s->rooms.n - f->room);
    f->most = s->order == ORDER_TIME ? f->wanted : MAX(share, ROOM_MIN);
    f->had = f->all.n;
    f->name = str_keep(&f->j->arena, s->rooms.v[f->room]);
}

static bool search_rooms(struct conn *c, struct finder *f, struct str match)
{
    struct store_job *j = f->j;
    const struct store_search *s = &j->search;
    bool ok = true;
    j->unfinished = false;
    while (ok && f->room < s->rooms.n && !j->unfinished) {
        if (!f->below)
            begin_room(f);
        if (is_new(s, f->room))
            ok = search_room(c, f, match);
        if (j->unfinished)
            break;
        f->room++;
        f->below = 0;
        j->unfinished = f->room < s->rooms.n && sqlite_clock() >= c->until;
    }
    return ok;
}

static struct finder *begin(struct store_job *j)
{
    struct finder *f = NEW(struct finder);
    if (finder_begin(f, j))
        return f;
    free(f);
    return NULL;
}

static void end(struct store_job *j)
{
    finder_end(j->finder);
    free(j->finder);
    j->finder = NULL;
    j->unfinished = false;
}

bool sqlite_read_search(struct conn *c, struct store_job *j)
{
    if (!j->finder && !(j->finder = begin(j)))
        return true;
    struct finder *f = j->finder;
    struct buf match = {0};
    int64_t start = sqlite_clock();
    struct patience p = {.until = start + SEARCH_MS - f->took};
    put_match(&match, &f->q);
    sqlite3_progress_handler(c->db, PROGRESS_OPS, is_late, &p);
    bool ok = search_rooms(c, f, buf_str(&match));
    sqlite3_progress_handler(c->db, 0, NULL, NULL);
    buf_finish(&match);
    f->took += sqlite_clock() - start;
    if (ok ? j->unfinished && f->took > SEARCH_MS : p.is_over) {
        fail(&j->err, ERR_LIMIT,
             "the search took more than a second; name a room, a person, days or another word");
        ok = true;
    }
    if (!ok || !j->unfinished || j->err.code != ERR_NONE)
        end(j);
    return ok;
}
