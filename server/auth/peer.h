/* Who is at the other end of a Unix socket. */
#ifndef MOOT_PEER_H
#define MOOT_PEER_H

#include "err.h"

#include <sys/types.h>

/* The account name of the process that connected fd (SO_PEERCRED), into name; is_admin for root
 * and the account this process runs as. An account without a usable name is called uidN. */
bool peer_of(int fd, char name[33], bool *is_admin, struct err *e);

/* The same of an account by its number. */
void peer_account(uid_t uid, char name[33], bool *is_admin);

#endif
