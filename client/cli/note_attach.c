/* moot note attach: keeps a file and a note the same while both change.
 *
 * What both had last is the base. A file that was saved is compared with it, and the difference
 * is an edit of the note; what others do to the note is written to the file. So each side gets
 * what the other one did and nothing else.
 *
 * An editor may have loaded the file long ago, and write over what came since. So the texts
 * that somebody read from the file, or saved to it, are kept, and a saved file was made of the
 * one that it differs least from: what others did since is then merged, not taken back. A text
 * that nobody ever read is none of them, however like it is: people write similar lines. */
#include "note.h"

#include "attached.h"
#include "diff.h"
#include "file.h"
#include "paths.h"
#include "private_file.h"
#include "url.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    TEXTS_KEPT = 64,
    TEXTS_BYTES = 32 * 1024 * 1024,
    REMEMBERED_BYTES = 1024 * 1024, /* of texts besides the last two */
    FIRST_TRIES = 100,              /* to read the file, */
    FIRST_PAUSE_MS = 50,            /* so far apart */
    GLANCE_MS = 300,                /* editors read a file to back it up, and save at once */
    WRITE_EVERY_MS = 200,           /* so that an editor is not told of each letter */
    GONE_AFTER_MS = 3000,           /* editors that rename are back sooner */
};

struct lines {
    struct str *v;
    size_t n, cap;
};

struct had {
    struct str text; /* owned */
    bool known;      /* somebody read or saved it */
};

struct attach {
    struct cli *c;
    struct note_at at;
    struct doc *doc;
    struct attached file;
    VEC(struct had) texts; /* that the file had, oldest first; at most the last is not known */
    int64_t read_at;       /* when somebody was first seen to have read the last; 0: nobody */
    struct buf overruled;  /* a file that was taken for a stale one */
    struct str state;      /* path of what is remembered; empty: nothing can be */
    struct buf remembered; /* as it is there */
    int lock;              /* held while it goes on; -1: nothing to hold */
    int events, signals;
    int64_t write_at, gone_at;
    uint64_t changes; /* of the doc, when it was last compared with the file */
    bool dirty, ended, bad_file;
};

/* ---- what the file had ---- */

static void forget_text(struct attach *a, size_t i)
{
    free((char *)(uintptr_t)a->texts.v[i].text.p);
    vec_remove(&a->texts, i);
}

static void keep_text(struct attach *a, struct str text, bool known)
{
    size_t bytes = text.n;
    struct had *last = a->texts.n ? &a->texts.v[a->texts.n - 1] : NULL;
    if (last && str_eq(last->text, text)) {
        last->known |= known;
        return;
    }
    a->read_at = 0;
    if (last && !last->known)
        forget_text(a, a->texts.n - 1);
    vec_each (t, &a->texts)
        bytes += t->text.n;
    while (a->texts.n && (a->texts.n >= TEXTS_KEPT || bytes > TEXTS_BYTES)) {
        bytes -= a->texts.v[0].text.n;
        forget_text(a, 0);
    }
    vec_push(&a->texts, (struct had){{str_dup(text), text.n}, known});
}

/* Takes note of who read the file. */
static void see_readers(struct attach *a)
{
    int64_t now = conversation_now(a->c->talk);
    if (!a->texts.n || !a->file.was_read)
        return;
    if (!a->read_at)
        a->read_at = now;
    a->texts.v[a->texts.n - 1].known |= now - a->read_at > GLANCE_MS;
}

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

/* The newest one of those known that text may as well be made of; of none, the last. */
static size_t made_from_known(const struct attach *a, struct str text)
{
    size_t best = a->texts.n - 1, least = SIZE_MAX;
    for (size_t i = a->texts.n; i-- > 0 && least;) {
        size_t n = a->texts.v[i].known ? distance(a->texts.v[i].text, text) : SIZE_MAX;
        if (n < least) {
            least = n;
            best = i;
        }
    }
    return best;
}

/* The text that a file was made of. Who read the last one just before he saved either made it
 * of that, as a script does, or only copied it aside, as editors do: then the lines that came
 * with it are not in what he saved. */
static struct str made_from(struct attach *a, struct str text)
{
    bug_on(!a->texts.n);
    const struct had *t = a->texts.v;
    size_t last = a->texts.n - 1, best = made_from_known(a, text);
    if (best < last && !t[last].known && a->read_at &&
        lines_apart(t[last].text, text) <= lines_apart(t[best].text, text))
        best = last;
    /* Who saves the same once more means it. */
    if (best < last && str_eq(text, buf_str(&a->overruled)))
        best = last;
    buf_clear(&a->overruled);
    if (best < last)
        buf_add_str(&a->overruled, text);
    return t[best].text;
}

/* ---- merging ---- */

/* The file became `to`, made of `base`: the note gets that. */
static bool put(struct attach *a, struct str base, struct str to, struct err *e)
{
    struct op ours = {0}, theirs = {0}, moved = {0};
    struct buf now = {0};
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    diff_op(base, to, &ours);
    diff_op(base, buf_str(&now), &theirs);
    op_transform(&ours, &theirs, OP_LEFT, &moved);
    bool ok = op_is_empty(&moved) || conversation_edit(a->c->talk, a->doc, &moved, false, e);
    op_finish(&ours);
    op_finish(&theirs);
    op_finish(&moved);
    buf_finish(&now);
    return ok;
}

/* ---- what is remembered for the next time ---- */

static struct str state_path(struct attach *a)
{
    struct buf slug = {0}, key = {0};
    url_slug(str_of(a->c->options.moot.server), &slug);
    buf_fmt(&key, "%.*s %lld %s", STR_ARG(a->at.room), (long long)a->at.number, a->file.path);
    uint64_t hash = 1469598103934665603u; /* FNV-1a */
    for (size_t i = 0; i < key.n; i++)
        hash = (hash ^ (unsigned char)key.p[i]) * 1099511628211u;
    struct str base = path_in(&a->c->arena, PATH_STATE, "moot");
    struct str path = {0};
    if (base.n)
        path = str_fmt(&a->c->arena, "%.*s/%s/attached/%016llx", STR_ARG(base), buf_cstr(&slug),
                       (unsigned long long)hash);
    buf_finish(&slug);
    buf_finish(&key);
    return path;
}

static void add_text(struct buf *all, struct str text)
{
    buf_fmt(all, "%zu\n", text.n);
    buf_add_str(all, text);
}

/* The file has, or is about to get, a text all of whose changes the note has, or the outbox
 * keeps for it: what it is compared with the next time. The one before is kept too: we may be
 * ended before the file is written. So are the last that somebody knows, as they may be open
 * in an editor. */
static bool remember(struct attach *a, struct str text, struct err *e)
{
    struct buf all = {0};
    size_t from = a->texts.n, bytes = 0;
    if (!a->state.n || str_eq(text, buf_str(&a->remembered)))
        return true;
    while (from && bytes + a->texts.v[from - 1].text.n <= REMEMBERED_BYTES)
        bytes += a->texts.v[--from].text.n;
    for (; from < a->texts.n; from++)
        if (a->texts.v[from].known)
            add_text(&all, a->texts.v[from].text);
    add_text(&all, buf_str(&a->remembered));
    add_text(&all, text);
    bool ok = private_file_write(a->state.p, buf_str(&all), e);
    buf_finish(&all);
    buf_clear(&a->remembered);
    buf_add_str(&a->remembered, text);
    return ok;
}

/* ---- the file ---- */

static void complain_once(struct attach *a, const struct err *why)
{
    if (!a->bad_file)
        cli_say("%s; it is looked at again when it is saved", why->text);
    a->bad_file = true;
}

static bool take_file(struct attach *a, struct err *e)
{
    bool changed;
    struct err why = {0};
    struct buf late = {0};
    if (attached_late(&a->file, &late) &&
        !put(a, made_from(a, buf_str(&late)), buf_str(&late), e)) {
        buf_finish(&late);
        return false;
    }
    buf_finish(&late);
    a->dirty = false;
    if (!attached_read(&a->file, &changed, &why)) {
        complain_once(a, &why);
        return true;
    }
    a->bad_file = false;
    a->gone_at = a->file.is_there ? 0 : conversation_now(a->c->talk) + GONE_AFTER_MS;
    if (!changed || !a->file.is_there)
        return true;
    struct str text = buf_str(&a->file.text), base = made_from(a, text);
    bool ok = put(a, base, text, e) && remember(a, text, e);
    if (ok)
        keep_text(a, text, true);
    a->changes = a->doc->changes - 1; /* compare anew */
    return ok;
}

static bool give_file(struct attach *a, struct err *e)
{
    struct buf now = {0};
    bool raced;
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    a->changes = a->doc->changes;
    bool ok = true;
    if (!a->file.is_there || !str_eq(buf_str(&now), buf_str(&a->file.text))) {
        ok =
            remember(a, buf_str(&now), e) && attached_write(&a->file, buf_str(&now), &raced, e);
        a->dirty |= ok && raced;
        if (ok && !raced) {
            if (a->texts.n)
                a->texts.v[a->texts.n - 1].known |= a->file.before_was_read;
            keep_text(a, buf_str(&now), false);
        }
        a->write_at = conversation_now(a->c->talk) + WRITE_EVERY_MS;
    }
    buf_finish(&now);
    return ok;
}

/* ---- beginning ---- */

/* What the two had in common when they were last attached: texts of that file. */
static bool recall(struct attach *a, struct err *e)
{
    struct buf all = {0};
    int64_t n;
    if (!a->state.n || access(a->state.p, F_OK) != 0)
        return true;
    if (!private_file_read(a->state.p, REMEMBERED_BYTES + 2 * NOTE_BYTES_MAX + 2048, &all, e)) {
        buf_finish(&all);
        return false;
    }
    struct str rest = buf_str(&all);
    while (rest.n) {
        struct str first = str_cut(&rest, '\n');
        if (!str_int(first, 0, (int64_t)rest.n, &n))
            break;
        struct str text = {rest.p, (size_t)n};
        keep_text(a, text, true);
        buf_clear(&a->remembered);
        buf_add_str(&a->remembered, text);
        rest = (struct str){rest.p + n, rest.n - (size_t)n};
    }
    buf_finish(&all);
    return true;
}

/* Two that watch one file would each tell the note of every change. */
static bool hold(struct attach *a, struct err *e)
{
    if (!a->state.n)
        return true;
    struct str path = str_fmt(&a->c->arena, "%s.lock", a->state.p);
    if (!path_make_parent(path.p, e))
        return false;
    a->lock = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (a->lock < 0)
        return fail(e, ERR_IO, "%s: %s", path.p, strerror(errno));
    if (flock(a->lock, LOCK_EX | LOCK_NB) != 0)
        return fail(e, ERR_EXISTS, "%s is attached to this note already", a->file.path);
    return true;
}

static bool keep_original(struct attach *a, struct err *e)
{
    struct str path = str_fmt(&a->c->arena, "%s.orig", a->file.path);
    return !a->file.text.n || file_write(path.p, buf_str(&a->file.text), e);
}

static bool refuse_two(const struct attach *a, struct err *e)
{
    return fail(e, ERR_CONFLICT,
                "%s and the note differ, and it is not known what they had in common: --mine "
                "takes the file, --theirs the note (the file is kept as %s.orig)",
                a->file.path, a->file.path);
}

/* The file is there and differs from the note: who is right? */
static bool begin_with_two(struct attach *a, struct err *e)
{
    const struct cli_options *o = &a->c->options;
    struct str file = buf_str(&a->file.text);
    struct buf now = {0};
    if (o->theirs)
        return keep_original(a, e);
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    bool ok = true;
    if (o->mine)
        ok = put(a, buf_str(&now), file, e);
    else if (a->texts.n)
        ok = put(a, made_from(a, file), file, e);
    else if (!now.n)
        ok = put(a, (struct str){0}, file, e);
    else if (file.n)
        ok = refuse_two(a, e);
    buf_finish(&now);
    return ok;
}

/* The file as it is; whoever is writing it just now is waited for. */
static bool read_first(struct attach *a, struct err *e)
{
    bool changed;
    for (int i = 0; i < FIRST_TRIES; i++) {
        if (!attached_read(&a->file, &changed, e))
            return false;
        if (changed || access(a->file.path, F_OK) != 0)
            return true;
        poll(NULL, 0, FIRST_PAUSE_MS);
    }
    return fail(e, ERR_BUSY, "%s: somebody is writing it all the time", a->file.path);
}

static bool begin(struct attach *a, struct err *e)
{
    if (a->c->options.mine && a->c->options.theirs)
        return fail(e, ERR_USAGE, "--mine and --theirs name two sides");
    if (!attached_open(&a->file, a->c->words[2].p, e) || !read_first(a, e))
        return false;
    a->state = state_path(a);
    if (!hold(a, e))
        return false;
    bool same = rope_is(a->doc->text, buf_str(&a->file.text));
    if (!recall(a, e) || (a->file.is_there && !same && !begin_with_two(a, e)))
        return false;
    /* One that is not there, but once was, is not empty: an editor may be about to rename. */
    if (!a->file.is_there && a->texts.n)
        return give_file(a, e);
    if (!remember(a, buf_str(&a->file.text), e))
        return false;
    keep_text(a, buf_str(&a->file.text), true);
    return give_file(a, e);
}

static bool listen(struct attach *a, struct err *e)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGIO, SIG_IGN); /* an editor that waits for our lease; it is short */
    a->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    a->events = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ev = {.events = EPOLLIN};
    if (a->signals < 0 || a->events < 0 ||
        epoll_ctl(a->events, EPOLL_CTL_ADD, a->signals, &ev) != 0 ||
        epoll_ctl(a->events, EPOLL_CTL_ADD, a->file.watch, &ev) != 0)
        return fail(e, ERR_IO, "cannot watch %s: %s", a->file.path, strerror(errno));
    return true;
}

/* ---- going on ---- */

static bool was_told_to_end(const struct attach *a)
{
    struct signalfd_siginfo info;
    return read(a->signals, &info, sizeof info) == (ssize_t)sizeof info;
}

static int64_t next_time(const struct attach *a)
{
    int64_t until = a->gone_at ? a->gone_at : INT64_MAX;
    if (a->changes != a->doc->changes)
        until = MIN(until, a->write_at);
    return until;
}

static bool turn(struct attach *a, struct err *e)
{
    if (a->doc->state == DOC_REFUSED)
        return fail(e, a->doc->why.code, "%s", a->doc->why.text);
    if (!conversation_turn(a->c->talk, next_time(a), a->events, e))
        return false;
    a->ended = was_told_to_end(a);
    a->dirty |= attached_heard(&a->file);
    see_readers(a);
    if (a->dirty && !take_file(a, e))
        return false;
    int64_t now = conversation_now(a->c->talk);
    if (a->gone_at && now >= a->gone_at)
        return fail(e, ERR_NOT_FOUND, "%s is gone; the note keeps its text", a->file.path);
    bool may_write = a->file.is_there && !a->dirty && !a->bad_file && now >= a->write_at;
    if (may_write && a->changes != a->doc->changes && !give_file(a, e))
        return false;
    return true;
}

static bool run(struct attach *a, struct err *e)
{
    if (!listen(a, e))
        return false;
    if (!a->c->out.json)
        cli_say("%s and %.*s are kept the same; ^C ends it", a->file.path, STR_ARG(a->at.name));
    while (!a->ended)
        if (!turn(a, e))
            return false;
    return take_file(a, e) && conversation_save(a->c->talk, a->doc, e) && give_file(a, e);
}

bool note_attach_run(struct cli *c, struct err *e)
{
    struct attach a = {.c = c, .lock = -1, .events = -1, .signals = -1, .file.watch = -1};
    bool ok = cli_keep(c, e) && note_find(c, &a.at, e) &&
              (a.doc = conversation_text(c->talk, a.at.room, a.at.number, e)) && begin(&a, e) &&
              run(&a, e);
    attached_close(&a.file);
    if (a.lock >= 0)
        close(a.lock);
    if (a.signals >= 0)
        close(a.signals);
    if (a.events >= 0)
        close(a.events);
    vec_each (t, &a.texts)
        free((char *)(uintptr_t)t->text.p);
    vec_finish(&a.texts);
    buf_finish(&a.overruled);
    buf_finish(&a.remembered);
    return ok;
}
