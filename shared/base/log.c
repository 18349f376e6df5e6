#include "log.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const char *const names[] = {
    [LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};

/* syslog(3) */
static const int priorities[] = {
    [LOG_ERROR] = 3, [LOG_WARN] = 4, [LOG_INFO] = 6, [LOG_DEBUG] = 7};

void log_line(const struct log *l, enum log_level level, const char *id, const char *fmt, ...)
{
    if (level > l->level)
        return;
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);

    struct buf line = {0};
    if (l->with_priority)
        buf_fmt(&line, "<%d>", priorities[level]);
    if (l->with_time) {
        struct timespec now;
        struct tm tm;
        char stamp[32];
        clock_gettime(CLOCK_REALTIME, &now);
        gmtime_r(&now.tv_sec, &tm);
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);
        buf_fmt(&line, "%s.%03ldZ ", stamp, now.tv_nsec / 1000000);
    }
    buf_fmt(&line, "%s %s ", names[level], id);
    utf8_escape(&line, str_of(text));
    buf_add_c(&line, '\n');
    ssize_t written = write(l->fd ? l->fd : 2, line.p, line.n);
    (void)written; /* where a log line cannot be written there is nobody to tell */
    buf_finish(&line);
}

bool log_level_from_name(struct str name, enum log_level *out)
{
    int i = str_which(name, names, COUNT_OF(names));
    if (i >= 0)
        *out = (enum log_level)i;
    return i >= 0;
}
