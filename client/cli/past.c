#include "past.h"

#include "diff.h"
#include "file.h"
#include "private_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TEXTS_KEPT = 64,
    TEXTS_BYTES = 32 * 1024 * 1024,
    REMEMBERED_BYTES = 1024 * 1024, /* of texts besides the last two */
    GLANCE_MS = 300,                /* editors read a file to back it up, and save at once */
};

struct lines {
    struct str *v;
    size_t n, cap;
};

static void forget_text(struct past *p, size_t i)
{
    free((char *)(uintptr_t)p->texts.v[i].text.p);
    vec_remove(&p->texts, i);
}

static void forget_all(struct past *p)
{
    while (p->texts.n)
        forget_text(p, p->texts.n - 1);
    p->read_at = 0;
    buf_clear(&p->remembered);
}

void past_finish(struct past *p)
{
    forget_all(p);
    vec_finish(&p->texts);
    buf_finish(&p->overruled);
    buf_finish(&p->remembered);
    buf_finish(&p->subject);
}

void past_keep(struct past *p, struct str text, enum had how)
{
    size_t bytes = text.n;
    struct had_text *last = p->texts.n ? &p->texts.v[p->texts.n - 1] : NULL;
    if (last && str_eq(last->text, text)) {
        last->how = MAX(last->how, how);
        return;
    }
    p->read_at = 0;
    if (last && last->how == HAD_OURS)
        forget_text(p, p->texts.n - 1);
    vec_each (t, &p->texts)
        bytes += t->text.n;
    while (p->texts.n && (p->texts.n >= TEXTS_KEPT || bytes > TEXTS_BYTES)) {
        bytes -= p->texts.v[0].text.n;
        forget_text(p, 0);
    }
    vec_push(&p->texts, (struct had_text){{str_dup(text), text.n}, how});
}

bool past_has(const struct past *p, struct str text)
{
    vec_each (t, &p->texts)
        if (str_eq(t->text, text))
            return true;
    return false;
}

void past_see_reader(struct past *p, int64_t now)
{
    if (!p->texts.n)
        return;
    if (!p->read_at)
        p->read_at = now;
    struct had_text *last = &p->texts.v[p->texts.n - 1];
    if (now - p->read_at > GLANCE_MS)
        last->how = MAX(last->how, HAD_READ);
}

/* ---- what was a save made of? ---- */

static size_t distance(struct str from, struct str to)
{
    struct op o = {0};
    diff_op(from, to, &o);
    size_t n = op_inserted(&o) + op_deleted(&o);
    op_finish(&o);
    return n;
}

static int by_text(const void *pa, const void *pb)
{
    return str_cmp(*(const struct str *)pa, *(const struct str *)pb);
}

static void split_sorted(struct str text, struct lines *out)
{
    while (text.n)
        vec_push(out, str_cut(&text, '\n'));
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_text);
}

/* How many lines only one of the two has. */
static size_t lines_apart(struct str a, struct str b)
{
    struct lines la = {0}, lb = {0};
    size_t i = 0, k = 0, apart = 0;
    split_sorted(a, &la);
    split_sorted(b, &lb);
    while (i < la.n && k < lb.n) {
        int order = str_cmp(la.v[i], lb.v[k]);
        i += order <= 0;
        k += order >= 0;
        apart += order != 0;
    }
    apart += la.n - i + lb.n - k;
    vec_finish(&la);
    vec_finish(&lb);
    return apart;
}

/* The newest one, back to what an editor saved last, that text may as well be made of. */
static size_t made_from_known(const struct past *p, struct str text)
{
    size_t best = p->texts.n - 1, least = SIZE_MAX;
    for (size_t i = p->texts.n; i-- > 0 && least;) {
        const struct had_text *t = &p->texts.v[i];
        size_t n = t->how != HAD_OURS ? distance(t->text, text) : SIZE_MAX;
        if (n < least) {
            least = n;
            best = i;
        }
        if (t->how == HAD_SAVED)
            break;
    }
    return best;
}

/* Who read the last text just before he saved either made the file of that, as a script does,
 * or only copied it aside, as editors do: then the lines that came with it are not in what he
 * saved. */
struct str past_made_from(struct past *p, struct str text)
{
    bug_on(!p->texts.n);
    const struct had_text *t = p->texts.v;
    size_t last = p->texts.n - 1, best = made_from_known(p, text);
    if (best < last && t[last].how == HAD_OURS && p->read_at &&
        lines_apart(t[last].text, text) <= lines_apart(t[best].text, text))
        best = last;
    /* Who saves the same once more means it. */
    if (best < last && str_eq(text, buf_str(&p->overruled)))
        best = last;
    buf_clear(&p->overruled);
    if (best < last)
        buf_add_str(&p->overruled, text);
    return t[best].text;
}

/* ---- on disk ----
 *
 * "put BYTES OUTBOX" or "done", the subject, and the texts, oldest first, each behind its
 * length in bytes. */

static const char letters[] = {[HAD_OURS] = 'o', [HAD_READ] = 'r', [HAD_SAVED] = 's'};

static void add_text(struct buf *all, struct str text, enum had how)
{
    buf_fmt(all, "%c%zu\n", letters[how], text.n);
    buf_add_str(all, text);
}

static bool write_down(struct past *p, struct str text, enum had how, struct buf *all,
                       struct err *e)
{
    size_t from = p->texts.n, bytes = 0;
    buf_fmt(all, "%.*s\n", STR_ARG(buf_str(&p->subject)));
    while (from && bytes + p->texts.v[from - 1].text.n <= REMEMBERED_BYTES)
        bytes += p->texts.v[--from].text.n;
    for (; from < p->texts.n; from++) {
        const struct had_text *t = &p->texts.v[from];
        if (t->how != HAD_OURS || from + 1 == p->texts.n) /* the file may have that still */
            add_text(all, t->text, MAX(t->how, HAD_READ));
    }
    add_text(all, buf_str(&p->remembered), HAD_READ);
    add_text(all, text, how);
    return private_file_write(p->path, buf_str(all), e);
}

bool past_remember(struct past *p, struct str text, enum had how, struct err *e)
{
    struct buf all = {0};
    if (!p->path)
        return true;
    buf_add_str(&all, STR("done\n"));
    bool ok = write_down(p, text, how, &all, e);
    buf_finish(&all);
    buf_clear(&p->remembered);
    buf_add_str(&p->remembered, text);
    return ok;
}

bool past_remember_put(struct past *p, struct str text, const char *outbox, size_t bytes,
                       struct err *e)
{
    struct buf all = {0};
    if (!p->path)
        return true;
    buf_fmt(&all, "put %zu %s\n", bytes, outbox);
    bool ok = write_down(p, text, HAD_SAVED, &all, e);
    buf_finish(&all);
    return ok;
}

/* "put BYTES OUTBOX": was anything appended there? Where the outbox is gone we cannot know;
 * text that stands there twice is better than none. */
static bool was_put(struct str word)
{
    struct stat st;
    int64_t bytes;
    if (!str_starts(word, "put "))
        return true;
    str_cut(&word, ' ');
    if (!str_int(str_cut(&word, ' '), 0, INT64_MAX, &bytes))
        return false;
    char *path = str_dup(word);
    bool put = stat(path, &st) == 0 && st.st_size > bytes;
    free(path);
    return put;
}

static void read_texts(struct past *p, struct str rest)
{
    int64_t n;
    while (rest.n) {
        struct str length = str_cut(&rest, '\n');
        enum had how = str_starts(length, "s") ? HAD_SAVED : HAD_READ;
        if (!length.n ||
            !str_int((struct str){length.p + 1, length.n - 1}, 0, (int64_t)rest.n, &n))
            return;
        struct str text = {rest.p, (size_t)n};
        past_keep(p, text, how);
        rest = (struct str){rest.p + n, rest.n - (size_t)n};
    }
}

bool past_recall(struct past *p, struct err *e)
{
    struct buf all = {0};
    if (!p->path || access(p->path, F_OK) != 0)
        return true;
    if (!private_file_read(p->path, REMEMBERED_BYTES + 2 * NOTE_BYTES_MAX + 8192, &all, e)) {
        buf_finish(&all);
        return false;
    }
    struct str rest = buf_str(&all), first = str_cut(&rest, '\n');
    buf_add_str(&p->subject, str_cut(&rest, '\n'));
    read_texts(p, rest);
    if (p->texts.n && !was_put(first))
        forget_text(p, p->texts.n - 1);
    if (p->texts.n)
        buf_add_str(&p->remembered, p->texts.v[p->texts.n - 1].text);
    buf_finish(&all);
    return true;
}

void past_begin(struct past *p, struct str subject)
{
    if (!str_eq(subject, buf_str(&p->subject)))
        forget_all(p);
    buf_clear(&p->subject);
    buf_add_str(&p->subject, subject);
}
