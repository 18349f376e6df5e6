/* Events are checked as if a server had sent them, and stored as rows of the log; the tables
 * beside it are then made from it, as by a repair. All of that happens in a copy. */
#include "codec.h"
#include "store_backup.h"
#include "store_copy.h"
#include "store_export.h"
#include "store_repair.h"
#include "store_sqlite.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 8 * 1024 * 1024 };

struct import {
    struct conn *c;
    FILE *in;
    const char *path;
    char *line; /* getline()'s */
    size_t size;
    int64_t lines, accounts, events;
    struct arena arena;           /* of one line */
    int64_t room, newest;         /* the one that is being read; 0: none yet */
    char name[ROOM_NAME_MAX + 1]; /* of it */
};

static bool fail_line(const struct import *p, enum err_code code, const struct err *why,
                      struct err *e)
{
    return fail(e, code, "%s, line %" PRId64 ": %s", p->path, p->lines, why->text);
}

static bool say_line(const struct import *p, const char *words, struct err *e)
{
    return fail(e, ERR_BAD_FIELD, "%s, line %" PRId64 ": %s", p->path, p->lines, words);
}

/* ---- lines ---- */

/* False at the end, with e left alone, and on failure. */
static bool next_line(struct import *p, struct str *line, struct err *e)
{
    errno = 0;
    ssize_t n = getline(&p->line, &p->size, p->in);
    p->lines++;
    if (n < 0 && errno)
        fail(e, ERR_IO, "%s: %s", p->path, strerror(errno));
    if (n > LINE_MAX_BYTES)
        return say_line(p, "the line is too long", e);
    if (n > 0 && p->line[n - 1] == '\n')
        n--;
    *line = (struct str){p->line, n < 0 ? 0 : (size_t)n};
    return n >= 0;
}

static bool put_accounts(struct import *p, const struct msg_user_list *m)
{
    bool ok = true;
    for (size_t i = 0; ok && i < m->users.n; i++, p->accounts++) {
        const struct user_item *u = &m->users.v[i];
        ok = sqlite_make_user(p->c, &(struct store_user){.name = u->user,
                                                         .admin = u->admin,
                                                         .disabled = u->disabled,
                                                         .created = u->created,
                                                         .seen = u->seen,
                                                         .bot = u->bot});
    }
    return ok;
}

/* The event has to be the next of the room being read, or the first of one that is not there.
 */
static bool enter_room(struct import *p, const struct event_head *h, struct err *e)
{
    int64_t newest;
    if (p->room && str_is(h->room, p->name))
        return h->seq == p->newest + 1 || say_line(p, "it is not the room's next event", e);
    if (h->seq != 1)
        return say_line(p, "the room does not begin with its first event", e);
    if (!sqlite_find_room(p->c, h->room, &p->room, &newest))
        return conn_fail(p->c, "nothing was imported", e);
    if (p->room)
        return fail(e, ERR_EXISTS, "%s, line %" PRId64 ": there is a room %.*s already",
                    p->path, p->lines, STR_ARG(h->room));
    snprintf(p->name, sizeof p->name, "%.*s", STR_ARG(h->room));
    return sqlite_add_room(p->c, h->room, false, &p->room) ||
           conn_fail(p->c, "nothing was imported", e);
}

static bool put_event(struct import *p, const struct event_head *h, struct str line,
                      struct err *e)
{
    if (!enter_room(p, h, e))
        return false;
    struct sqlite3_stmt *st = conn_sql(p->c, SQL_IMPORT_EVENT);
    sql_put_int(st, 1, p->room);
    sql_put_int(st, 2, h->seq);
    sql_put(st, 3, line);
    p->newest = h->seq;
    p->events++;
    if (sql_run(st))
        return true;
    if (conn_is_refusal(p->c))
        return say_line(p, "another event came from the same request", e);
    return conn_fail(p->c, "nothing was imported", e);
}

static bool put_line(struct import *p, struct str line, struct err *e)
{
    struct msg_list list;
    struct err why = {0};
    int64_t re;
    arena_clear(&p->arena);
    if (!codec_decode(line, FROM_SERVER, &p->arena, &list, &re, &why))
        return fail_line(p, why.code, &why, e);
    if (list.n != 1)
        return say_line(p, "it is not one message", e);
    if (list.v->type == MSG_USER_LIST)
        return put_accounts(p, &list.v->user_list) ||
               conn_fail(p->c, "nothing was imported", e);
    if (msg_table[list.v->type].class != CLASS_EVENT || list.v->type == MSG_UNKNOWN)
        return say_line(p, "it is no event", e);
    return put_event(p, &list.v->event, line, e);
}

static bool is_last(const struct import *p, struct str line)
{
    char want[128];
    snprintf(want, sizeof want, EXPORT_LAST, p->accounts, p->events);
    return str_is(line, want);
}

static bool put_lines(struct import *p, struct err *e)
{
    struct str line;
    struct err fault = {0};
    if (!next_line(p, &line, e) || !str_is(line, EXPORT_FIRST))
        return say_line(p, "this is no export of moot: its first line is not " EXPORT_FIRST, e);
    while (next_line(p, &line, &fault)) {
        if (str_starts(line, "{\"moot\":"))
            return is_last(p, line) ||
                   say_line(p, "the last line counts otherwise; the export is not whole", e);
        if (!put_line(p, line, e))
            return false;
    }
    if (fault.code != ERR_NONE)
        return fail(e, fault.code, "%s", fault.text);
    return say_line(p, "the export is cut off: its last line is missing", e);
}

/* ---- the copy ---- */

static bool fill(struct import *p, const char *fresh, struct buf *said, struct err *e)
{
    struct store *s = store_sqlite_open(fresh, e);
    if (!s)
        return false;
    p->c = &((struct store_sqlite *)s)->writer;
    bool ok =
        sql_run(conn_sql(p->c, SQL_BEGIN_WRITE)) || conn_fail(p->c, "nothing was imported", e);
    ok = ok && put_lines(p, e) &&
         (sql_run(conn_sql(p->c, SQL_COMMIT)) || conn_fail(p->c, "nothing was imported", e));
    conn_rollback(p->c);
    ok = ok && store_remake_rooms(s, said, e);
    s->close(s);
    return ok;
}

static FILE *open_export(struct import *p, const char *from, struct arena *a, struct err *e)
{
    struct stat st;
    p->path = from;
    if (strcmp(from, "-") == 0)
        return stdin;
    if (stat(from, &st) == 0 && S_ISDIR(st.st_mode))
        p->path = str_fmt(a, "%s/moot.jsonl", from).p;
    FILE *in = fopen(p->path, "re");
    if (!in)
        fail(e, ERR_IO, "%s: %s", p->path, strerror(errno));
    return in;
}

static bool begin(const char *db, const char *fresh, struct err *e)
{
    store_file_drop(fresh);
    return access(db, F_OK) == 0 ? store_file_copy(db, fresh, e) : store_file_migrate(fresh, e);
}

/* "38 events and 2 accounts" */
static void count_words(const struct import *p, char out[80])
{
    snprintf(out, 80, "%" PRId64 " event%s and %" PRId64 " account%s", p->events,
             p->events == 1 ? "" : "s", p->accounts, p->accounts == 1 ? "" : "s");
}

bool store_import(const char *from, const char *db, const struct store_by *by, struct buf *said,
                  struct err *e)
{
    struct arena a = {0};
    struct import p = {0};
    const char *fresh = str_fmt(&a, "%s.new", db).p;
    p.in = open_export(&p, from, &a, e);
    char words[80];
    bool ok = p.in && begin(db, fresh, e) && fill(&p, fresh, said, e);
    count_words(&p, words);
    if (ok)
        buf_fmt(said, "%s read.\n", words);
    else
        store_file_drop(fresh);
    ok = ok && store_replace(fresh, db, (struct replacing){"import", from, words, by}, said, e);
    if (p.in && p.in != stdin)
        fclose(p.in);
    free(p.line);
    arena_finish(&p.arena);
    arena_finish(&a);
    return ok;
}
