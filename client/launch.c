#include "launch.h"

#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 32 };

static void unblock_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* It is nobody's child that waits: its parent ends at once. */
void launch(char *const argv[])
{
    pid_t pid = fork();
    if (pid > 0)
        waitpid(pid, NULL, 0);
    if (pid != 0 || fork() != 0) {
        if (pid == 0)
            _exit(0);
        return;
    }
    int null = open("/dev/null", O_RDWR);
    setsid();
    unblock_signals();
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    execvp(argv[0], argv);
    _exit(127);
}

void launch_words(const char *command, struct str argument)
{
    char *argv[WORDS_MAX + 2];
    size_t n = 0;
    struct arena a = {0};
    struct str rest = str_of(command);
    while (rest.n && n < WORDS_MAX) {
        struct str word = str_cut(&rest, ' ');
        if (word.n)
            argv[n++] = (char *)(uintptr_t)str_keep(&a, word).p;
    }
    argv[n] = (char *)(uintptr_t)str_keep(&a, argument).p;
    argv[n + 1] = NULL;
    if (n)
        launch(argv);
    arena_finish(&a);
}

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

static bool put_file(struct edit *d, struct str text, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    int n =
        snprintf(d->dir, sizeof d->dir, "%s/moot-XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp");
    if (n >= (int)sizeof d->dir)
        snprintf(d->dir, sizeof d->dir, "/tmp/moot-XXXXXX");
    if (!mkdtemp(d->dir))
        return fail(e, ERR_IO, "%s: %s", d->dir, strerror(errno));
    snprintf(d->path, sizeof d->path, "%s/message.md", d->dir);
    int fd = open(d->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n;
    if (!ok)
        fail(e, ERR_IO, "%s: %s", d->path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

static void drop_file(const struct edit *d)
{
    unlink(d->path);
    rmdir(d->dir); /* an editor's own files keep it */
}

/* The variable may hold options, so a shell reads it, as git has it; the file is an argument of
 * its own. */
static pid_t start(const char *path)
{
    struct buf line = {0};
    buf_fmt(&line, "%s \"$@\"", editor_command());
    const char *command = buf_cstr(&line);
    pid_t pid = fork();
    if (pid == 0) {
        unblock_signals();
        signal(SIGPIPE, SIG_DFL);
        execl("/bin/sh", "sh", "-c", command, editor_command(), path, (char *)NULL);
        _exit(127);
    }
    buf_finish(&line);
    return pid;
}

bool edit_start(struct edit *d, struct str text, struct err *e)
{
    *d = (struct edit){.fd = -1};
    if (!put_file(d, text, e)) {
        drop_file(d);
        return false;
    }
    d->pid = start(d->path);
    d->fd = d->pid > 0 ? (int)syscall(SYS_pidfd_open, d->pid, 0) : -1;
    if (d->fd >= 0)
        return true;
    fail(e, ERR_IO, "cannot start the editor: %s", strerror(errno));
    if (d->pid > 0) {
        kill(d->pid, SIGKILL);
        waitpid(d->pid, NULL, 0);
    }
    drop_file(d);
    *d = (struct edit){0};
    return false;
}

static bool read_file(const struct edit *d, size_t most, struct buf *out, struct err *e)
{
    size_t before = out->n;
    int fd = open(d->path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    while (fd >= 0 && out->n - before <= most) {
        char bytes[4096];
        n = read(fd, bytes, sizeof bytes);
        if (n <= 0)
            break;
        buf_add(out, bytes, (size_t)n);
    }
    if (fd >= 0)
        close(fd);
    struct str text = {out->p + before, out->n - before};
    if (fd < 0 || n < 0)
        return fail(e, ERR_IO, "%s: %s", d->path, strerror(errno));
    if (text.n && text.p[text.n - 1] == '\n')
        text.n = --out->n - before;
    if (text.n > most)
        return fail(e, ERR_TOO_LARGE, "that is too long, at most %zu bytes fit; it is in %s",
                    most, d->path);
    if (!utf8_is_valid(text) || str_has(text, '\0'))
        return fail(e, ERR_BAD_FIELD, "that is no text in UTF-8; it is in %s", d->path);
    return true;
}

bool edit_end(struct edit *d, size_t most, struct buf *out, struct err *e)
{
    int status = 0;
    while (waitpid(d->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(d->fd);
    bool ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!ok)
        fail(e, ERR_IO, "the editor '%.80s' failed; what you wrote is in %s", editor_command(),
             d->path);
    ok = ok && read_file(d, most, out, e);
    if (ok)
        drop_file(d);
    *d = (struct edit){0};
    return ok;
}
