/* moot note edit: a text in the person's own editor, merged with what others did meanwhile. */
#include "note.h"

#include "file.h"
#include "verbs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the editor ---- */

static const char *editor_command(void)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return "vi";
}

/* The variable may hold options, so a shell reads it, as git has it; the file is an argument of
 * its own. */
static pid_t start_editor(const char *path)
{
    struct buf line = {0};
    buf_fmt(&line, "%s \"$@\"", editor_command());
    const char *command = buf_cstr(&line);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", command, editor_command(), path, (char *)NULL);
        _exit(127);
    }
    buf_finish(&line);
    return pid;
}

/* Waits for the editor while the link lives on. False when it did not end well. */
static bool wait_editor(struct cli *c, pid_t pid, struct err *e)
{
    int status = 0, fd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct err lost = {0};
    bool on = fd >= 0;
    /* Whatever happens to the link, what is being written comes first. */
    while (on && waitpid(pid, &status, WNOHANG) == 0)
        on = conversation_turn(c->talk, INT64_MAX, fd, &lost);
    if (fd >= 0)
        close(fd);
    if (!on)
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFEXITED(status))
        return fail(e, ERR_INTERNAL,
                    "the editor '%s' ended with status %d: nothing was changed",
                    editor_command(), WEXITSTATUS(status));
    return fail(e, ERR_INTERNAL, "the editor '%s' was ended by signal %d: nothing was changed",
                editor_command(), WTERMSIG(status));
}

static bool run_editor(struct cli *c, const char *path, struct err *e)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
    conversation_hush(c->talk, true);
    pid_t pid = start_editor(path);
    /* ^C in the editor is the editor's. */
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    bool ok = pid > 0 ? wait_editor(c, pid, e)
                      : fail(e, ERR_IO, "cannot start the editor: %s", strerror(errno));
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    conversation_hush(c->talk, false);
    return ok;
}

/* ---- the file ---- */

struct draft {
    char dir[64];
    char path[128];
};

static bool draft_make(struct draft *d, const struct note_at *at, struct str text,
                       struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    int n =
        snprintf(d->dir, sizeof d->dir, "%s/moot-XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp");
    if (n >= (int)sizeof d->dir)
        snprintf(d->dir, sizeof d->dir, "/tmp/moot-XXXXXX");
    if (!mkdtemp(d->dir))
        return fail(e, ERR_IO, "%s: %s", d->dir, strerror(errno));
    snprintf(d->path, sizeof d->path, "%s/%lld.md", d->dir, (long long)at->number);
    mode_t mask = umask(077);
    bool ok = file_write(d->path, text, e);
    umask(mask);
    if (!ok)
        rmdir(d->dir);
    return ok;
}

static void draft_remove(const struct draft *d)
{
    unlink(d->path);
    rmdir(d->dir); /* an editor's own files keep it */
}

/* What the person wrote and the server does not have stays where it is. */
static void draft_end(const struct draft *d, struct str before, bool stored)
{
    struct buf now = {0};
    bool is_same = file_read(d->path, &now, NULL) && str_eq(buf_str(&now), before);
    buf_finish(&now);
    if (stored || is_same)
        draft_remove(d);
    else
        cli_say("what you wrote is in %s", d->path);
}

static bool edit(struct cli *c, const struct note_at *at, struct doc *d, struct err *e)
{
    struct draft draft;
    struct buf before = {0}, after = {0};
    rope_read(d->text, 0, rope_chars(d->text), &before);
    bool ok = draft_make(&draft, at, buf_str(&before), e);
    if (ok) {
        ok = run_editor(c, draft.path, e) && file_read(draft.path, &after, e) &&
             note_put(c, d, buf_str(&before), buf_str(&after), e);
        draft_end(&draft, buf_str(&before), ok);
    }
    if (ok && !c->out.json && str_eq(buf_str(&before), buf_str(&after)))
        cli_say("nothing was changed");
    buf_finish(&before);
    buf_finish(&after);
    return ok;
}

bool note_edit_run(struct cli *c, struct err *e)
{
    struct note_at at;
    if (!isatty(STDIN_FILENO) && !getenv("VISUAL") && !getenv("EDITOR"))
        return fail(e, ERR_USAGE,
                    "there is no terminal for an editor; moot note append takes text, and moot "
                    "note attach a file");
    c->has_read = true; /* what the editor leaves */
    if (!note_find(c, &at, e))
        return false;
    struct doc *d = conversation_text(c->talk, at.room, at.number, e);
    return d && edit(c, &at, d, e);
}
