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
#include "past.h"
#include "paths.h"
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
    FIRST_TRIES = 100,    /* to read the file, */
    FIRST_PAUSE_MS = 50,  /* so far apart */
    BUSY_MS = 10,         /* until a file that is being written is looked at again */
    WRITE_EVERY_MS = 200, /* so that an editor is not told of each letter */
    GONE_AFTER_MS = 3000, /* editors that rename are back sooner */
};

struct attach {
    struct cli *c;
    struct note_at at;
    struct doc *doc;
    struct attached file;
    struct past past;
    int lock; /* held while it goes on; -1: nothing to hold */
    int events, signals;
    int64_t write_at, gone_at, look_at;
    uint64_t changes; /* of the doc, when it was last compared with the file */
    bool dirty, ended, bad_file;
};

/* ---- merging ---- */

/* The file became `to`: the note gets what is new in that. First it stands on disk that it is
 * about to; then it goes into the outbox; then that it did. */
static bool send(struct attach *a, struct str to, const struct op *o, struct err *e)
{
    return past_remember_put(&a->past, to, outbox_file_path(a->c->kept),
                             outbox_file_bytes(a->c->kept), e) &&
           conversation_edit(a->c->talk, a->doc, o, false, e) &&
           past_remember(&a->past, to, HAD_SAVED, e);
}

/* The file became `to`, made of `base`: the note gets that. */
static bool put(struct attach *a, struct str base, struct str to, struct err *e)
{
    struct op ours = {0}, theirs = {0}, moved = {0};
    struct buf now = {0};
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    diff_op(base, to, &ours);
    diff_op(base, buf_str(&now), &theirs);
    op_transform(&ours, &theirs, OP_LEFT, &moved);
    bool ok = op_is_empty(&moved) ? past_remember(&a->past, to, HAD_SAVED, e)
                                  : send(a, to, &moved, e);
    if (ok)
        past_keep(&a->past, to, HAD_SAVED);
    op_finish(&ours);
    op_finish(&theirs);
    op_finish(&moved);
    buf_finish(&now);
    return ok;
}

/* ---- what is remembered for the next time ---- */

/* One file for each that was ever attached; NULL where there is no place for it. */
static const char *state_path(struct attach *a)
{
    struct buf slug = {0};
    url_slug(str_of(a->c->options.moot.server), &slug);
    uint64_t hash = 1469598103934665603u; /* FNV-1a */
    for (const char *p = a->file.path; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    struct str base = path_in(&a->c->arena, PATH_STATE, "moot");
    struct str path = {0};
    if (base.n)
        path = str_fmt(&a->c->arena, "%.*s/%s/attached/%016llx", STR_ARG(base), buf_cstr(&slug),
                       (unsigned long long)hash);
    buf_finish(&slug);
    return path.p;
}

/* ---- the file ---- */

static void complain_once(struct attach *a, const struct err *why)
{
    if (!a->bad_file)
        cli_say("%s; it is looked at again when it is saved", why->text);
    a->bad_file = true;
}

/* What an editor wrote to the file that we had replaced meanwhile. */
static bool take_late(struct attach *a, struct err *e)
{
    struct buf late = {0};
    bool ok = true;
    if (attached_late(&a->file, &late)) {
        struct str text = buf_str(&a->file.text);
        enum had how = a->past.texts.v[a->past.texts.n - 1].how;
        ok = put(a, past_made_from(&a->past, buf_str(&late)), buf_str(&late), e) &&
             past_remember(&a->past, text, how, e);
        past_keep(&a->past, text, how);
        attached_late_taken(&a->file);
    }
    buf_finish(&late);
    return ok;
}

static bool take_file(struct attach *a, struct err *e)
{
    bool changed;
    struct err why = {0};
    if (!take_late(a, e))
        return false;
    a->dirty = false;
    if (!attached_read(&a->file, &changed, &why)) {
        complain_once(a, &why);
        return true;
    }
    /* The end of writing is told a moment before it is one, so it is no use to wait for that.
     */
    a->dirty = a->file.busy;
    a->look_at = conversation_now(a->c->talk) + BUSY_MS;
    a->bad_file = false;
    a->gone_at = a->file.is_there ? 0 : conversation_now(a->c->talk) + GONE_AFTER_MS;
    if (!changed || !a->file.is_there)
        return true;
    struct str text = buf_str(&a->file.text);
    a->changes = a->doc->changes - 1; /* compare anew */
    return put(a, past_made_from(&a->past, text), text, e);
}

static bool give_file(struct attach *a, struct err *e)
{
    struct buf now = {0};
    bool raced;
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    a->changes = a->doc->changes;
    bool ok = true;
    if (!a->file.is_there || !str_eq(buf_str(&now), buf_str(&a->file.text))) {
        ok = past_remember(&a->past, buf_str(&now), HAD_READ, e) &&
             attached_write(&a->file, buf_str(&now), &raced, e);
        a->dirty |= ok && raced;
        if (ok && !raced) {
            if (a->past.texts.n && a->file.before_was_read)
                past_keep(&a->past, a->past.texts.v[a->past.texts.n - 1].text, HAD_READ);
            past_keep(&a->past, buf_str(&now), HAD_OURS);
        }
        a->write_at = conversation_now(a->c->talk) + WRITE_EVERY_MS;
    }
    buf_finish(&now);
    return ok;
}

/* ---- beginning ---- */

/* Two that watch one file would each tell the note of every change. */
static bool hold(struct attach *a, struct err *e)
{
    if (!a->past.path)
        return true;
    struct str path = str_fmt(&a->c->arena, "%s.lock", a->past.path);
    if (!path_make_parent(path.p, e))
        return false;
    a->lock = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (a->lock < 0)
        return fail(e, ERR_IO, "%s: %s", path.p, strerror(errno));
    if (flock(a->lock, LOCK_EX | LOCK_NB) != 0)
        return fail(e, ERR_EXISTS, "%s is attached to a note already", a->file.path);
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
    else if (a->past.texts.n)
        ok = put(a, past_made_from(&a->past, file), file, e);
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

/* Finds the file, and what is remembered of it, before anything is sent: past_recall(). */
static bool prepare(struct attach *a, struct err *e)
{
    if (a->c->options.mine && a->c->options.theirs)
        return fail(e, ERR_USAGE, "--mine and --theirs name two sides");
    if (!attached_open(&a->file, a->c->words[2].p, e))
        return false;
    a->past.path = state_path(a);
    a->file.is_held = hold(a, e);
    return a->file.is_held && past_recall(&a->past, e);
}

/* What lies aside of a process that was killed is an old text, as a rule. But an editor may
 * have written there at its very end: that is for the person to look at. */
static bool keep_left_over(struct attach *a, struct err *e)
{
    struct str left = buf_str(&a->file.replaced);
    if (!left.n || past_has(&a->past, left) || str_eq(left, buf_str(&a->file.text)) ||
        rope_is(a->doc->text, left))
        return true;
    struct str path = str_fmt(&a->c->arena, "%s.late", a->file.path);
    if (!file_write(path.p, left, e))
        return false;
    cli_say("%s: what was saved, perhaps, when the last moot note attach was killed", path.p);
    return true;
}

static bool begin(struct attach *a, struct err *e)
{
    past_begin(&a->past, str_fmt(&a->c->arena, "%.*s %lld", STR_ARG(a->at.room),
                                 (long long)a->at.number));
    if (!read_first(a, e) || !keep_left_over(a, e))
        return false;
    bool same = rope_is(a->doc->text, buf_str(&a->file.text));
    if (a->file.is_there && !same && !begin_with_two(a, e))
        return false;
    /* One that is not there, but once was, is not empty: an editor may be about to rename. */
    if (!a->file.is_there && a->past.texts.n)
        return give_file(a, e);
    if (!past_remember(&a->past, buf_str(&a->file.text), HAD_READ, e))
        return false;
    past_keep(&a->past, buf_str(&a->file.text), HAD_READ);
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
    if (a->dirty)
        until = MIN(until, a->look_at);
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
    if (a->file.was_read)
        past_see_reader(&a->past, conversation_now(a->c->talk));
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
    bool ok = prepare(&a, e) && cli_keep(c, e) && note_find(c, &a.at, e) &&
              (a.doc = conversation_text(c->talk, a.at.room, a.at.number, e)) && begin(&a, e) &&
              run(&a, e);
    attached_close(&a.file);
    if (a.lock >= 0)
        close(a.lock);
    if (a.signals >= 0)
        close(a.signals);
    if (a.events >= 0)
        close(a.events);
    past_finish(&a.past);
    return ok;
}
