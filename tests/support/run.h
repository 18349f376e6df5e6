/* Runs a program to its end and keeps what it said: for tests of the command line. */
#ifndef MOOT_TEST_RUN_H
#define MOOT_TEST_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run {
    char *out, *err; /* stdout and stderr, NUL-terminated, owned */
    size_t out_n, err_n;
    int status; /* exit status; 128 + signal; -1 when it had to be killed at the deadline */
};

/* stdin_text NULL: standard input is /dev/null. env as execve() wants it. Nothing it starts has
 * a controlling terminal. False when it could not be started. */
bool run_program(struct run *r, const char *const argv[], char *const env[],
                 const char *stdin_text, int64_t ms);
void run_finish(struct run *r);

#endif
