#include "run.h"
#include "wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The test's ends. */
struct ends {
    int in, out, err; /* -1 when closed */
};

static void child(const char *const argv[], char *const env[], int in, int out, int err)
{
    setsid();
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    execve(argv[0], (char *const *)argv, env);
    dprintf(2, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static void read_some(int *fd, char **text, size_t *n)
{
    char bytes[16384];
    ssize_t got = read(*fd, bytes, sizeof(bytes));
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        close(*fd);
        *fd = -1;
        return;
    }
    *text = realloc(*text, *n + (size_t)got + 1);
    if (!*text)
        abort();
    memcpy(*text + *n, bytes, (size_t)got);
    *n += (size_t)got;
    (*text)[*n] = '\0';
}

static void write_some(int *fd, const char **text)
{
    size_t n = strlen(*text);
    ssize_t done = n ? send(*fd, *text, n, MSG_NOSIGNAL) : 0;
    if (done < 0 && errno == EAGAIN)
        return;
    *text += done > 0 ? done : 0;
    if (done < 0 || **text == '\0') {
        close(*fd);
        *fd = -1;
    }
}

/* Feeds and reads until the program has closed both of its outputs. False at the deadline. */
static bool converse(struct run *r, struct ends *e, const char *stdin_text, int64_t ms)
{
    int64_t end = clock_ms() + ms;
    while (e->out >= 0 || e->err >= 0) {
        int64_t left = end - clock_ms();
        struct pollfd fds[3] = {{.fd = e->out, .events = POLLIN},
                                {.fd = e->err, .events = POLLIN},
                                {.fd = e->in, .events = POLLOUT}};
        if (left <= 0)
            return false;
        if (poll(fds, 3, (int)left) <= 0)
            continue;
        if (fds[0].revents)
            read_some(&e->out, &r->out, &r->out_n);
        if (fds[1].revents)
            read_some(&e->err, &r->err, &r->err_n);
        if (fds[2].revents)
            write_some(&e->in, &stdin_text);
    }
    return true;
}

static bool reaped(void *arg)
{
    int *pid_status = arg;
    return waitpid(pid_status[0], &pid_status[1], WNOHANG) == pid_status[0];
}

static int exit_status(pid_t pid, bool in_time)
{
    int pid_status[2] = {pid, 0};
    if (!in_time || !wait_for(reaped, pid_status, SOON)) {
        kill(-pid, SIGKILL);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        return -1;
    }
    int status = pid_status[1];
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void close_all(const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
}

bool run_program(struct run *r, const char *const argv[], char *const env[],
                 const char *stdin_text, int64_t ms)
{
    int in[2] = {-1, -1}, out[2], err[2];
    *r = (struct run){.out = calloc(1, 1), .err = calloc(1, 1), .status = -1};
    if (pipe2(out, O_CLOEXEC) < 0)
        return false;
    if (pipe2(err, O_CLOEXEC) < 0) {
        close_all(out, 2);
        return false;
    }
    if (stdin_text)
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in);
    else
        in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    pid_t pid = fork();
    if (pid == 0)
        child(argv, env, in[0], out[1], err[1]);
    close_all((int[]){in[0], out[1], err[1]}, 3);
    struct ends e = {.in = in[1], .out = out[0], .err = err[0]};
    if (e.in >= 0)
        fcntl(e.in, F_SETFL, O_NONBLOCK);
    bool in_time = pid > 0 && converse(r, &e, stdin_text ? stdin_text : "", ms);
    close_all((int[]){e.in, e.out, e.err}, 3);
    if (pid > 0)
        r->status = exit_status(pid, in_time);
    return pid > 0;
}

void run_finish(struct run *r)
{
    free(r->out);
    free(r->err);
    *r = (struct run){0};
}
