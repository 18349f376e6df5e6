#include "env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t env_find(const struct env *e, const char *name)
{
    size_t n = strlen(name), i = 0;
    while (i < e->n && (strncmp(e->v[i], name, n) != 0 || e->v[i][n] != '='))
        i++;
    return i;
}

void env_unset(struct env *e, const char *name)
{
    size_t i = env_find(e, name);
    if (i == e->n)
        return;
    free(e->v[i]);
    e->v[i] = e->v[--e->n];
    e->v[e->n] = NULL;
}

void env_set(struct env *e, const char *name, const char *value)
{
    char var[ENV_VAR_MAX];
    int n = snprintf(var, sizeof(var), "%s=%s", name, value);
    env_unset(e, name);
    if (n < 0 || (size_t)n >= sizeof(var) || e->n == ENV_VARS_MAX)
        abort();
    e->v[e->n++] = strdup(var);
    e->v[e->n] = NULL;
}

static void env_pass(struct env *e, const char *name)
{
    const char *value = getenv(name);
    if (value)
        env_set(e, name, value);
}

void env_init(struct env *e, const char *home)
{
    static const char *const folders[][2] = {
        {"XDG_CONFIG_HOME", "config"}, {"XDG_STATE_HOME", "state"}, {"XDG_CACHE_HOME", "cache"},
        {"XDG_DATA_HOME", "data"},     {"XDG_RUNTIME_DIR", "run"},
    };
    *e = (struct env){0};
    env_set(e, "PATH", "/usr/local/bin:/usr/bin:/bin");
    env_set(e, "LANG", "C.UTF-8");
    env_set(e, "TERM", "xterm-256color");
    env_set(e, "HOME", home);
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        char path[ENV_VAR_MAX / 2];
        snprintf(path, sizeof(path), "%s/%s", home, folders[i][1]);
        env_set(e, folders[i][0], path);
    }
    env_pass(e, "ASAN_OPTIONS");
    env_pass(e, "UBSAN_OPTIONS");
    env_pass(e, "LSAN_OPTIONS");
}

void env_finish(struct env *e)
{
    for (size_t i = 0; i < e->n; i++)
        free(e->v[i]);
    *e = (struct env){0};
}
