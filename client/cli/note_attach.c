/* moot note attach: keeps a file and a note the same while both change.
 *
 * What both had last is the base. A file that was saved is compared with it, and the difference
 * is an edit of the note; what others do to the note is written to the file. So each side gets
 * what the other one did and nothing else.
 *
 * An editor may have loaded the file long ago, and write over what came since. So a saved
 * file is held against the last texts that the file had, and the one that it differs least from
 * is what it was made of: what others did since is then merged, not taken back. */
#include "note.h"

#include "attached.h"
#include "diff.h"
#include "file.h"
#include "paths.h"
#include "private_file.h"
#include "url.h"
#include "verbs.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    TEXTS_KEPT = 16,
    TEXTS_BYTES = 32 * 1024 * 1024,
    WRITE_EVERY_MS = 200, /* so that an editor is not told of each letter */
    GONE_AFTER_MS = 3000, /* editors that rename are back sooner */
};

struct attach {
    struct cli *c;
    struct note_at at;
    struct doc *doc;
    struct attached file;
    VEC(struct str) texts; /* that the file had, oldest first; owned */
    struct buf overruled;  /* a file that was taken for a stale one */
    struct str state;      /* path of what is remembered; empty: nothing can be */
    struct buf remembered; /* as it is there */
    int events, signals;
    int64_t write_at, gone_at;
    uint64_t changes; /* of the doc, when it was last compared with the file */
    bool dirty, ended, bad_file;
};

/* ---- what the file had ---- */

static void keep_text(struct attach *a, struct str text)
{
    size_t bytes = text.n;
    if (a->texts.n && str_eq(a->texts.v[a->texts.n - 1], text))
        return;
    vec_each (t, &a->texts)
        bytes += t->n;
    while (a->texts.n && (a->texts.n >= TEXTS_KEPT || bytes > TEXTS_BYTES)) {
        bytes -= a->texts.v[0].n;
        free((char *)(uintptr_t)a->texts.v[0].p);
        vec_remove(&a->texts, 0);
    }
    vec_push(&a->texts, (struct str){str_dup(text), text.n});
}

static size_t distance(struct str from, struct str to)
{
    struct op o = {0};
    diff_op(from, to, &o);
    size_t n = op_inserted(&o) + op_deleted(&o);
    op_finish(&o);
    return n;
}

/* The text that a file was made of: the newest one it may as well be. */
static struct str made_from(struct attach *a, struct str text)
{
    bug_on(!a->texts.n);
    size_t best = a->texts.n - 1, least = SIZE_MAX;
    for (size_t i = a->texts.n; i-- > 0 && least;) {
        size_t n = distance(a->texts.v[i], text);
        if (n < least) {
            least = n;
            best = i;
        }
    }
    /* Who saves the same once more means it. */
    if (best + 1 < a->texts.n && str_eq(text, buf_str(&a->overruled)))
        best = a->texts.n - 1;
    buf_clear(&a->overruled);
    if (best + 1 < a->texts.n)
        buf_add_str(&a->overruled, text);
    return a->texts.v[best];
}

/* ---- merging ---- */

/* What of ours is in theirs already: the same insertion at the same place of the base, as after
 * a crash that hid its answer from us. */
static void leave_out_same(const struct op *ours, const struct op *theirs, struct op *out)
{
    struct op_at a = {0}, b = {0};
    struct op_part p, q = {0};
    size_t pos = 0, there = 0;
    bool more = op_next(theirs, &b, &q);
    while (op_next(ours, &a, &p)) {
        for (; more && there < pos; more = op_next(theirs, &b, &q))
            there += q.kind == OP_INSERT ? 0 : q.chars;
        bool same = p.kind == OP_INSERT && more && there == pos && q.kind == OP_INSERT &&
                    str_eq(p.text, q.text);
        if (p.kind == OP_INSERT && !same)
            op_insert(out, p.text);
        else if (p.kind == OP_SKIP)
            op_skip(out, p.chars);
        else if (p.kind == OP_DELETE)
            op_delete(out, p.chars);
        pos += p.kind == OP_INSERT ? 0 : p.chars;
    }
}

/* The file became `to`, made of `base`: the note gets that. */
static bool put(struct attach *a, struct str base, struct str to, struct err *e)
{
    struct op all = {0}, ours = {0}, theirs = {0}, moved = {0};
    struct buf now = {0};
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    diff_op(base, to, &all);
    diff_op(base, buf_str(&now), &theirs);
    leave_out_same(&all, &theirs, &ours);
    op_transform(&ours, &theirs, OP_LEFT, &moved);
    bool ok = op_is_empty(&moved) || conversation_edit(a->c->talk, a->doc, &moved, false, e);
    op_finish(&all);
    op_finish(&ours);
    op_finish(&theirs);
    op_finish(&moved);
    buf_finish(&now);
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
        !put(a, buf_str(&a->file.replaced), buf_str(&late), e)) {
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
    bool ok = put(a, base, text, e);
    if (ok)
        keep_text(a, text);
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
        ok = attached_write(&a->file, buf_str(&now), &raced, e);
        a->dirty |= ok && raced;
        if (ok && !raced)
            keep_text(a, buf_str(&now));
        a->write_at = conversation_now(a->c->talk) + WRITE_EVERY_MS;
    }
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

/* Both have the same, and the server has it on disk: the base for the next time. */
static void remember(struct attach *a)
{
    struct str text = buf_str(&a->file.text);
    if (!a->state.n || !doc_is_saved(a->doc) || a->changes != a->doc->changes || a->dirty ||
        !a->file.is_there || str_eq(text, buf_str(&a->remembered)))
        return;
    if (!rope_is(a->doc->text, text) || !private_file_write(a->state.p, text, NULL))
        return;
    buf_clear(&a->remembered);
    buf_add_str(&a->remembered, text);
}

/* ---- beginning ---- */

/* What the two had in common when they were last attached. */
static bool recall(struct attach *a, bool *known, struct err *e)
{
    *known = a->state.n && access(a->state.p, F_OK) == 0;
    return !*known || private_file_read(a->state.p, NOTE_BYTES_MAX, &a->remembered, e);
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
    bool known;
    if (o->theirs)
        return keep_original(a, e);
    if (!recall(a, &known, e))
        return false;
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    bool ok = true;
    if (o->mine)
        ok = put(a, buf_str(&now), file, e);
    else if (known)
        ok = put(a, buf_str(&a->remembered), file, e);
    else if (!now.n)
        ok = put(a, (struct str){0}, file, e);
    else if (file.n)
        ok = refuse_two(a, e);
    buf_finish(&now);
    return ok;
}

static bool begin(struct attach *a, struct err *e)
{
    bool changed;
    if (a->c->options.mine && a->c->options.theirs)
        return fail(e, ERR_USAGE, "--mine and --theirs name two sides");
    if (!attached_open(&a->file, a->c->words[2].p, e) || !attached_read(&a->file, &changed, e))
        return false;
    a->state = state_path(a);
    bool same = rope_is(a->doc->text, buf_str(&a->file.text));
    if (a->file.is_there && !same && !begin_with_two(a, e))
        return false;
    keep_text(a, buf_str(&a->file.text));
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
    if (a->dirty && !take_file(a, e))
        return false;
    int64_t now = conversation_now(a->c->talk);
    if (a->gone_at && now >= a->gone_at)
        return fail(e, ERR_NOT_FOUND, "%s is gone; the note keeps its text", a->file.path);
    bool may_write = a->file.is_there && !a->dirty && !a->bad_file && now >= a->write_at;
    if (may_write && a->changes != a->doc->changes && !give_file(a, e))
        return false;
    remember(a);
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
    if (!take_file(a, e) || !conversation_save(a->c->talk, a->doc, e) || !give_file(a, e))
        return false;
    remember(a);
    return true;
}

bool note_attach_run(struct cli *c, struct err *e)
{
    struct attach a = {.c = c, .events = -1, .signals = -1, .file.watch = -1};
    bool ok = note_find(c, &a.at, e) &&
              (a.doc = conversation_text(c->talk, a.at.room, a.at.number, e)) && begin(&a, e) &&
              run(&a, e);
    attached_close(&a.file);
    if (a.signals >= 0)
        close(a.signals);
    if (a.events >= 0)
        close(a.events);
    vec_each (t, &a.texts)
        free((char *)(uintptr_t)t->p);
    vec_finish(&a.texts);
    buf_finish(&a.overruled);
    buf_finish(&a.remembered);
    return ok;
}
