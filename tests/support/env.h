/* Environments for the programs under test: nothing of the developer's own gets in. */
#ifndef MOOT_TEST_ENV_H
#define MOOT_TEST_ENV_H

#include <stddef.h>

enum { ENV_VARS_MAX = 32, ENV_VAR_MAX = 2600 };

/* "NAME=value" strings, owned; v is NULL-terminated as execve() wants it. */
struct env {
    char *v[ENV_VARS_MAX + 1];
    size_t n;
};

/* PATH, LANG, TERM, HOME and the XDG folders under home, and the sanitizers' options. */
void env_init(struct env *e, const char *home);
/* Sets or replaces one. */
void env_set(struct env *e, const char *name, const char *value);
void env_unset(struct env *e, const char *name);
void env_finish(struct env *e);

#endif
