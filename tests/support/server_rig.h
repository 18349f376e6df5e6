/* A real mootd in a folder of its own under /tmp, and people to use it.
 *
 *     struct server_rig rig;
 *     assert_true(rig_start(&rig));
 *     struct person ana;
 *     assert_true(rig_person(&rig, &ana, "ana"));
 *     ... moot with ana.env ...
 *     rig_finish(&rig);
 *
 * It listens on a Unix socket and on a free port of 127.0.0.1, and keeps both over restarts.
 * Failing functions say why on stderr; what the server logged is shown by rig_show_log(). */
#ifndef MOOT_TEST_SERVER_RIG_H
#define MOOT_TEST_SERVER_RIG_H

#include "env.h"
#include "run.h"

#include <sys/types.h>

enum { RIG_DIR_MAX = 24, RIG_PATH_MAX = 80, RIG_ARGS_MAX = 24 };

struct server_rig {
    char dir[RIG_DIR_MAX];
    char data[RIG_PATH_MAX], socket[RIG_PATH_MAX], log[RIG_PATH_MAX];
    char unix_url[RIG_PATH_MAX + 8]; /* unix:PATH */
    char tcp_url[RIG_PATH_MAX];      /* ws://127.0.0.1:PORT */
    int port;
    pid_t pid;                      /* 0: not running */
    struct env env;                 /* of the server; change before rig_up() */
    const char *args[RIG_ARGS_MAX]; /* more arguments, NULL-terminated; borrowed */
};

/* Somebody with a home folder of their own. */
struct person {
    char name[33];
    char home[RIG_PATH_MAX];
    struct env env; /* MOOT_SERVER, and MOOT_TOKEN for everybody but the account itself */
};

extern const char *const rig_moot, *const rig_mootd; /* paths of the programs under test */

/* Makes the folder; the server is not started. */
bool rig_init(struct server_rig *r);
/* Starts it, first or again on the same data; returns once it takes connections. */
bool rig_up(struct server_rig *r);
bool rig_start(struct server_rig *r); /* both */
/* SIGTERM, and waits. False when it does not end or ends badly. */
bool rig_down(struct server_rig *r);
/* kill -9, and waits until it is gone. */
void rig_kill(struct server_rig *r);
/* Kills what runs, removes the folder. */
void rig_finish(struct server_rig *r);
void rig_show_log(const struct server_rig *r);
/* How many demos have a folder in dir; the rig's own have other names. */
int demos_in(const char *dir);

/* The account that runs the test: over the Unix socket, an admin. */
bool rig_me(struct server_rig *r, struct person *p);
/* Somebody else: over TCP, with a token that `moot admin token` made. The server must be up. */
bool rig_person(struct server_rig *r, struct person *p, const char *name);
void person_finish(struct person *p);

/* Runs moot with these arguments (NULL-terminated, without the program). */
bool rig_moot_run(const struct person *p, struct run *out, const char *stdin_text,
                  const char *const args[]);

#endif
