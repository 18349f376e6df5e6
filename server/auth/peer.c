#include "peer.h"

#include "bounds.h"
#include "msg.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ENTRY_MAX = 1024 * 1024 }; /* bytes of one account's entry that we put up with */

/* "uid" and a number is what accounts without a usable name are called: no account may take
 * that name from another. */
static bool is_made_up(struct str name)
{
    int64_t n;
    if (!str_starts(name, "uid"))
        return false;
    return str_int((struct str){name.p + 3, name.n - 3}, 0, INT64_MAX, &n);
}

static bool is_usable(struct str name)
{
    return name.n <= USER_NAME_MAX && str_follows(name, RULE_USER) && !is_made_up(name);
}

/* The account's name, if it has one that we can use. */
static bool account_name(uid_t uid, char name[33])
{
    struct passwd entry, *found = NULL;
    size_t n = 1024;
    char *memory = mem_new(n);
    int rc;
    while ((rc = getpwuid_r(uid, &entry, memory, n, &found)) == ERANGE && n < ENTRY_MAX) {
        n *= 2;
        memory = mem_grow(memory, n);
    }
    bool ok = rc == 0 && found && is_usable(str_of(entry.pw_name));
    if (ok)
        memcpy(name, entry.pw_name, strlen(entry.pw_name) + 1);
    free(memory);
    return ok;
}

void peer_account(uid_t uid, char name[33], bool *is_admin)
{
    if (!account_name(uid, name))
        snprintf(name, 33, "uid%u", (unsigned)uid);
    *is_admin = uid == 0 || uid == geteuid();
}

bool peer_of(int fd, char name[33], bool *is_admin, struct err *e)
{
    struct ucred who;
    socklen_t n = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0)
        return fail(e, ERR_NOT_SIGNED_IN, "cannot tell who is at the other end: %s",
                    strerror(errno));
    if (n != sizeof who || who.uid == (uid_t)-1)
        return fail(e, ERR_NOT_SIGNED_IN,
                    "the system does not say which account is at the other end");
    peer_account(who.uid, name, is_admin);
    return true;
}
