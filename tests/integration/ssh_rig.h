/* A real sshd on a free port of 127.0.0.1, for whoever runs the test, with keys and a config of
 * its own in a folder that is there already. */
#ifndef MOOT_TEST_SSH_RIG_H
#define MOOT_TEST_SSH_RIG_H

#include "env.h"

#include <sys/types.h>

struct sshd {
    const char *dir; /* borrowed */
    int port;
    pid_t pid;
};

/* Makes the keys, sshd_config, and what the person has: ssh_config, in which it is the host
 * `box`, and bin/ssh, which reads that. env: of ssh-keygen. What goes wrong fails the test,
 * here as below. */
void sshd_make(struct sshd *s, const char *dir, const struct env *env);
/* Returns once it takes connections; and once it has ended. */
void sshd_up(struct sshd *s);
void sshd_down(struct sshd *s);
/* A file in the folder. */
void put_file(const char *dir, const char *name, mode_t mode, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
