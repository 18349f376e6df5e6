#include "store_claim.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int store_claim(const char *folder, struct err *e)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        fail(e, ERR_IO, "%s: %s", folder, strerror(errno));
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (errno == EWOULDBLOCK)
        fail(e, ERR_EXISTS, "%s is in use by a running mootd; end that one first", folder);
    else
        fail(e, ERR_IO, "%s cannot be locked: %s; use a local disk", folder, strerror(errno));
    close(fd);
    return -1;
}
