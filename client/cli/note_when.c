/* When: a version or a time, as people write them. */
#include "note.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t note_clock(void)
{
    return (int64_t)time(NULL) * 1000;
}

static bool read_version(struct str word, int64_t *version)
{
    if (word.n && (word.p[0] == 'v' || word.p[0] == 'V'))
        word = (struct str){word.p + 1, word.n - 1};
    return str_int(word, 0, SEQ_MAX, version);
}

/* "90s", "5m", "2h", "3d", "1w" ago. */
static bool read_ago(struct str word, int64_t now, int64_t *time)
{
    static const char units[] = "smhdw";
    static const int64_t ms[] = {1000, 60000, 3600000, 86400000, 604800000};
    int64_t n;
    const char *unit = word.n > 1 ? strchr(units, word.p[word.n - 1]) : NULL;
    if (!unit || !*unit || !str_int((struct str){word.p, word.n - 1}, 1, 100000, &n))
        return false;
    *time = now - n * ms[unit - units];
    return *time > 0;
}

/* Local time; what is left out of a time of day is 0, of a date today. */
static bool read_clock(struct str word, int64_t now, int64_t *when)
{
    static const char *const forms[] = {"%Y-%m-%d %H:%M:%S",
                                        "%Y-%m-%d %H:%M",
                                        "%Y-%m-%dT%H:%M:%S",
                                        "%Y-%m-%dT%H:%M",
                                        "%Y-%m-%d",
                                        "%H:%M:%S",
                                        "%H:%M"};
    char text[32];
    time_t today = (time_t)(now / 1000);
    if (word.n >= sizeof text)
        return false;
    memcpy(text, word.p, word.n);
    text[word.n] = '\0';
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct tm tm;
        localtime_r(&today, &tm);
        tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
        tm.tm_isdst = -1;
        const char *end = strptime(text, forms[i], &tm);
        if (!end || *end)
            continue;
        *when = (int64_t)mktime(&tm) * 1000;
        return *when > 0;
    }
    return false;
}

bool note_when(struct str word, int64_t now, int64_t *version, int64_t *when, struct err *e)
{
    *version = -1;
    *when = 0;
    if (read_version(word, version) || read_ago(word, now, when) || read_clock(word, now, when))
        return true;
    *version = -1;
    *when = 0;
    return fail(e, ERR_USAGE,
                "'%.*s' is neither a version, as 17, nor a time, as 2h (ago), 18:00, "
                "2026-11-23 or '2026-11-23 18:00'",
                (int)MIN(word.n, (size_t)40), word.p);
}
