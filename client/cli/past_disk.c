/* What a file had, on disk.
 *
 * "put OUTBOX", "done OUTBOX" or "ended OUTBOX", the subject, and the texts, newest first, each
 * with a line of its own in front: a letter for how the file had it, how much of the one before
 * it begins and ends with, how many bytes follow, the habit, and how often others' changes had
 * come. */
#include "past.h"

#include "file.h"
#include "outbox_file.h"
#include "private_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REMEMBERED_BYTES = 512 * 1024 }; /* of texts besides the last three */

static const char letters[] = {[HAD_OURS] = 'r', [HAD_READ] = 'r', [HAD_SAVED] = 's'};

static void write_head(const struct had_text *t, size_t bytes, struct buf *all)
{
    buf_fmt(all, "%c %zu %zu %zu %d %lld\n", letters[t->how], t->start, t->end, bytes,
            (int)t->habit, (long long)t->ours);
}

/* t as its difference to the newer text. */
static void write_text(struct had_text t, struct str text, struct str newer, struct buf *all)
{
    past_compare(text, newer, &t.start, &t.end);
    size_t n = text.n - t.start - t.end;
    write_head(&t, n, all);
    if (n)
        buf_add(all, text.p + t.start, n);
}

static void write_middles(const struct past *p, struct buf *all)
{
    size_t n = all->n;
    for (size_t i = p->texts.n - 1; i-- > 0 && all->n - n < REMEMBERED_BYTES;) {
        write_head(&p->texts.v[i], p->texts.v[i].middle.n, all);
        buf_add_str(all, p->texts.v[i].middle);
    }
}

/* The text that is about to be, the last one that was remembered, and those that the file had.
 * Neighbours may be one text. */
static void write_texts(const struct past *p, struct str text, struct had_text t,
                        struct buf *all)
{
    struct str newer = text;
    write_text(t, text, (struct str){0}, all);
    if (p->remembered.n && !(p->texts.n && str_eq(buf_str(&p->newest), text))) {
        newer = buf_str(&p->remembered);
        write_text((struct had_text){.how = HAD_READ, .ours = p->ours}, newer, text, all);
    }
    if (!p->texts.n)
        return;
    write_text(*past_newest(p), buf_str(&p->newest), newer, all);
    write_middles(p, all);
}

static bool write_down(struct past *p, const char *state, struct str text, struct had_text t,
                       struct err *e)
{
    struct buf all = {0};
    if (!p->path)
        return true;
    buf_fmt(&all, "%s %.*s\n%.*s\n", state, STR_ARG(buf_str(&p->outbox)),
            STR_ARG(buf_str(&p->subject)));
    t.ours = p->ours + (t.how != HAD_SAVED);
    write_texts(p, text, t, &all);
    bool ok = private_file_write(p->path, buf_str(&all), e);
    buf_finish(&all);
    return ok;
}

bool past_remember(struct past *p, struct str text, enum had how, enum habit habit,
                   struct err *e)
{
    bool ok = write_down(p, "done", text, (struct had_text){.how = how, .habit = habit}, e);
    struct buf copy = {0};
    buf_add_str(&copy, text);
    buf_finish(&p->remembered);
    p->remembered = copy;
    return ok;
}

bool past_remember_put(struct past *p, struct str text, enum habit habit, struct err *e)
{
    struct had_text t = {.how = HAD_SAVED, .habit = habit};
    return write_down(p, "put", text, t, e);
}

bool past_remember_end(struct past *p, struct err *e)
{
    struct buf text = {0};
    buf_add_str(&text, buf_str(&p->newest));
    bool ok = write_down(p, "ended", buf_str(&text), *past_newest(p), e);
    buf_finish(&text);
    return ok;
}

/* ---- reading ---- */

static bool read_number(struct str *line, int64_t max, int64_t *n)
{
    return str_int(str_cut(line, ' '), 0, max, n);
}

/* The next text, older than those before it, of which the last has newer_n bytes. */
static bool read_text(struct str *rest, size_t newer_n, struct had_text *t)
{
    struct str line = str_cut(rest, '\n');
    int64_t start, end, n, habit;
    struct str how = str_cut(&line, ' ');
    if (!read_number(&line, (int64_t)newer_n, &start) ||
        !read_number(&line, (int64_t)newer_n - start, &end) ||
        !read_number(&line, (int64_t)rest->n, &n) ||
        !read_number(&line, HABIT_NEW_READ, &habit))
        return false;
    *t = (struct had_text){.how = str_is(how, "s") ? HAD_SAVED : HAD_READ,
                           .habit = (enum habit)habit,
                           .start = (size_t)start,
                           .end = (size_t)end,
                           .middle = {str_dup((struct str){rest->p, (size_t)n}), (size_t)n}};
    read_number(&line, INT64_MAX, &t->ours);
    *rest = (struct str){rest->p + n, rest->n - (size_t)n};
    return true;
}

static void turn_round(struct past *p)
{
    for (size_t i = 0, k = p->texts.n; i + 1 < k--; i++) {
        struct had_text t = p->texts.v[i];
        p->texts.v[i] = p->texts.v[k];
        p->texts.v[k] = t;
    }
}

/* The one before it, once more. */
static bool is_same(const struct past *p, size_t newer_n, const struct had_text *t)
{
    return p->texts.n && t->start == newer_n && !t->middle.n;
}

static void read_texts(struct past *p, struct str rest)
{
    struct had_text t;
    size_t n = 0;
    while (rest.n && read_text(&rest, n, &t)) {
        if (is_same(p, n, &t)) {
            struct had_text *newer = &p->texts.v[p->texts.n - 1];
            newer->how = MAX(newer->how, t.how);
            newer->habit = t.how == HAD_SAVED ? t.habit : newer->habit;
            newer->ours = t.ours;
            free((char *)(uintptr_t)t.middle.p);
            continue;
        }
        n = t.start + t.middle.n + t.end;
        p->bytes += t.middle.n;
        p->ours = MAX(p->ours, t.ours);
        vec_push(&p->texts, t);
    }
    turn_round(p);
    if (!p->texts.n)
        return;
    struct had_text *newest = &p->texts.v[p->texts.n - 1];
    buf_add_str(&p->newest, newest->middle);
    p->bytes -= newest->middle.n;
    free((char *)(uintptr_t)newest->middle.p);
    newest->middle = (struct str){0};
}

bool past_recall(struct past *p, struct err *e)
{
    struct buf all = {0};
    if (!p->path || access(p->path, F_OK) != 0)
        return true;
    if (!private_file_read(p->path, REMEMBERED_BYTES + 4 * NOTE_BYTES_MAX + 8192, &all, e)) {
        buf_finish(&all);
        return false;
    }
    struct str rest = buf_str(&all), first = str_cut(&rest, '\n');
    struct str state = str_cut(&first, ' ');
    buf_add_str(&p->outbox, first);
    buf_add_str(&p->subject, str_cut(&rest, '\n'));
    read_texts(p, rest);
    p->in_doubt = !str_is(state, "ended");
    if (p->texts.n && str_is(state, "put") && !outbox_was_kept(buf_cstr(&p->outbox)))
        past_forget_newest(p);
    buf_add_str(&p->remembered, buf_str(&p->newest));
    buf_finish(&all);
    return true;
}

void past_begin(struct past *p, struct str subject, const char *outbox)
{
    if (!str_eq(subject, buf_str(&p->subject))) {
        while (p->texts.n)
            past_forget_newest(p);
        buf_clear(&p->remembered);
    }
    buf_clear(&p->subject);
    buf_add_str(&p->subject, subject);
    buf_clear(&p->outbox);
    buf_add_str(&p->outbox, str_of(outbox));
}
