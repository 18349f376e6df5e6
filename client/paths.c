#include "paths.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *home(void)
{
    const char *h = getenv("HOME");
    if (h && h[0] == '/')
        return h;
    const struct passwd *pw = getpwuid(geteuid());
    return pw && pw->pw_dir && pw->pw_dir[0] == '/' ? pw->pw_dir : NULL;
}

struct str path_in(struct arena *a, enum path_base base, const char *name)
{
    static const struct {
        const char *variable, *below_home;
    } bases[] = {
        [PATH_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
        [PATH_STATE] = {"XDG_STATE_HOME", ".local/state"},
        [PATH_RUNTIME] = {"XDG_RUNTIME_DIR", NULL},
    };
    const char *given = getenv(bases[base].variable);
    if (given && given[0] == '/')
        return str_fmt(a, "%s/%s", given, name);
    const char *h = bases[base].below_home ? home() : NULL;
    return h ? str_fmt(a, "%s/%s/%s", h, bases[base].below_home, name) : (struct str){0};
}

bool path_make_parent(const char *path, struct err *e)
{
    char *copy = str_dup(str_of(path));
    bool ok = true;
    for (char *at = strchr(copy + 1, '/'); ok && at; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(copy, 0700) < 0 && errno != EEXIST)
            ok = fail(e, ERR_IO, "%s: %s", copy, strerror(errno));
        *at = '/';
    }
    free(copy);
    return ok;
}
