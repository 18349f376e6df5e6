#include "retention.h"

#include "bounds.h"
#include "mem.h"
#include "opt.h"

#include <inttypes.h>
#include <stdio.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

#define ALLOWED "a time of 1h to 3650d, a number of messages of 100 to 1000000, or off"

static_assert((int)RETENTION_AGE_MIN == HOUR && (int)RETENTION_AGE_MAX == 3650 * DAY &&
                  RETENTION_COUNT_MIN == 100 && RETENTION_COUNT_MAX == 1000000,
              "what is allowed is what is said");

bool retention_check(struct retention k, struct err *e)
{
    if (k.age && k.count)
        return fail(e, ERR_BAD_FIELD, "a room keeps messages by age or by count, not by both");
    if (k.age && (k.age < RETENTION_AGE_MIN || k.age > RETENTION_AGE_MAX))
        return fail(e, ERR_BAD_FIELD, "%" PRId64 " seconds: messages are kept for 1h to 3650d",
                    k.age);
    if (k.count && (k.count < RETENTION_COUNT_MIN || k.count > RETENTION_COUNT_MAX))
        return fail(e, ERR_BAD_FIELD, "%" PRId64 " messages: %d to %d of the newest are kept",
                    k.count, RETENTION_COUNT_MIN, RETENTION_COUNT_MAX);
    return true;
}

bool retention_read(struct str word, struct retention *out, struct err *e)
{
    int64_t n, ms;
    *out = (struct retention){0};
    if (str_is(word, "off"))
        return true;
    if (str_int(word, RETENTION_COUNT_MIN, RETENTION_COUNT_MAX, &n)) {
        out->count = n;
        return true;
    }
    bool is_time = opt_duration(word, &ms) && ms % 1000 == 0;
    out->age = is_time ? ms / 1000 : 0;
    if (is_time && out->age && retention_check(*out, e))
        return true;
    return fail(e, ERR_USAGE, "'%.*s': what is kept is " ALLOWED, (int)MIN(word.n, 40), word.p);
}

static int64_t unit_of(int64_t age)
{
    return age % DAY == 0 ? DAY : age % HOUR == 0 ? HOUR : age % 60 == 0 ? 60 : 1;
}

void retention_words(struct retention k, char out[RETENTION_WORDS_MAX])
{
    int64_t unit = unit_of(k.age), n = k.age / unit;
    const char *name = unit == DAY    ? "day"
                       : unit == HOUR ? "hour"
                       : unit == 60   ? "minute"
                                      : "second";
    if (k.count)
        snprintf(out, RETENTION_WORDS_MAX, "the newest %" PRId64 " messages", k.count);
    else if (k.age)
        snprintf(out, RETENTION_WORDS_MAX, "%" PRId64 " %s%s", n, name, n == 1 ? "" : "s");
    else
        snprintf(out, RETENTION_WORDS_MAX, "everything");
}

void retention_word(struct retention k, char out[RETENTION_WORDS_MAX])
{
    int64_t unit = unit_of(k.age), n = k.age / unit;
    const char *name = unit == DAY ? "d" : unit == HOUR ? "h" : unit == 60 ? "m" : "s";
    if (k.count)
        snprintf(out, RETENTION_WORDS_MAX, "%" PRId64, k.count);
    else if (k.age)
        snprintf(out, RETENTION_WORDS_MAX, "%" PRId64 "%s", n, name);
    else
        snprintf(out, RETENTION_WORDS_MAX, "off");
}
