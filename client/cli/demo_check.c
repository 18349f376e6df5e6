#include "demo_check.h"
#include "demo_note.h"
#include "demo_room.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAULTS_MAX = 4000 }; /* bytes; what comes behind is the same over again */

static const struct str room = {"" TOUR_ROOM, sizeof TOUR_ROOM - 1};

static void fault(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void fault(struct check *c, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (c->faults.n < FAULTS_MAX)
        buf_fmt(&c->faults, "%s\n", text);
}

static void path_of(const struct check *c, const char *name, const char *kind, struct buf *path)
{
    buf_clear(path);
    buf_fmt(path, "%s/%s.%s", c->folder, name, kind);
}

static bool read_file(const char *path, struct buf *out, struct err *e)
{
    char part[65536];
    FILE *f = fopen(path, "re");
    for (size_t n; f && (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(out, part, n);
    bool ok = f && !ferror(f);
    if (!ok)
        fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (f)
        fclose(f);
    return ok;
}

bool check_begin(struct check *c, struct err *e)
{
    struct buf path = {0};
    path_of(c, "server", "room", &path);
    struct conversation *t = conversation_new(c->url, STR(""), NULL, c->timeout);
    bool there = conversation_start(t, e);
    const struct replica *r = there ? conversation_open(t, room, e) : NULL;
    struct doc *note = r ? demo_note_open(t, room, e) : NULL;
    bool ok = note && demo_room_write(r, note, buf_cstr(&path), e);
    if (ok) {
        c->seq = r->seq;
        c->version = note->sync.version;
    }
    conversation_free(t);
    buf_finish(&path);
    return ok;
}

/* ---- the log ---- */

/* How often each number was met, of one person. */
struct tally {
    int64_t most;
    unsigned char *times;
};

struct log_check {
    struct check *check;
    struct tally said[CROWD_MOST], added[CROWD_MOST];
};

static void met(struct check *c, struct tally *tallies, struct str text, struct str author)
{
    struct str name;
    int64_t n;
    char own[CROWD_NAME_MAX + 1];
    if (!crowd_signed(text, &name, &n))
        return;
    for (int64_t i = 0; i < c->people; i++) {
        crowd_name(i, own);
        if (!str_is(name, own))
            continue;
        if (!str_is(author, own) || n > tallies[i].most)
            fault(c, "%.*s has what nobody wrote: %.*s", STR_ARG(author), STR_ARG(text));
        else if (tallies[i].times[n - 1] < 2)
            tallies[i].times[n - 1]++;
        return;
    }
}

static bool on_event(void *arg, const struct msg *m)
{
    struct log_check *l = arg;
    if (m->type == MSG_MESSAGE)
        met(l->check, l->said, m->message.text, m->event.author);
    else if (m->type == MSG_TASK_ADDED)
        met(l->check, l->added, m->task_added.title, m->event.author);
    return true;
}

static void tally_begin(struct tally *t, int64_t most)
{
    t->most = most;
    t->times = mem_new((size_t)most + 1);
}

/* Returns how many there are. */
static int64_t tally_end(struct check *c, struct tally *t, int64_t who, const char *what)
{
    char name[CROWD_NAME_MAX + 1];
    int64_t n = t->most;
    crowd_name(who, name);
    for (int64_t i = 0; i < n; i++)
        if (t->times[i] != 1)
            fault(c, "%s %lld of %s is in the log %s", what, (long long)i + 1, name,
                  t->times[i] ? "more than once" : "nowhere");
    free(t->times);
    return n;
}

bool check_log(struct check *c, struct err *e)
{
    struct log_check l = {.check = c};
    for (int64_t i = 0; i < c->people; i++) {
        tally_begin(&l.said[i], c->sums[i].said);
        tally_begin(&l.added[i], c->sums[i].added);
    }
    struct follower f = {.each = on_event, .arg = &l};
    struct conversation *t = conversation_new(c->url, STR(""), NULL, c->timeout);
    bool ok = conversation_start(t, e) && conversation_follow(t, room, 0, false, f, e);
    conversation_free(t);
    for (int64_t i = 0; i < c->people; i++) {
        c->messages += tally_end(c, &l.said[i], i, "message");
        c->cards += tally_end(c, &l.added[i], i, "card");
    }
    return ok;
}

/* ---- the note ---- */

struct lines {
    VEC(struct str) v; /* sorted once all are in */
};

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void lines_of(struct str text, struct lines *out)
{
    while (text.n) {
        struct str line = str_cut(&text, '\n');
        vec_push(&out->v, line);
    }
    if (out->v.n)
        qsort(out->v.v, out->v.n, sizeof *out->v.v, by_text);
}

static size_t times(const struct lines *l, struct str line)
{
    const struct str *at =
        l->v.n ? bsearch(&line, l->v.v, l->v.n, sizeof *l->v.v, by_text) : NULL;
    size_t n = at != NULL;
    for (const struct str *p = at; p && p > l->v.v && str_eq(p[-1], line); p--)
        n++;
    for (const struct str *p = at; p && p + 1 < l->v.v + l->v.n && str_eq(p[1], line); p++)
        n++;
    return n;
}

/* told: "+line" for each that was written, then perhaps "-line" when it was taken out again. */
static void check_lines(struct check *c, const struct lines *note, struct str told)
{
    struct lines all = {0};
    lines_of(told, &all);
    vec_each (line, &all.v) {
        if (line->p[0] != '+')
            continue;
        struct buf out = {0};
        struct str text = {line->p + 1, line->n - 1};
        buf_fmt(&out, "-%.*s", STR_ARG(text));
        bool is_out = times(&all, buf_str(&out)) > 0;
        size_t n = times(note, text);
        c->standing += !is_out;
        c->taken_out += is_out;
        if (n != (is_out ? 0 : 1))
            fault(c, "in the note %zu times instead of %s: %.*s", n, is_out ? "never" : "once",
                  STR_ARG(text));
        buf_finish(&out);
    }
    vec_finish(&all.v);
}

bool check_note(struct check *c, struct err *e)
{
    struct buf path = {0}, server = {0};
    struct lines note = {0};
    path_of(c, "server", "room", &path);
    bool ok = read_file(buf_cstr(&path), &server, e);
    lines_of(buf_str(&server), &note);
    for (int64_t i = 0; ok && i < c->people; i++) {
        char name[CROWD_NAME_MAX + 1];
        struct buf told = {0};
        crowd_name(i, name);
        path_of(c, name, "lines", &path);
        ok = read_file(buf_cstr(&path), &told, e);
        check_lines(c, &note, buf_str(&told));
        buf_finish(&told);
    }
    vec_finish(&note.v);
    buf_finish(&server);
    buf_finish(&path);
    return ok;
}

/* ---- the rooms ---- */

bool check_rooms(struct check *c, struct err *e)
{
    struct buf path = {0}, server = {0}, longest = {0};
    path_of(c, "server", "room", &path);
    bool ok = read_file(buf_cstr(&path), &server, e);
    /* One that was there from the first message on knows all the chat; the server's page ends.
     */
    buf_add_str(&longest, buf_str(&server));
    for (int64_t i = 0; ok && i < c->people; i++) {
        char name[CROWD_NAME_MAX + 1];
        struct buf own = {0};
        struct err differ;
        crowd_name(i, name);
        path_of(c, name, "room", &path);
        if (!read_file(buf_cstr(&path), &own, &differ) ||
            !demo_room_same(buf_str(&server), buf_str(&own), &differ) ||
            !demo_room_same(buf_str(&longest), buf_str(&own), &differ))
            fault(c, "the room of %s is another: %s", name, differ.text);
        else
            c->same++;
        if (own.n > longest.n) {
            buf_clear(&longest);
            buf_add_str(&longest, buf_str(&own));
        }
        buf_finish(&own);
    }
    buf_finish(&longest);
    buf_finish(&server);
    buf_finish(&path);
    return ok;
}
