/* What a file had, on disk.
 *
 * "put OUTBOX", "done OUTBOX" or "ended OUTBOX", the subject, and the texts, newest first, a
 * line each: a letter for how the file had it, the habit, how often others' changes had come,
 * and the operation that makes it of the one before, or of nothing. */
#include "past.h"

#include "diff.h"
#include "file.h"
#include "outbox_file.h"
#include "private_file.h"

#include <string.h>
#include <unistd.h>

enum {
    REMEMBERED_BYTES = 1024 * 1024,                    /* of texts besides the last three */
    BYTES_MAX = REMEMBERED_BYTES + 4 * NOTE_BYTES_MAX, /* escapes make a text longer */
};

static const char letters[] = {[HAD_OURS] = 'r', [HAD_READ] = 'r', [HAD_SAVED] = 's'};

static void write_text(const struct had_text *t, const struct op *back, struct buf *all)
{
    buf_fmt(all, "%c %d %lld ", letters[t->how], (int)t->habit, (long long)t->ours);
    op_print(back, all);
    buf_add_c(all, '\n');
}

static void write_after(const struct had_text *t, struct str text, struct str newer,
                        struct buf *all)
{
    struct op back = {0};
    diff_op(newer, text, &back);
    write_text(t, &back, all);
    op_finish(&back);
}

static void write_older(const struct past *p, struct buf *all)
{
    size_t n = all->n;
    for (size_t i = p->texts.n - 1; i-- > 0 && all->n - n < REMEMBERED_BYTES;)
        write_text(&p->texts.v[i], &p->texts.v[i].back, all);
}

/* The text that is about to be, the last one that was remembered, and those that the file had.
 * Neighbours may be one text. */
static void write_texts(const struct past *p, struct str text, const struct had_text *t,
                        struct buf *all)
{
    struct str newer = text;
    struct had_text before = {.how = HAD_READ, .ours = p->ours};
    write_after(t, text, (struct str){0}, all);
    if (p->remembered.n && !(p->texts.n && str_eq(buf_str(&p->newest), text))) {
        newer = buf_str(&p->remembered);
        write_after(&before, newer, text, all);
    }
    if (!p->texts.n)
        return;
    write_after(past_newest(p), buf_str(&p->newest), newer, all);
    write_older(p, all);
}

static bool write_down(struct past *p, const char *state, struct str text, struct had_text t,
                       struct err *e)
{
    struct buf all = {0};
    if (!p->path)
        return true;
    buf_fmt(&all, "%s %.*s\n%.*s\n", state, STR_ARG(buf_str(&p->outbox)),
            STR_ARG(buf_str(&p->subject)));
    t.ours = p->ours + (t.habit == HABIT_UNKNOWN && t.how != HAD_SAVED);
    write_texts(p, text, &t, &all);
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

/* A text that is made of r, which it becomes. */
static bool read_text(struct str line, struct rope *r, struct had_text *t)
{
    int64_t habit;
    *t = (struct had_text){.how = str_is(str_cut(&line, ' '), "s") ? HAD_SAVED : HAD_READ};
    bool ok = str_int(str_cut(&line, ' '), 0, HABIT_NEW_READ, &habit) &&
              str_int(str_cut(&line, ' '), 0, INT64_MAX, &t->ours) &&
              op_parse(&t->back, line, BYTES_MAX, NULL) &&
              op_check(&t->back, rope_chars(r), NULL);
    if (ok) {
        t->habit = (enum habit)habit;
        op_apply(&t->back, r);
    } else {
        op_finish(&t->back);
    }
    return ok;
}

/* Two neighbours that are one text. */
static void merge(struct had_text *newer, struct had_text *t)
{
    newer->how = MAX(newer->how, t->how);
    newer->habit = t->how == HAD_SAVED ? t->habit : newer->habit;
    newer->ours = t->ours;
    op_finish(&t->back);
}

static void turn_round(struct past *p)
{
    for (size_t i = 0, k = p->texts.n; i + 1 < k--; i++) {
        struct had_text t = p->texts.v[i];
        p->texts.v[i] = p->texts.v[k];
        p->texts.v[k] = t;
    }
}

static void read_texts(struct past *p, struct str rest)
{
    struct had_text t;
    struct rope *r = rope_new();
    while (rest.n && read_text(str_cut(&rest, '\n'), r, &t)) {
        if (p->texts.n && op_is_empty(&t.back)) {
            merge(&p->texts.v[p->texts.n - 1], &t);
            continue;
        }
        if (!p->texts.n) {
            rope_read(r, 0, rope_chars(r), &p->newest);
            op_clear(&t.back);
        }
        p->bytes += t.back.text.n;
        p->ours = MAX(p->ours, t.ours);
        vec_push(&p->texts, t);
    }
    rope_free(r);
    turn_round(p);
}

bool past_recall(struct past *p, struct err *e)
{
    struct buf all = {0};
    if (!p->path || access(p->path, F_OK) != 0)
        return true;
    if (!private_file_read(p->path, BYTES_MAX, &all, e)) {
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
