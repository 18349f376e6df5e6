/* A room as Markdown: chat.md, board.md, notes/NAME.md, and cards/NUMBER.md for the
 * descriptions of cards. Made to be read; nothing reads it back. */
#include "rope.h"
#include "store_export.h"
#include "store_replay.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 500, FILE_NAME_MAX = 80 };

struct pages {
    struct store *store;
    struct str room;
    const char *folder;
    struct buf out, said;
    char day[16]; /* the one that chat.md has come to */
};

/* ---- files ---- */

static bool write_all(int fd, struct str s)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0)
            return false;
        s.p += n;
        s.n -= (size_t)n;
    }
    return true;
}

/* What is in p->out becomes the file; p->out is empty then. */
static bool put_page(struct pages *p, const char *name, struct err *e)
{
    struct arena a = {0};
    const char *path = str_fmt(&a, "%s/%s", p->folder, name).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd >= 0 && write_all(fd, buf_str(&p->out));
    if (!ok)
        fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    buf_clear(&p->out);
    arena_finish(&a);
    return ok;
}

static bool make_folder(struct pages *p, const char *name, struct err *e)
{
    struct arena a = {0};
    const char *path = str_fmt(&a, "%s/%s", p->folder, name).p;
    bool ok = mkdir(path, 0700) == 0 || errno == EEXIST ||
              fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    arena_finish(&a);
    return ok;
}

/* ---- chat ---- */

static struct store_job *history(struct pages *p, int64_t before)
{
    struct store_job *j = store_job_new(JOB_HISTORY);
    j->room = p->room;
    j->from = before;
    j->limit = PAGE;
    j->bytes_limit = SIZE_MAX;
    p->store->read(p->store, j);
    return j;
}

static void print_reactions(struct pages *p, const struct message_item *m)
{
    for (size_t i = 0; i < m->reactions.n; i++)
        buf_fmt(&p->out, "%s%.*s %.*s", i ? ", " : "\n", STR_ARG(m->reactions.v[i].emoji),
                STR_ARG(m->reactions.v[i].user));
    if (m->reactions.n)
        buf_add_c(&p->out, '\n');
}

static void print_message(struct pages *p, const struct message_item *m)
{
    time_t at = (time_t)(m->time / 1000);
    struct tm tm;
    char day[16], clock[16];
    gmtime_r(&at, &tm);
    strftime(day, sizeof day, "%Y-%m-%d", &tm);
    strftime(clock, sizeof clock, "%H:%M:%S", &tm);
    if (strcmp(day, p->day) != 0)
        buf_fmt(&p->out, "\n## %s\n", day);
    memcpy(p->day, day, sizeof day);
    buf_fmt(&p->out, "\n**%.*s** %s", STR_ARG(m->author), clock);
    if (m->task)
        buf_fmt(&p->out, " on #%" PRId64, m->task);
    if (m->reply)
        buf_fmt(&p->out, " to %.*s", STR_ARG(m->to));
    if (m->edited && !m->deleted.n)
        buf_fmt(&p->out, " (edited)");
    buf_fmt(&p->out, "\n\n");
    buf_add_str(&p->out, m->text);
    if (m->deleted.n)
        buf_fmt(&p->out, "(deleted by %.*s)", STR_ARG(m->deleted));
    buf_add_c(&p->out, '\n');
    print_reactions(p, m);
}

/* Pages of chat are read from the newest back, and written from the oldest on: the first walk
 * only notes where they begin. */
static bool chat(struct pages *p, struct err *e)
{
    VEC(int64_t) befores = {0};
    int64_t before = INT64_MAX;
    bool ok = true;
    for (bool more = true; ok && more;) {
        struct store_job *j = history(p, before);
        ok = j->err.code == ERR_NONE || fail(e, j->err.code, "%s", j->err.text);
        more = j->more && j->messages.n;
        if (ok && j->messages.n) {
            vec_push(&befores, before);
            before = j->messages.v[0].seq;
        }
        store_job_free(j);
    }
    buf_fmt(&p->out, "# %.*s\n", STR_ARG(p->room));
    while (ok && befores.n) {
        struct store_job *j = history(p, befores.v[--befores.n]);
        for (size_t i = 0; i < j->messages.n; i++)
            print_message(p, &j->messages.v[i]);
        store_job_free(j);
    }
    vec_finish(&befores);
    return ok && put_page(p, "chat.md", e);
}

/* ---- board ---- */

static void print_card(struct pages *p, const struct card *c)
{
    enum card_field last = CARD_TITLE;
    buf_fmt(&p->out, "- #%" PRId64 " %s", c->number, c->title);
    vec_each (v, &c->values) {
        if (v->field == last)
            buf_fmt(&p->out, ", %s", v->value);
        else
            buf_fmt(&p->out, "; %s: %s", card_fields[v->field].name, v->value);
        last = v->field;
    }
    buf_add_c(&p->out, '\n');
}

static bool board(struct pages *p, const struct board *b, struct err *e)
{
    buf_fmt(&p->out, "# %.*s\n", STR_ARG(p->room));
    vec_each (col, &b->columns) {
        buf_fmt(&p->out, "\n## %s\n\n", col->name);
        vec_each (c, &col->cards)
            print_card(p, *c);
    }
    if (HASH_COUNT(b->by_number) > b->live)
        buf_fmt(&p->out, "\n## (archived)\n\n");
    for (const struct card *c = b->by_number; c; c = c->hh.next)
        if (c->archived)
            print_card(p, c);
    return put_page(p, "board.md", e);
}

/* ---- texts ---- */

/* The newest version of a text, into p->out. */
static bool read_text(struct pages *p, int64_t number, struct err *e)
{
    struct store_job *j = store_job_new(JOB_TEXT);
    struct op op = {0};
    j->room = p->room;
    j->text = number;
    j->version = INT64_MAX;
    p->store->read(p->store, j);
    bool ok = j->err.code == ERR_NONE || fail(e, j->err.code, "%s", j->err.text);
    struct rope *rope = rope_of(j->snapshot.text);
    for (size_t i = 0; ok && i < j->edits.n; i++) {
        ok = op_parse(&op, j->edits.v[i].op, OP_OUT_MAX, e) &&
             op_check(&op, rope_chars(rope), e);
        if (ok)
            op_apply(&op, rope);
    }
    if (ok)
        rope_read(rope, 0, rope_chars(rope), &p->out);
    rope_free(rope);
    op_finish(&op);
    store_job_free(j);
    return ok;
}

static bool is_plain(char c)
{
    return c != '/' && c != '~' && (unsigned char)c >= ' ' && c != 0x7f;
}

/* A note's name as that of a file: no slash, no hidden file; with its number behind when it had
 * to be changed, so that no two meet. */
static void file_name(const struct store_note *n, struct buf *out)
{
    struct str name = n->name;
    bool same = name.n <= FILE_NAME_MAX;
    name.n = MIN(name.n, (size_t)FILE_NAME_MAX);
    while (name.n && !utf8_is_valid(name))
        name.n--;
    buf_fmt(out, "notes/");
    for (size_t i = 0; i < name.n; i++) {
        bool plain = is_plain(name.p[i]) && (i || name.p[i] != '.');
        buf_add_c(out, plain ? name.p[i] : '_');
        same = same && plain;
    }
    if (same && !n->archived)
        buf_fmt(out, ".md");
    else
        buf_fmt(out, "~%" PRId64 ".md", n->number);
}

static bool notes(struct pages *p, const struct replay *r, struct err *e)
{
    bool ok = r->notes.n == 0 || make_folder(p, "notes", e);
    for (size_t i = 0; ok && i < r->notes.n; i++) {
        struct buf name = {0};
        file_name(&r->notes.v[i], &name);
        ok = read_text(p, r->notes.v[i].number, e) && put_page(p, buf_cstr(&name), e);
        buf_finish(&name);
    }
    return ok;
}

static bool descriptions(struct pages *p, const struct replay *r, struct err *e)
{
    bool ok = true;
    for (const struct seen_text *t = r->texts; ok && t; t = t->hh.next) {
        char name[48];
        if (!board_card(&r->board, t->number) || t->chars == 0)
            continue;
        snprintf(name, sizeof name, "cards/%" PRId64 ".md", t->number);
        ok = make_folder(p, "cards", e) && read_text(p, t->number, e) && put_page(p, name, e);
    }
    return ok;
}

bool export_pages(struct store *s, struct str room, const char *folder, struct buf *said,
                  struct err *e)
{
    struct pages p = {.store = s, .room = room, .folder = folder};
    struct replay r = {.store = s, .report = said};
    r.room = room;
    struct store_job *j = replay_ask(&r, JOB_ROOM, 0);
    bool ok = j->err.code == ERR_NONE || fail(e, j->err.code, "%s", j->err.text);
    if (ok && replay_log(&r, room, j->rooms.v[0].seq) && r.faults == 0)
        ok = board(&p, &r.board, e) && notes(&p, &r, e) && descriptions(&p, &r, e) &&
             chat(&p, e);
    else if (ok)
        ok = fail(e, ERR_STORE, "the log of %.*s is damaged; see 'mootd check'", STR_ARG(room));
    if (j->err.code == ERR_NONE)
        replay_forget(&r);
    replay_finish(&r);
    store_job_free(j);
    buf_finish(&p.out);
    return ok;
}
