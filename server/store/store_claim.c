#include "store_claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

bool store_folder_make(const char *path, struct err *e)
{
    char *copy = str_dup(str_of(path));
    bool ok = true;
    for (char *at = copy + 1; ok; at++) {
        char saved = *at;
        if (saved != '/' && saved != '\0')
            continue;
        *at = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            ok = fail(e, ERR_IO, "%s: %s", copy, strerror(errno));
        if (!(*at = saved))
            break;
    }
    free(copy);
    return ok;
}

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
