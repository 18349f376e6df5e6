/* mootd's options: one table for the command line, the config file, --help and the manual. */
#ifndef MOOT_SERVER_OPTS_H
#define MOOT_SERVER_OPTS_H

#include "log.h"
#include "opt.h"

struct server_opts {
    const char *data, *socket, *socket_mode, *listen, *cert, *key, *origin, *lobby, *log_level,
        *log_file;
    const char *config;
    int64_t max_connections, heartbeat; /* ms */
    int64_t text_memory;                /* bytes */
    bool insecure_plain_ws, hooks_private, memory, log_time, dry_run, repair, help, version;

    /* made of the above by server_opts_load() */
    int mode; /* of the socket */
    enum log_level level;
};

extern const struct opt mootd_options[];
extern const size_t mootd_option_count;

/* Everything but the command line, which the set has read already: the config file, then the
 * defaults that depend on who runs it. Then checks what no row can check alone.
 *
 * As root, and as a service (systemd says so by STATE_DIRECTORY), that is /etc/moot/mootd.conf,
 * /var/lib/moot and /run/moot/moot.sock; for anybody else moot/mootd.conf in the XDG config
 * folder, mootd in the XDG state folder, and moot.sock in XDG_RUNTIME_DIR. */
bool server_opts_load(struct opt_set *set, struct err *e);

#endif
