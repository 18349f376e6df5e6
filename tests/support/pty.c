#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

/* What the shell tells: first the program's pid, then each change of its state. */
struct report {
    pid_t pid;
    int status; /* as from waitpid() */
};

static void shell_report(int fd, pid_t pid, int status)
{
    struct report r = {.pid = pid, .status = status};
    if (write(fd, &r, sizeof(r)) != (ssize_t)sizeof(r))
        _exit(126);
}

/* The signals that the shell waits for: nothing is done in handlers, so none can be missed. */
static void shell_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGCHLD);
    sigaddset(set, SIGUSR1); /* the test asks for `fg` */
    sigaddset(set, SIGHUP);  /* the terminal hung up: passed on, as shells do */
}

static void shell_collect(int reports, pid_t job)
{
    int status;
    while (waitpid(job, &status, WUNTRACED | WCONTINUED | WNOHANG) == job) {
        if (WIFSTOPPED(status))
            tcsetpgrp(0, getpgrp());
        shell_report(reports, job, status);
        if (WIFEXITED(status) || WIFSIGNALED(status))
            _exit(0);
    }
}

static void shell_watch(int reports, pid_t job)
{
    sigset_t set;
    shell_signals(&set);
    for (;;) {
        int sig = 0;
        sigwait(&set, &sig);
        if (sig == SIGUSR1)
            tcsetpgrp(0, job);
        if (sig == SIGHUP)
            kill(-job, SIGHUP);
        if (sig != SIGCHLD)
            kill(-job, SIGCONT);
        shell_collect(reports, job);
    }
}

static void job_run(const char *const argv[], char *const env[])
{
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0);
    tcsetpgrp(0, getpgrp());
    signal(SIGTTOU, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(argv[0], (char *const *)argv, env);
    dprintf(2, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static void shell_run(int reports, const char *const argv[], char *const env[])
{
    sigset_t set;
    shell_signals(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGTTOU, SIG_IGN); /* the shell takes the terminal back from the background */
    pid_t job = fork();
    if (job == 0)
        job_run(argv, env);
    if (job < 0)
        _exit(126);
    setpgid(job, job);
    shell_report(reports, job, 0);
    shell_watch(reports, job);
}

static bool read_report(int fd, struct report *r)
{
    return read(fd, r, sizeof(*r)) == (ssize_t)sizeof(*r);
}

/* A killed program ends when the kernel comes to it, and what it held (locks, sockets) only
 * then. */
static void wait_for_end(struct pty *p)
{
    struct pollfd told = {.fd = p->reports, .events = POLLIN};
    while (p->pid > 0 && !p->ended && poll(&told, 1, 10000) > 0) {
        if (told.revents & POLLIN)
            pty_update(p);
        else
            return; /* the shell has gone */
    }
}

/* forkpty(3), whose header has our name. */
static pid_t fork_on_terminal(int *fd, const struct winsize *size)
{
    char name[64];
    *fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*fd < 0 || grantpt(*fd) < 0 || unlockpt(*fd) < 0 ||
        ptsname_r(*fd, name, sizeof(name)) != 0)
        return -1;
    int terminal = open(name, O_RDWR | O_NOCTTY);
    if (terminal < 0 || ioctl(terminal, TIOCSWINSZ, size) < 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        close(*fd); /* or hanging up would not be noticed */
    if (pid == 0 && login_tty(terminal) < 0)
        _exit(126);
    if (pid != 0)
        close(terminal);
    return pid;
}

bool pty_start(struct pty *p, const char *const argv[], char *const env[], int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    struct report r;
    int pipes[2];
    *p = (struct pty){.fd = -1, .reports = -1};
    if (pipe2(pipes, O_CLOEXEC) < 0) {
        perror("pty: pipe");
        return false;
    }
    p->shell = fork_on_terminal(&p->fd, &size);
    if (p->shell == 0)
        shell_run(pipes[1], argv, env);
    close(pipes[1]);
    p->reports = pipes[0];
    if (p->shell < 0 || !read_report(p->reports, &r)) {
        perror("pty: fork");
        pty_finish(p);
        return false;
    }
    p->pid = r.pid;
    fcntl(p->fd, F_SETFL, fcntl(p->fd, F_GETFL) | O_NONBLOCK);
    fcntl(p->reports, F_SETFL, fcntl(p->reports, F_GETFL) | O_NONBLOCK);
    return true;
}

bool pty_send_bytes(struct pty *p, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0 && p->fd >= 0) {
        ssize_t done = write(p->fd, at, n);
        if (done > 0) {
            at += done;
            n -= (size_t)done;
            continue;
        }
        struct pollfd room = {.fd = p->fd, .events = POLLOUT};
        if (errno != EAGAIN || poll(&room, 1, 1000) <= 0)
            return false;
    }
    return n == 0;
}

bool pty_send(struct pty *p, const char *keys)
{
    return pty_send_bytes(p, keys, strlen(keys));
}

void pty_resize(struct pty *p, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    ioctl(p->fd, TIOCSWINSZ, &size);
}

void pty_signal(struct pty *p, int sig)
{
    pty_update(p);
    if (p->pid > 0 && !p->ended)
        kill(p->pid, sig);
}

void pty_foreground(struct pty *p)
{
    p->stopped = false;
    kill(p->shell, SIGUSR1);
}

void pty_hang_up(struct pty *p)
{
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

void pty_update(struct pty *p)
{
    struct report r;
    while (p->reports >= 0 && !p->ended && read_report(p->reports, &r)) {
        p->stopped = WIFSTOPPED(r.status);
        p->ended = WIFEXITED(r.status) || WIFSIGNALED(r.status);
        p->status = r.status;
    }
}

bool pty_is_cooked(const struct pty *p)
{
    struct termios t;
    tcflag_t wanted = ECHO | ICANON | ISIG | IEXTEN;
    return tcgetattr(p->fd, &t) == 0 && (t.c_lflag & wanted) == wanted && (t.c_iflag & ICRNL) &&
           (t.c_oflag & OPOST);
}

void pty_finish(struct pty *p)
{
    if (p->shell <= 0)
        return;
    pty_signal(p, SIGKILL);
    wait_for_end(p);
    kill(p->shell, SIGKILL);
    waitpid(p->shell, NULL, 0);
    pty_hang_up(p);
    if (p->reports >= 0)
        close(p->reports);
    *p = (struct pty){.fd = -1, .reports = -1};
}
