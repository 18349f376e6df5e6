/* What the files of moot admin share. */
#ifndef MOOT_CLI_ADMIN_H
#define MOOT_CLI_ADMIN_H

#include "cli.h"

/* Makes sure that there is a bot of that name, and says so when it had to be made. */
bool admin_need_bot(struct cli *c, struct str user, struct err *e);
/* The server's address for others, as "wss://host:7700": what --url says, the server's own, or
 * seen from its Unix socket a guess that is said to be one. */
bool admin_public_address(struct cli *c, struct str *out, struct err *e);

#endif
