/* Where the outboxes of the server are, for the verbs that use them. */
#ifndef MOOT_CLI_OUTBOX_H
#define MOOT_CLI_OUTBOX_H

#include "cli.h"

/* BASE/moot/SERVER/name, where uplink.c keeps it. */
struct str outbox_path(struct cli *c, const char *name);

#endif
