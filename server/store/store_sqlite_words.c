/* The check of the index of words: it has to hold each word of each text at its place, and
 * nothing else. Both sides are summed up room by room, since the index lies in the order of
 * words and the texts in the order of time. */
#include "store_sqlite.h"

#include <stdlib.h>
#include <string.h>

struct sums {
    uint64_t *v; /* by room; 0 for what belongs to none */
    int64_t n;
};

static uint64_t mix(uint64_t z)
{
    z += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t hash(int64_t id, int column, int64_t at, struct str word)
{
    uint64_t h = mix((uint64_t)id) ^ mix((uint64_t)at << 1 | (uint64_t)column);
    for (size_t i = 0; i < word.n; i++)
        h = (h ^ (unsigned char)word.p[i]) * UINT64_C(0x100000001b3);
    return mix(h);
}

static uint64_t *sum_of(struct sums *s, int64_t id)
{
    int64_t room = id >> 44;
    return &s->v[room > 0 && room < s->n ? room : 0];
}

static void add_words(struct sums *s, int64_t id, int column, struct str words)
{
    for (int64_t at = 0; words.n; at++) {
        struct str word = str_cut(&words, ' ');
        *sum_of(s, id) += hash(id, column, at, word);
    }
}

static bool add_texts(struct conn *c, struct sums *s)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_ALL);
    int row;
    while ((row = sql_next(st)) > 0)
        for (int column = 0; column < 2; column++) {
            struct str words;
            if (sql_utf8(st, column + 1, &words))
                add_words(s, sql_int(st, 0), column, words);
        }
    return row == 0;
}

static bool take_index(struct conn *c, struct sums *s)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_INSTANCES);
    int row;
    while ((row = sql_next(st)) > 0) {
        struct str column, word;
        int64_t id = sql_int(st, 0);
        bool is_text = sql_utf8(st, 1, &column) && sql_utf8(st, 3, &word);
        *sum_of(s, id) -= is_text ? hash(id, str_is(column, "tags"), sql_int(st, 2), word) : 1;
    }
    return row == 0;
}

static bool last_room(struct conn *c, int64_t *last)
{
    struct sqlite3_stmt *st = conn_sql(c, SQL_SEARCH_LAST_ROOM);
    int row = sql_next(st);
    if (row > 0) {
        *last = sql_int(st, 0);
        sql_end(st);
    }
    return row > 0;
}

static void tell(struct conn *c, int64_t room, struct buf *report)
{
    struct arena a = {0};
    struct str name = STR("none that is there");
    struct sqlite3_stmt *st = conn_sql(c, SQL_ROOM_NAME);
    sql_put_int(st, 1, room);
    if (sql_next(st) > 0) {
        name = sql_str(st, 0, &a);
        sql_end(st);
    }
    buf_fmt(report, "the index of words says something else than the texts of room %.*s\n",
            STR_ARG(name));
    arena_finish(&a);
}

bool sqlite_search_verify(struct conn *c, struct buf *report, size_t *faults)
{
    struct sums s = {0};
    int64_t last;
    if (!last_room(c, &last))
        return false;
    s.n = last + 1;
    s.v = mem_new((size_t)s.n * sizeof *s.v);
    bool ok = add_texts(c, &s) && take_index(c, &s);
    for (int64_t room = 0; ok && room < s.n; room++)
        if (s.v[room]) {
            tell(c, room, report);
            (*faults)++;
        }
    free(s.v);
    return ok;
}
