/* mootd: reads options, opens the store, makes the hub, and lets the shell run them. */
#include "duty.h"
#include "server_net.h"
#include "service.h"
#include "store_backup.h"
#include "store_claim.h"
#include "store_copy.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SOFTWARE "mootd " MOOT_VERSION

struct mootd {
    int argc;
    char **argv;
    struct server_opts opts;
    struct opt_set set;
    struct opt_set fresh; /* of the last reload, if there was one */
    struct server_opts fresh_opts;
    struct log log;
    struct store *store;
    struct token_keys *keys;
    struct hub *hub;
    struct net *net;
    int claim; /* to the folder of data; -1: none */
};

/* Also where nobody reads standard error: into the log, when that is another place. */
static int complain(const struct mootd *m, const struct err *e)
{
    fprintf(stderr, "%smootd: %s\n", m->log.with_priority ? "<3>" : "", e->text);
    if (m->log.fd)
        log_line(&m->log, LOG_ERROR, "mootd.end", "%s", e->text);
    return err_exit(e->code);
}

/* ---- options ---- */

static bool load_options(int argc, char **argv, struct opt_set *set, struct server_opts *opts,
                         int *words, struct err *e)
{
    opt_init(set, mootd_options, mootd_option_count, opts);
    return opt_read_argv(set, argc, argv, words, e) &&
           (opts->help || opts->version || server_opts_load(set, e));
}

static int print_help(void)
{
    struct buf out = {0};
    buf_fmt(&out, "Usage: mootd [options]                        serve\n");
    duty_help(&out);
    buf_fmt(&out, "\nOptions:\n");
    opt_help(&out, mootd_options, mootd_option_count);
    fwrite(out.p, 1, out.n, stdout);
    buf_finish(&out);
    return 0;
}

static bool open_log(struct mootd *m, const struct server_opts *o, struct err *e)
{
    if (!service_log_to(&m->log, o->log_file, e))
        return false;
    m->log.level = o->level;
    m->log.with_time = o->log_time || o->log_file;
    return true;
}

/* SIGUSR1: the file of the log was moved away. */
static bool reopen(void *arg, struct err *e)
{
    struct mootd *m = arg;
    return open_log(m, m->fresh.n ? &m->fresh_opts : &m->opts, e);
}

/* SIGHUP: what may change while it runs is the log and the origins. */
static bool reload(void *arg, struct net_changes *changes, struct err *e)
{
    struct mootd *m = arg;
    struct server_opts opts = {0};
    struct opt_set set = {0};
    char **argv = mem_new((size_t)(m->argc + 1) * sizeof *argv);
    memcpy(argv, m->argv, (size_t)m->argc * sizeof *argv);
    int words;
    bool ok = load_options(m->argc, argv, &set, &opts, &words, e) && open_log(m, &opts, e);
    free(argv);
    if (!ok) {
        opt_finish(&set);
        return false;
    }
    opt_finish(&m->fresh);
    m->fresh = set;
    m->fresh_opts = opts;
    changes->origins = opts.origin;
    return true;
}

/* ---- parts ---- */

/* /run/moot is gone after each start of the machine. What else is wrong with the path,
 * listening will say. */
static void make_socket_folder(const char *path)
{
    struct str dir = str_of(path);
    while (dir.n && dir.p[dir.n - 1] != '/')
        dir.n--;
    char *copy = str_dup(dir);
    if (dir.n > 1 && mkdir(copy, 0755) == 0)
        chmod(copy, 0755); /* people of other accounts come this way */
    free(copy);
}

/* What a newer mootd does to the database of an older one stands in the log. */
static void say_steps(const struct mootd *m, const char *path)
{
    int64_t version;
    struct buf steps = {0};
    if (!store_file_version(path, &version, NULL) || version == 0)
        return;
    store_steps_print(version, &steps);
    struct str rest = buf_str(&steps);
    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        log_line(&m->log, LOG_INFO, "store.migrate", "%.*s", STR_ARG(line));
    }
    buf_finish(&steps);
}

/* Two servers on one database would each believe to know what is in it. */
static struct store *open_store(struct mootd *m, const char *path, struct err *e)
{
    if (m->opts.memory)
        return store_mem_new();
    if ((m->claim = store_claim(m->opts.data, e)) < 0)
        return NULL;
    if (access(path, F_OK) == 0)
        say_steps(m, path);
    return store_sqlite_open(path, e);
}

static bool open_parts(struct mootd *m, struct err *e)
{
    struct arena a = {0};
    struct str db = str_fmt(&a, "%s/moot.db", m->opts.data);
    struct str secret = str_fmt(&a, "%s/secret", m->opts.data);
    bool ok = store_folder_make(m->opts.data, e) && (m->store = open_store(m, db.p, e)) &&
              (m->keys = token_keys_load(secret.p, e));
    arena_finish(&a);
    return ok;
}

static void make_hub(struct mootd *m)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char log[LOG_NAME_MAX + 1]; /* of a store in memory, which begins anew each time */
    snprintf(log, sizeof log, "memory-%llx", (unsigned long long)now.tv_sec);
    m->hub = hub_new(&(struct hub_config){.server = STR(SOFTWARE),
                                          .log = str_of(log),
                                          .lobby = str_of(m->opts.lobby),
                                          .heartbeat_s = m->opts.heartbeat / 1000,
                                          .text_bytes_max = (size_t)m->opts.text_memory,
                                          .session_base = (uint64_t)now.tv_sec << 20});
}

static bool make_net(struct mootd *m, struct err *e)
{
    const struct server_opts *o = &m->opts;
    struct net_config config = {.socket_path = o->socket,
                                .socket_mode = o->mode,
                                .listen = o->listen,
                                .cert = o->cert,
                                .key = o->key,
                                .insecure_plain_ws = o->insecure_plain_ws,
                                .hooks_private = o->hooks_private,
                                .origins = o->origin,
                                .max_connections = o->max_connections,
                                .heartbeat_s = o->heartbeat / 1000};
    struct net_parts parts = {.hub = m->hub,
                              .store = m->store,
                              .keys = m->keys,
                              .log = &m->log,
                              .reload = reload,
                              .reopen = reopen,
                              .arg = m};
    m->net = net_new(&config, &parts, e);
    return m->net != NULL;
}

static void finish(struct mootd *m)
{
    net_free(m->net);
    hub_free(m->hub);
    if (m->store)
        m->store->close(m->store);
    token_keys_free(m->keys);
    opt_finish(&m->fresh);
    opt_finish(&m->set);
    if (m->claim >= 0)
        close(m->claim);
}

/* ---- what it is asked to do ---- */

/* net_run() lets them in: whoever sends one while it starts is heard then. */
static void hold_signals(int a, int b)
{
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, a);
    sigaddset(&held, b);
    sigprocmask(SIG_BLOCK, &held, NULL);
}

static int serve(struct mootd *m)
{
    struct err e = {0};
    signal(SIGPIPE, SIG_IGN);
    hold_signals(SIGHUP, SIGUSR1);
    if (!open_parts(m, &e))
        return complain(m, &e);
    make_hub(m);
    if (m->opts.socket)
        make_socket_folder(m->opts.socket);
    hold_signals(SIGTERM, SIGINT); /* from now on it can be seen, and has to end well */
    if (!make_net(m, &e))
        return complain(m, &e);
    fprintf(stderr, "%smootd: listening on %s\n", m->log.with_priority ? "<6>" : "",
            net_where(m->net));
    if (m->log.fd)
        log_line(&m->log, LOG_INFO, "net.listen", "Listening on %s.", net_where(m->net));
    service_say("READY=1");
    return net_run(m->net, &e) ? 0 : complain(m, &e);
}

static int do_duty(const struct mootd *m, char *const words[], size_t n)
{
    struct err e = {0};
    const struct duty *d = duty_find(words, n, &e);
    return d && d->run(&m->opts, words + 1, n - 1, &e) ? 0 : complain(m, &e);
}

static int run(struct mootd *m, int argc, char **argv)
{
    struct err e = {0};
    int words = 0;
    if (sodium_init() < 0)
        return complain(m, &(struct err){ERR_INTERNAL, "libsodium does not start."});
    if (!load_options(argc, argv, &m->set, &m->opts, &words, &e))
        return complain(m, &e);
    if (m->opts.help)
        return print_help();
    if (m->opts.version)
        return puts(SOFTWARE) == EOF;
    if (words == 0 && !open_log(m, &m->opts, &e))
        return complain(m, &e);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of its write */
    return words == 0 ? serve(m) : do_duty(m, argv + 1, (size_t)words);
}

int main(int argc, char **argv)
{
    /* opt_read_argv() moves arguments; a reload reads them again as they came */
    char **again = mem_new((size_t)(argc + 1) * sizeof *again);
    memcpy(again, argv, (size_t)argc * sizeof *again);
    struct mootd m = {.argc = argc, .argv = again, .claim = -1};
    int status = run(&m, argc, argv);
    finish(&m);
    free(again);
    return status;
}
