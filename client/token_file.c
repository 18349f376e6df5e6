#include "token_file.h"
#include "paths.h"
#include "private_file.h"
#include "url.h"

#include <stdlib.h>
#include <unistd.h>

enum { TOKEN_FILE_MAX = 4096 };

/* tokens/HOST:PORT; empty for a Unix socket, where the account is enough. */
static struct str kept_path(struct arena *a, const char *server)
{
    struct url u;
    if (!url_parse(str_of(server), &u, NULL) || url_by_account(&u))
        return (struct str){0};
    struct buf name = {0};
    buf_fmt(&name, "moot/tokens/");
    url_show(&u, &name);
    struct str path = path_in(a, PATH_STATE, buf_cstr(&name));
    buf_finish(&name);
    return path;
}

static bool read_token(const char *path, struct buf *out, struct err *e)
{
    struct buf file = {0};
    bool ok = private_file_read(path, TOKEN_FILE_MAX, &file, e);
    struct str token = str_trim(buf_str(&file));
    if (ok && !token.n)
        ok = fail(e, ERR_NOT_SIGNED_IN, "%s: holds no token", path);
    if (ok)
        buf_add_str(out, token);
    buf_finish(&file);
    return ok;
}

bool token_find(const struct moot_options *o, struct buf *out, struct err *e)
{
    struct str given = str_trim(str_of(getenv("MOOT_TOKEN")));
    if (given.n) {
        buf_add_str(out, given);
        return true;
    }
    if (o->token_file)
        return read_token(o->token_file, out, e);
    struct arena a = {0};
    struct str path = kept_path(&a, o->server);
    bool ok = !path.n || access(path.p, F_OK) != 0 || read_token(path.p, out, e);
    arena_finish(&a);
    return ok;
}

bool token_keep(const char *server, struct str token, struct err *e)
{
    struct arena a = {0};
    struct str path = kept_path(&a, server);
    bool ok = path.n ? private_file_write(path.p, token, e)
                     : fail(e, ERR_USAGE, "%s: no host to keep a token for", server);
    arena_finish(&a);
    return ok;
}
