/* A program under a pseudo-terminal, as a person's shell would start it.
 *
 * Between the test and the program stands a small shell: it leads the session, makes the
 * program a job in the foreground, and tells when the job stops or ends. Without it the
 * program's group would be an orphan, and an orphan cannot be suspended. */
#ifndef MOOT_TEST_PTY_H
#define MOOT_TEST_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pty {
    int fd;    /* the terminal's side; -1 when closed; does not block */
    pid_t pid; /* the program */
    pid_t shell;
    int reports;  /* from the shell */
    bool stopped; /* by a signal, and not continued since */
    bool ended;
    int status; /* as from waitpid(), once ended */
};

/* Starts argv[0] with this environment on a terminal of that size. False when that cannot be
 * done; says why on stderr. */
bool pty_start(struct pty *p, const char *const argv[], char *const env[], int rows, int cols);
/* What a keyboard sends. Blocks at most a second while the program reads nothing. */
bool pty_send(struct pty *p, const char *keys);
bool pty_send_bytes(struct pty *p, const void *bytes, size_t n);
void pty_resize(struct pty *p, int rows, int cols);
/* Signals the program. */
void pty_signal(struct pty *p, int sig);
/* Brings a stopped program back into the foreground, as `fg` does. */
void pty_foreground(struct pty *p);
/* Hangs up: the link to the terminal is cut. */
void pty_hang_up(struct pty *p);
/* Takes in what the shell reported; call before looking at stopped, ended and status. */
void pty_update(struct pty *p);
/* The terminal's settings are those of a shell at its prompt: echo, whole lines, signals. */
bool pty_is_cooked(const struct pty *p);
/* Kills what is left and closes. Fine on a zeroed or finished one. */
void pty_finish(struct pty *p);

#endif
