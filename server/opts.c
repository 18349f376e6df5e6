#include "opts.h"
#include "direct.h"
#include "msg.h"
#include "opt_file.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYSTEM_FILE "/etc/moot/mootd.conf"
#define SYSTEM_DATA "/var/lib/moot"
#define SYSTEM_RUN "/run/moot"

enum { PATH_BYTES_MAX = 4000, SOCKET_PATH_MAX = 107, ORIGIN_MAX = 2000 };

#define AT(member) offsetof(struct server_opts, member)

/* clang-format off */
const struct opt mootd_options[] = {
    {.name = "data", .letter = 'd', .kind = OPT_STR, .offset = AT(data), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "DIR", .in_file = true,
     .doc = "The folder for the database and the secret that signs tokens; made with mode 0700 if missing."},
    {.name = "memory", .kind = OPT_FLAG, .offset = AT(memory), .fallback = "no",
     .doc = "Keep rooms and accounts in memory only: all of it is gone when the server ends. For trying out and measuring."},
    {.name = "socket", .letter = 's', .kind = OPT_STR, .offset = AT(socket), .min = 1, .max = SOCKET_PATH_MAX,
     .arg = "PATH", .in_file = true,
     .doc = "The Unix socket for people of this machine, or none."},
    {.name = "socket-mode", .kind = OPT_STR, .offset = AT(socket_mode), .min = 3, .max = 4, .fallback = "0666",
     .arg = "MODE", .in_file = true,
     .doc = "Permissions of that socket, octal. Everybody may connect by default, since the system tells who they "
            "are; narrow it to admit a group only."},
    {.name = "listen", .letter = 'l', .kind = OPT_STR, .offset = AT(listen), .min = 1, .max = 300,
     .fallback = "127.0.0.1:7700", .arg = "HOST:PORT", .in_file = true,
     .doc = "The TCP address for everybody else, or none. With port 0 the system picks one, which the line at the "
            "start tells."},
    {.name = "cert", .kind = OPT_STR, .offset = AT(cert), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "FILE", .in_file = true,
     .doc = "Certificate chain in PEM: the TCP address speaks wss and https. Needs key."},
    {.name = "key", .kind = OPT_STR, .offset = AT(key), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "FILE", .in_file = true,
     .doc = "Private key of the certificate, in PEM."},
    {.name = "insecure-plain-ws", .kind = OPT_FLAG, .offset = AT(insecure_plain_ws), .fallback = "no", .in_file = true,
     .doc = "Allow an address that other machines can reach without TLS. Tokens and messages then travel in the "
            "clear; for use behind a proxy that speaks TLS."},
    {.name = "hooks-private", .kind = OPT_FLAG, .offset = AT(hooks_private), .fallback = "no", .in_file = true,
     .doc = "Let hooks send events to this machine, and to private and link-local addresses. Otherwise only "
            "to addresses of the Internet, so that an admin of moot reaches nothing through the server."},
    {.name = "origin", .kind = OPT_STR, .offset = AT(origin), .max = ORIGIN_MAX,
     .arg = "LIST", .in_file = true,
     .doc = "Web pages that may connect besides those of the server's own host: origins as https://example.org, "
            "separated by commas, or * for all."},
    {.name = "lobby", .kind = OPT_STR, .offset = AT(lobby), .min = 1, .max = TEAM_NAME_MAX, .fallback = "#lobby",
     .arg = "ROOM", .in_file = true,
     .doc = "The public room that everybody joins at the first sign-in, or none."},
    {.name = "heartbeat", .kind = OPT_DURATION, .offset = AT(heartbeat), .min = 1000, .max = 600000, .fallback = "25s",
     .arg = "TIME", .in_file = true,
     .doc = "How often connections are pinged. One that is silent for two and a half times as long is closed."},
    {.name = "max-connections", .kind = OPT_INT, .offset = AT(max_connections), .min = 1, .max = 1000000,
     .fallback = "16000", .arg = "N", .in_file = true,
     .doc = "Connections at a time; more are answered 503. Lowered when the limit of open files is."},
    {.name = "text-memory", .kind = OPT_SIZE, .offset = AT(text_memory), .min = 1 << 20, .max = INT64_C(1) << 40,
     .fallback = "2G", .arg = "SIZE", .in_file = true,
     .doc = "Memory for notes and descriptions that people have open. While they take more, no further one is "
            "read, and whoever asks for it is told to try again."},
    {.name = "log-level", .kind = OPT_STR, .offset = AT(log_level), .min = 1, .max = 8, .fallback = "info",
     .arg = "LEVEL", .in_file = true,
     .doc = "What is logged: error, warn, info or debug, each with what stands before it."},
    {.name = "log-file", .kind = OPT_STR, .offset = AT(log_file), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "FILE", .in_file = true,
     .doc = "Log into this file, with times, in place of standard error. It is opened anew on SIGUSR1, for whoever "
            "rotates it."},
    {.name = "log-time", .kind = OPT_FLAG, .offset = AT(log_time), .fallback = "no", .in_file = true,
     .doc = "Put the time in front of each line of the log; the journal has its own."},
    {.name = "repair", .kind = OPT_FLAG, .offset = AT(repair), .fallback = "no",
     .doc = "With check: first make everything anew that follows from the log."},
    {.name = "dry-run", .letter = 'n', .kind = OPT_FLAG, .offset = AT(dry_run), .fallback = "no",
     .doc = "With migrate: try it on a copy, and change nothing."},
    {.name = "config", .letter = 'c', .kind = OPT_STR, .offset = AT(config), .min = 1, .max = PATH_BYTES_MAX,
     .arg = "FILE",
     .doc = "Read this file in place of the usual one."},
    {.name = "help", .letter = 'h', .kind = OPT_FLAG, .offset = AT(help), .fallback = "no",
     .doc = "Print what there is, and end."},
    {.name = "version", .letter = 'V', .kind = OPT_FLAG, .offset = AT(version), .fallback = "no",
     .doc = "Print the version, and end."},
};
/* clang-format on */

const size_t mootd_option_count = COUNT_OF(mootd_options);

/* A variable that holds an absolute path; systemd separates several by colons. */
static struct str folder(const char *variable)
{
    struct str value = str_of(getenv(variable));
    struct str first = str_cut(&value, ':');
    return first.n && first.p[0] == '/' ? first : (struct str){0};
}

static bool is_service(void)
{
    return geteuid() == 0 || folder("STATE_DIRECTORY").n;
}

/* DIR/name where the variable gives DIR, else HOME/below/name where there is a home. */
static struct str path_below(struct arena *a, const char *variable, const char *below,
                             const char *name)
{
    struct str dir = folder(variable), home = folder("HOME");
    if (dir.n)
        return str_fmt(a, "%.*s/%s", STR_ARG(dir), name);
    return home.n && below ? str_fmt(a, "%.*s/%s/%s", STR_ARG(home), below, name)
                           : (struct str){0};
}

static bool read_config(struct opt_set *set, struct err *e)
{
    const struct server_opts *o = set->values;
    bool is_own = !is_service() || folder("XDG_CONFIG_HOME").n;
    struct str own = path_below(&set->arena, "XDG_CONFIG_HOME", ".config", "moot/mootd.conf");
    if (o->config)
        return opt_read_file(set, o->config, OPT_FROM_SYSTEM_FILE, true, e);
    if (!is_own)
        return opt_read_file(set, SYSTEM_FILE, OPT_FROM_SYSTEM_FILE, false, e);
    return !own.n || opt_read_file(set, own.p, OPT_FROM_USER_FILE, false, e);
}

static struct str default_data(struct arena *a)
{
    struct str given = folder("STATE_DIRECTORY");
    if (given.n)
        return str_keep(a, given);
    if (is_service() && !folder("XDG_STATE_HOME").n)
        return STR(SYSTEM_DATA);
    return path_below(a, "XDG_STATE_HOME", ".local/state", "mootd");
}

static struct str default_socket(struct arena *a)
{
    struct str given = folder("RUNTIME_DIRECTORY");
    if (given.n)
        return str_fmt(a, "%.*s/moot.sock", STR_ARG(given));
    struct str own = path_below(a, "XDG_RUNTIME_DIR", NULL, "moot.sock");
    if (own.n)
        return own;
    return is_service() ? STR(SYSTEM_RUN "/moot.sock") : STR("none");
}

static bool put_defaults(struct opt_set *set, struct err *e)
{
    const struct server_opts *o = set->values;
    struct str data = default_data(&set->arena);
    if (!o->data && !data.n)
        return fail(e, ERR_USAGE, "Where to keep the data? Give --data, or set HOME.");
    return (o->data || opt_put(set, STR("data"), data, OPT_FROM_DEFAULT, e)) &&
           (o->socket ||
            opt_put(set, STR("socket"), default_socket(&set->arena), OPT_FROM_DEFAULT, e));
}

static bool parse_mode(const char *text, int *mode, struct err *e)
{
    char *end;
    long value = strtol(text, &end, 8);
    if (*end || value < 0 || value > 0777)
        return fail(e, ERR_USAGE, "socket-mode: %s is no octal mode as 0660.", text);
    *mode = (int)value;
    return true;
}

static void none_is_null(const char **value)
{
    if (strcmp(*value, "none") == 0)
        *value = NULL;
}

static bool settle(struct server_opts *o, struct err *e)
{
    none_is_null(&o->socket);
    none_is_null(&o->listen);
    none_is_null(&o->lobby);
    struct str lobby = str_of(o->lobby);
    if (o->lobby && (!str_follows(lobby, RULE_ROOM) || room_is_direct(lobby)))
        return fail(e, ERR_USAGE, "lobby: %s is no name of a room: %s", o->lobby,
                    str_rule_sentence(RULE_ROOM));
    if (!log_level_from_name(str_of(o->log_level), &o->level))
        return fail(e, ERR_USAGE, "log-level: it is one of error, warn, info and debug.");
    if (!o->cert != !o->key)
        return fail(e, ERR_USAGE, "cert and key go together.");
    return parse_mode(o->socket_mode, &o->mode, e);
}

bool server_opts_load(struct opt_set *set, struct err *e)
{
    return read_config(set, e) && put_defaults(set, e) && settle(set->values, e);
}
