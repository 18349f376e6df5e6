#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* JOURNAL_STREAM names the device and inode of the journal's own; it is inherited by what
 * writes elsewhere too. */
static bool is_journal(int fd)
{
    struct stat st;
    char own[64];
    const char *stream = getenv("JOURNAL_STREAM");
    if (!stream || fstat(fd, &st) != 0)
        return false;
    snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    return strcmp(stream, own) == 0;
}

bool service_log_to(struct log *l, const char *path, struct err *e)
{
    int fd = 0;
    if (path) {
        fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640);
        if (fd < 0)
            return fail(e, ERR_IO, "the log cannot be written to %s: %s", path,
                        strerror(errno));
    }
    if (l->fd > STDERR_FILENO)
        close(l->fd);
    l->fd = fd;
    l->with_priority = !path && is_journal(STDERR_FILENO);
    return true;
}

void service_say(const char *state)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const char *path = getenv("NOTIFY_SOCKET");
    size_t n = path ? strlen(path) : 0;
    if (n < 2 || n >= sizeof at.sun_path)
        return;
    memcpy(at.sun_path, path, n);
    if (path[0] == '@')
        at.sun_path[0] = '\0'; /* not a file: an abstract name */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&at,
           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
    close(fd);
}
