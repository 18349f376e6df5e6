/* moot note attach: keeps a file and a note the same while both change.
 *
 * What both had last is the base. A file that was saved is compared with it, and the difference
 * is an edit of the note; what others do to the note is written to the file. So each side gets
 * what the other one did and nothing else.
 *
 * An editor may have loaded the file long ago, and write over what came since. So the texts
 * that somebody read from the file, or saved to it, are kept (past.h), and a saved file was
 * made of one of them (made_from.h): what others did since is then merged, not taken back. */
#include "note.h"

#include "attached.h"
#include "file.h"
#include "made_from.h"
#include "merge.h"
#include "paths.h"
#include "url.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    FIRST_TRIES = 100,    /* to read the file, */
    FIRST_PAUSE_MS = 50,  /* so far apart */
    OUTBOX_PAUSE_MS = 20, /* until the outbox of another process is looked at again */
    BUSY_MS = 10,         /* until a file that is being written is looked at again, */
    BUSY_LONG_MS = 200,   /* also when it takes */
    LONG_MS = 1000,       /* so long */
    BUSY_SAY_MS = 5000,   /* before we say what we wait for */
    WRITE_EVERY_MS = 200, /* so that an editor is not told of each letter */
    HOLD_MS = 300,        /* and not while it makes its backup, to save at once, */
    HOLD_MOST_MS = 1500,  /* but others may read it all the time */
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
    int64_t held_since, busy_since; /* 0: not */
    uint64_t changes;               /* of the doc, when it was last compared with the file */
    struct buf outbox;              /* of the last time */
    bool dirty, ended, bad_file, said_busy;
};

/* ---- merging ---- */

/* The file became `to`: the note gets what is new in that. First it stands on disk that it is
 * about to; then it goes into the outbox; then that it did. */
static bool send(struct attach *a, struct str to, enum habit habit, const struct op *o,
                 struct err *e)
{
    return outbox_mark(a->c->kept, e) && past_remember_put(&a->past, to, habit, e) &&
           conversation_edit(a->c->talk, a->doc, o, false, e) &&
           past_remember(&a->past, to, HAD_SAVED, habit, e);
}

/* The file became `to`, made of `base`: the note gets that. */
static bool put(struct attach *a, struct str base, struct str to, enum habit habit,
                struct err *e)
{
    struct op o = {0};
    struct buf now = {0};
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    merge(base, buf_str(&now), to, &o);
    bool ok = op_is_empty(&o) ? past_remember(&a->past, to, HAD_SAVED, habit, e)
                              : send(a, to, habit, &o, e);
    op_finish(&o);
    buf_finish(&now);
    return ok;
}

/* A program that appends to the file and looks at nothing has no text; nor has one that we find
 * still there after a kill been saved by anybody. */
static enum had how_saved(const struct past *p, struct str base, struct str text,
                          enum habit habit)
{
    struct str newest = buf_str(&p->newest);
    if (p->in_doubt && str_eq(base, text))
        return HAD_READ;
    if (habit != HABIT_IN_PLACE || !str_eq(base, newest) || text.n < newest.n ||
        (newest.n && memcmp(text.p, newest.p, newest.n) != 0))
        return HAD_SAVED;
    return past_newest(p)->how == HAD_OURS && !p->read_at ? HAD_OURS : HAD_READ;
}

/* What somebody saved. */
static bool put_saved(struct attach *a, struct str to, enum habit habit, struct err *e)
{
    struct buf base = {0};
    made_from(&a->past, to, habit, &base);
    enum had how = how_saved(&a->past, buf_str(&base), to, habit);
    bool ok = put(a, buf_str(&base), to, habit, e);
    if (ok)
        past_keep(&a->past, to, how, habit);
    buf_finish(&base);
    return ok;
}

/* ---- what is remembered for the next time ---- */

/* One file for each that was ever attached; NULL where there is no place for it. */
static const char *state_path(struct attach *a)
{
    struct buf slug = {0};
    url_slug(str_of(a->c->options.moot.server), &slug);
    struct str base = path_in(&a->c->arena, PATH_STATE, "moot");
    struct str path = {0};
    if (base.n)
        path = str_fmt(&a->c->arena, "%.*s/%s/attached/%016llx", STR_ARG(base), buf_cstr(&slug),
                       (unsigned long long)attached_hash(a->file.path));
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

/* A text that was saved, but that the file does not have now, to where `replaced` was. */
static bool put_late(struct attach *a, struct str replaced, struct str late, struct err *e)
{
    struct had_text now = *past_newest(&a->past);
    struct buf text = {0}, base = {0};
    buf_add_str(&text, buf_str(&a->past.newest));
    if (made_by_appending(replaced, buf_str(&text), late))
        buf_add_str(&base, replaced);
    else
        made_from(&a->past, late, HABIT_UNKNOWN, &base);
    bool ok = put(a, buf_str(&base), late, HABIT_UNKNOWN, e) &&
              past_remember(&a->past, buf_str(&text), now.how, now.habit, e);
    if (ok) {
        past_keep(&a->past, late, HAD_SAVED, HABIT_UNKNOWN);
        past_keep(&a->past, buf_str(&text), now.how, now.habit);
    }
    buf_finish(&text);
    buf_finish(&base);
    return ok;
}

/* What stands aside is for the person to look at. */
static bool keep_aside(struct attach *a, const char *what, struct err *e)
{
    struct str path = str_fmt(&a->c->arena, "%s.late", a->file.path);
    if (rename(a->file.aside, path.p) != 0)
        return fail(e, ERR_IO, "%s: %s", path.p, strerror(errno));
    cli_say("%s: %s", path.p, what);
    return true;
}

/* What an editor wrote to the file that we had replaced meanwhile. */
static bool take_late(struct attach *a, struct err *e)
{
    struct buf late = {0};
    struct err why = {0};
    bool is_late = attached_late(&a->file, &late, &why);
    bool ok = !why.code || keep_aside(a, why.text, e);
    if (is_late) {
        ok = put_late(a, buf_str(&a->file.replaced), buf_str(&late), e);
        if (ok)
            attached_late_taken(&a->file);
    }
    buf_finish(&late);
    return ok;
}

/* The end of writing is told a moment before it is one, so it is no use to wait for that. */
static void await_writer(struct attach *a)
{
    int64_t now = conversation_now(a->c->talk);
    a->dirty = a->file.busy;
    a->said_busy = a->said_busy && a->file.busy;
    if (!a->file.busy || !a->busy_since)
        a->busy_since = a->file.busy ? now : 0;
    int64_t waited = now - a->busy_since;
    a->look_at = now + (waited < LONG_MS ? BUSY_MS : BUSY_LONG_MS);
    if (a->file.busy && waited > BUSY_SAY_MS && !a->said_busy) {
        a->said_busy = true;
        cli_say("%s: a program has it open for writing; it is looked at when it is closed",
                a->file.path);
    }
}

static bool take_file(struct attach *a, struct err *e)
{
    bool changed = false;
    struct err why = {0};
    if (!take_late(a, e))
        return false;
    if (!a->file.busy && !attached_read(&a->file, &changed, &why)) {
        a->dirty = false;
        complain_once(a, &why);
        return true;
    }
    await_writer(a);
    if (a->file.busy)
        return true;
    a->bad_file = false;
    int64_t now = conversation_now(a->c->talk);
    a->gone_at = a->file.is_there ? 0 : now + GONE_AFTER_MS;
    if (!changed || !a->file.is_there)
        return true;
    if (a->file.before_was_read)
        past_see_reader(&a->past, now);
    a->changes = a->doc->changes - 1; /* compare anew */
    return put_saved(a, buf_str(&a->file.text), past_habit(&a->past, a->file.is_new, now), e);
}

static bool write_file(struct attach *a, struct str text, struct err *e)
{
    bool raced;
    if (!past_remember(&a->past, text, HAD_READ, HABIT_UNKNOWN, e) ||
        !attached_write(&a->file, text, &raced, e))
        return false;
    int64_t now = conversation_now(a->c->talk);
    a->dirty |= raced;
    a->write_at = now + WRITE_EVERY_MS;
    a->held_since = 0;
    if (raced)
        return true;
    if (a->file.before_was_read)
        past_see_reader(&a->past, now);
    past_keep(&a->past, text, HAD_OURS, HABIT_UNKNOWN);
    return true;
}

static bool give_file(struct attach *a, struct err *e)
{
    struct buf now = {0};
    if (!take_late(a, e))
        return false;
    a->dirty |= a->file.busy;
    if (a->file.busy)
        return true;
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    a->changes = a->doc->changes;
    bool ok = (a->file.is_there && str_eq(buf_str(&now), buf_str(&a->file.text))) ||
              write_file(a, buf_str(&now), e);
    buf_finish(&now);
    return ok;
}

/* ---- beginning ---- */

/* The file itself is claimed, from everybody; and what is remembered of it, from processes of
 * ours that claim elsewhere, as in a container. */
static bool hold(struct attach *a, struct err *e)
{
    if (!attached_claim(&a->file, e))
        return false;
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
    if (!o->mine && a->past.texts.n)
        return put_saved(a, file, HABIT_UNKNOWN, e);
    rope_read(a->doc->text, 0, rope_chars(a->doc->text), &now);
    bool ok = true;
    if (o->mine)
        ok = put(a, buf_str(&now), file, HABIT_UNKNOWN, e);
    else if (!now.n)
        ok = put(a, (struct str){0}, file, HABIT_UNKNOWN, e);
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
    if (!a->file.is_held)
        return false;
    file_clear(a->file.aside);
    if (a->past.path)
        file_clear(a->past.path);
    bool ok = past_recall(&a->past, e);
    buf_add_str(&a->outbox, buf_str(&a->past.outbox));
    return ok;
}

/* What was saved the last time is in the note before that is looked at: else it would look as
 * if somebody had taken it out. Another process may be sending it just now. */
static bool await_outbox(struct attach *a, struct err *e)
{
    const char *path = buf_cstr(&a->outbox);
    int64_t deadline = conversation_now(a->c->talk) + a->c->options.moot.timeout;
    enum outbox_state state;
    while ((state = outbox_look(path)) == OUTBOX_HELD &&
           conversation_now(a->c->talk) < deadline)
        if (!conversation_linger(a->c->talk, OUTBOX_PAUSE_MS, e))
            return false;
    return state == OUTBOX_GONE ||
           fail(e, ERR_UNREACHABLE,
                "what was saved to %s before is not sent yet, see moot outbox; try again",
                a->file.path);
}

/* What lies aside of a process that was killed is an old text, as a rule. But an editor may
 * have written there at its very end. */
static bool take_left_over(struct attach *a, struct err *e)
{
    struct str left = buf_str(&a->file.replaced);
    if (!left.n || past_has(&a->past, left) || str_eq(left, buf_str(&a->file.text)) ||
        rope_is(a->doc->text, left))
        return true;
    if (a->past.texts.n)
        return put_late(a, (struct str){0}, left, e);
    return keep_aside(a, "what was saved, perhaps, when a moot note attach was killed", e);
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

static bool begin(struct attach *a, struct err *e)
{
    struct str subject =
        str_fmt(&a->c->arena, "%.*s %lld", STR_ARG(a->at.room), (long long)a->at.number);
    past_begin(&a->past, subject, outbox_file_path(a->c->kept));
    if (!read_first(a, e) || !take_left_over(a, e))
        return false;
    bool same = rope_is(a->doc->text, buf_str(&a->file.text));
    if (a->file.is_there && !same && !begin_with_two(a, e))
        return false;
    /* One that is not there, but once was, is not empty: an editor may be about to rename. */
    if (!a->file.is_there && a->past.texts.n)
        return give_file(a, e);
    if (!past_remember(&a->past, buf_str(&a->file.text), HAD_READ, HABIT_UNKNOWN, e))
        return false;
    past_keep(&a->past, buf_str(&a->file.text), HAD_READ, HABIT_UNKNOWN);
    a->past.in_doubt = false;
    if (a->outbox.n)
        outbox_forget_mark(buf_cstr(&a->outbox));
    return give_file(a, e);
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

/* Somebody reads the file. To save it, perhaps: our own is to come before that or behind it. */
static void see_reader(struct attach *a)
{
    int64_t now = conversation_now(a->c->talk);
    past_see_reader(&a->past, now);
    if (!a->held_since || a->changes == a->doc->changes)
        a->held_since = now;
    if (now - a->held_since < HOLD_MOST_MS)
        a->write_at = MAX(a->write_at, now + HOLD_MS);
}

static bool turn(struct attach *a, struct err *e)
{
    if (a->doc->state == DOC_REFUSED)
        return fail(e, a->doc->why.code, "%s", a->doc->why.text);
    if (!conversation_turn(a->c->talk, next_time(a), a->events, e))
        return false;
    a->ended = was_told_to_end(a);
    a->dirty |= attached_heard(&a->file);
    if (attached_was_read(&a->file))
        see_reader(a);
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
    if (!a->c->out.json)
        cli_say("%s and %.*s are kept the same; ^C ends it", a->file.path, STR_ARG(a->at.name));
    while (!a->ended)
        if (!turn(a, e))
            return false;
    return take_file(a, e) && conversation_save(a->c->talk, a->doc, e) && give_file(a, e) &&
           past_remember_end(&a->past, e);
}

bool note_attach_run(struct cli *c, struct err *e)
{
    struct attach a = {
        .c = c, .lock = -1, .events = -1, .signals = -1, .file = {.watch = -1, .claim = -1}};
    c->has_read = true;
    bool ok = prepare(&a, e) && cli_keep(c, e) && note_find(c, &a.at, e) &&
              await_outbox(&a, e) &&
              (a.doc = conversation_text(c->talk, a.at.room, a.at.number, e)) &&
              listen(&a, e) && begin(&a, e) && run(&a, e);
    attached_close(&a.file);
    if (a.lock >= 0)
        close(a.lock);
    if (a.signals >= 0)
        close(a.signals);
    if (a.events >= 0)
        close(a.events);
    past_finish(&a.past);
    buf_finish(&a.outbox);
    return ok;
}
