#include "term_guard.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A signal handler is given nothing, so what it needs has to stand somewhere: the only mutable
 * variable of file scope in the client. Written before the handlers are there, then only read.
 */
static struct guard {
    int fd;
    bool reset, links;
    struct termios modes;
    struct sigaction before[5];
} guard = {.fd = -1};

static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
#define FAULTS (sizeof faults / sizeof *faults)

/* Mouse, focus and paste reports off, colours off, caret shown, the other screen left; and once
 * more behind that, for terminals that keep modes for each screen. */
static const char off[] = "\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1004l\033[?2004l"
                          "\033[0m\033[?25h\033[?1049l"
                          "\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1004l\033[?2004l"
                          "\033[0m\033[?25h\r";

static const char no_link[] = "\033\\\033]8;;\033\\";

void term_guard_links(bool on)
{
    guard.links = on;
}

void term_guard_reset(int fd)
{
    if (guard.links && write(fd, no_link, sizeof no_link - 1) < 0)
        return; /* gone, as below */
    ssize_t n = write(fd, off, sizeof off - 1);
    (void)n; /* a terminal that is gone needs no putting right */
}

/* The handler that was there before, as a sanitizer's, gets its turn: a real fault happens
 * again when we return; a signal that somebody sent is sent once more. */
static void on_fault(int sig, siginfo_t *info, void *context)
{
    (void)context;
    if (guard.reset)
        term_guard_reset(guard.fd);
    tcsetattr(guard.fd, TCSANOW, &guard.modes);
    for (size_t i = 0; i < FAULTS; i++)
        sigaction(faults[i], &guard.before[i], NULL);
    if (info->si_code <= 0)
        raise(sig);
}

void term_guard_start(int fd, bool reset)
{
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_NODEFER | SA_SIGINFO};
    guard.fd = fd;
    guard.reset = reset;
    tcgetattr(fd, &guard.modes);
    sigemptyset(&sa.sa_mask);
    for (size_t i = 0; i < FAULTS; i++)
        sigaction(faults[i], &sa, &guard.before[i]);
}

void term_guard_stop(void)
{
    if (guard.fd < 0)
        return;
    for (size_t i = 0; i < FAULTS; i++)
        sigaction(faults[i], &guard.before[i], NULL);
    guard.fd = -1;
}
