#include "opts.h"
#include "opt_file.h"
#include "paths.h"
#include "private_file.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define SYSTEM_FILE "/etc/moot/moot.conf"
#define SYSTEM_SOCKET "/run/moot/moot.sock"

enum { SERVER_MAX = 1000, PATH_BYTES_MAX = 4096 };

#define AT(member) offsetof(struct moot_options, member)

/* clang-format off */
const struct opt moot_option_rows[] = {
    {.name = "server", .letter = 's', .kind = OPT_STR, .offset = AT(server), .min = 1, .max = SERVER_MAX,
     .arg = "URL", .env = "MOOT_SERVER", .in_file = true,
     .doc = "The server: unix:PATH, ssh://HOST, wss://HOST:PORT or ws://HOST:PORT. Without it the server that was joined "
            "last, else the socket of this machine."},
    {.name = "room", .letter = 'r', .kind = OPT_STR, .offset = AT(room), .min = 1, .max = 64,
     .arg = "ROOM", .env = "MOOT_ROOM", .in_file = true,
     .doc = "The room, as '#core' or core."},
    {.name = "token-file", .kind = OPT_STR, .offset = AT(token_file), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "PATH", .env = "MOOT_TOKEN_FILE", .in_file = true,
     .doc = "A file of mode 0600 that holds the token to sign in with. A screen that runs takes a new "
            "one from there within seconds."},
    {.name = "ca-file", .kind = OPT_STR, .offset = AT(ca_file), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "PATH", .env = "MOOT_CA_FILE", .in_file = true,
     .doc = "Authorities to trust for wss, in PEM, in place of the system's."},
    {.name = "theme", .kind = OPT_STR, .offset = AT(theme), .min = 1, .max = 32, .fallback = "dark",
     .arg = "NAME", .env = "MOOT_THEME", .in_file = true,
     .doc = "The colours of the screen: dark or light."},
    {.name = "color", .kind = OPT_FLAG, .offset = AT(color), .fallback = "yes", .in_file = true,
     .doc = "Colours on the screen. NO_COLOR turns them off too."},
    {.name = "linear", .kind = OPT_FLAG, .offset = AT(linear), .fallback = "no", .env = "MOOT_LINEAR", .in_file = true,
     .doc = "No screen, but lines and a prompt, in words: for screen readers, and for terminals that cannot move their cursor, where it is so by itself. Input that is no terminal is read line by line."},
    {.name = "ascii", .kind = OPT_FLAG, .offset = AT(ascii), .fallback = "no", .env = "MOOT_ASCII", .in_file = true,
     .doc = "Draw with ASCII characters only."},
    {.name = "idle", .kind = OPT_DURATION, .offset = AT(idle), .min = 0, .max = 86400000, .fallback = "5m",
     .arg = "TIME", .env = "MOOT_IDLE", .in_file = true,
     .doc = "Without a key on the screen for so long one is shown as idle; 0 is never."},
    {.name = "send-typing", .kind = OPT_FLAG, .offset = AT(send_typing), .fallback = "yes", .in_file = true,
     .doc = "Let others see that one types."},
    {.name = "show-typing", .kind = OPT_FLAG, .offset = AT(show_typing), .fallback = "yes", .in_file = true,
     .doc = "Show that others type."},
    {.name = "open", .kind = OPT_STR, .offset = AT(open), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "COMMAND", .env = "MOOT_OPEN", .in_file = true,
     .doc = "What opens a link of a message, as 'xdg-open' or 'firefox --new-tab': its words, and the address behind them, without a shell. Without it the address is copied."},
    {.name = "hyperlinks", .kind = OPT_STR, .offset = AT(hyperlinks), .min = 1, .max = 16, .fallback = "auto",
     .arg = "WHEN", .env = "MOOT_HYPERLINKS", .in_file = true,
     .doc = "Whether links are sent to the terminal as such (OSC 8), for it to open: auto, where it is known to take them or to pass over them; on; off."},
    {.name = "mark-read", .kind = OPT_STR, .offset = AT(mark_read), .min = 1, .max = 16, .fallback = "seen",
     .arg = "WHEN", .env = "MOOT_MARK_READ", .in_file = true,
     .doc = "When messages count as read: seen, when they are on screen in a terminal that has the keyboard (one that does not say so is taken to have it) and somebody is not idle; open, when they are on screen; manual, when M-m says so."},
    {.name = "notify", .kind = OPT_STR, .offset = AT(notify), .min = 1, .max = 16, .fallback = "mentions",
     .arg = "LEVEL", .env = "MOOT_NOTIFY", .in_file = true,
     .doc = "What rings when the screen is not looked at: none, mentions (what concerns oneself), or all messages. :notify sets it for a room."},
    {.name = "notify-by", .kind = OPT_STR, .offset = AT(notify_by), .min = 1, .max = 64, .fallback = "bell,osc9,title",
     .arg = "WAYS", .env = "MOOT_NOTIFY_BY", .in_file = true,
     .doc = "How it rings: bell, osc9, osc777, osc99 (notifications of the terminal), title (a count in the window's title), none; parted by commas."},
    {.name = "notify-command", .kind = OPT_STR, .offset = AT(notify_command), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "PATH", .env = "MOOT_NOTIFY_COMMAND", .in_file = true,
     .doc = "A program to run as well, with the room and what happened as its two arguments; no shell is in between."},
    {.name = "keywords", .kind = OPT_STR, .offset = AT(keywords), .min = 1, .max = 500,
     .arg = "WORDS", .in_file = true,
     .doc = "Words, parted by commas, that ring wherever they stand in a message."},
    {.name = "quiet-hours", .kind = OPT_STR, .offset = AT(quiet_hours), .min = 1, .max = 16,
     .arg = "FROM-TO", .in_file = true,
     .doc = "When nothing rings, as 22:00-07:00."},
    {.name = "json", .letter = 'j', .kind = OPT_FLAG, .offset = AT(json), .fallback = "no",
     .doc = "Print JSON Lines: one object a line, names that do not change."},
    {.name = "timeout", .letter = 't', .kind = OPT_DURATION, .offset = AT(timeout), .min = 1, .max = 3600000,
     .fallback = "10s", .arg = "TIME", .env = "MOOT_TIMEOUT", .in_file = true,
     .doc = "How long a verb keeps trying to reach the server and get its answer."},
    {.name = "config", .kind = OPT_STR, .offset = AT(config), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "PATH", .env = "MOOT_CONFIG",
     .doc = "Read this file in place of the person's own."},
    {.name = "help", .letter = 'h', .kind = OPT_FLAG, .offset = AT(help), .fallback = "no",
     .doc = "Print what there is, and end."},
    {.name = "version", .letter = 'V', .kind = OPT_FLAG, .offset = AT(version), .fallback = "no",
     .doc = "Print the version, and end."},
};
/* clang-format on */

const size_t moot_option_count = COUNT_OF(moot_option_rows);

static struct str remembered_path(struct arena *a)
{
    return path_in(a, PATH_STATE, "moot/server");
}

bool moot_server_remember(const char *url, struct err *e)
{
    struct arena a = {0};
    struct str path = remembered_path(&a);
    bool ok = path.n ? private_file_write(path.p, str_of(url), e)
                     : fail(e, ERR_IO, "neither XDG_STATE_HOME nor HOME is set");
    arena_finish(&a);
    return ok;
}

static bool is_given(const struct opt_set *set, const char *name)
{
    return set->source[opt_find(set, str_of(name)) - set->rows] != OPT_FROM_DEFAULT;
}

/* A server that was joined stands as if it were in the person's file, behind what is there. */
static bool put_remembered(struct opt_set *set, struct err *e)
{
    struct str path = remembered_path(&set->arena);
    struct buf url = {0};
    bool ok = true;
    if (path.n && access(path.p, F_OK) == 0)
        ok = private_file_read(path.p, SERVER_MAX, &url, e) &&
             opt_put(set, STR("server"), str_trim(buf_str(&url)), OPT_FROM_USER_FILE, e);
    buf_finish(&url);
    return ok;
}

static bool put_socket(struct opt_set *set, struct err *e)
{
    struct str own = path_in(&set->arena, PATH_RUNTIME, "moot.sock");
    bool use_own = own.n && (access(own.p, F_OK) == 0 || access(SYSTEM_SOCKET, F_OK) != 0);
    struct str url = str_fmt(&set->arena, "unix:%s", use_own ? own.p : SYSTEM_SOCKET);
    return opt_put(set, STR("server"), url, OPT_FROM_DEFAULT, e);
}

static bool read_files(struct opt_set *set, struct err *e)
{
    const struct moot_options *o = set->values;
    struct str own =
        o->config ? str_of(o->config) : path_in(&set->arena, PATH_CONFIG, "moot/moot.conf");
    if (own.n && !opt_read_file(set, own.p, OPT_FROM_USER_FILE, o->config != NULL, e))
        return false;
    if (!is_given(set, "server") && !put_remembered(set, e))
        return false;
    return opt_read_file(set, SYSTEM_FILE, OPT_FROM_SYSTEM_FILE, false, e);
}

bool moot_options_load(struct opt_set *set, struct err *e)
{
    if (!opt_read_env(set, e))
        return false;
    const char *no_color = getenv("NO_COLOR");
    if (no_color && no_color[0] && !opt_put(set, STR("color"), STR("no"), OPT_FROM_ENV, e))
        return false;
    if (!read_files(set, e))
        return false;
    return is_given(set, "server") || put_socket(set, e);
}
