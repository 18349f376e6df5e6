/* Log lines: "LEVEL id message", one line each, control characters escaped. */
#ifndef MOOT_LOG_H
#define MOOT_LOG_H

#include "str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Where lines go and which are wanted. Zeroed writes errors only to stderr. */
struct log {
    enum log_level level; /* this and more important ones are written */
    int fd;               /* 0 means 2 */
    bool with_time;       /* a UTC time in front; off under journald */
    bool with_priority;   /* "<6>" in front of all, as journald reads it: sd-daemon(3) */
};

/* Writes one line in one write(2). id is a stable name such as "net.accept"; the message is
 * made as by printf and then escaped, so text from outside cannot forge a line. */
void log_line(const struct log *l, enum log_level level, const char *id, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

bool log_level_from_name(struct str name, enum log_level *out); /* error warn info debug */

#endif
