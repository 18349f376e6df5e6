#include "notify.h"
#include "opt.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

static const char *const level_names[] = {[NOTIFY_DEFAULT] = "default",
                                          [NOTIFY_NONE] = "none",
                                          [NOTIFY_MENTIONS] = "mentions",
                                          [NOTIFY_ALL] = "all",
                                          [NOTIFY_MUTE] = "mute"};

const char *notify_level_name(enum notify_level l)
{
    return level_names[l];
}

bool notify_level_from_name(struct str name, bool room, enum notify_level *out, struct err *e)
{
    int first = room ? NOTIFY_DEFAULT : NOTIFY_NONE, end = room ? NOTIFY_LEVELS : NOTIFY_MUTE;
    int i = opt_which("notify", name, level_names + first, (size_t)(end - first), e);
    if (i >= 0)
        *out = (enum notify_level)(first + i);
    return i >= 0;
}

static bool minute_of(struct str text, int *out)
{
    int64_t hour, minute;
    if (!str_int(str_cut(&text, ':'), 0, 23, &hour) || !str_int(text, 0, 59, &minute))
        return false;
    *out = (int)(hour * 60 + minute);
    return true;
}

bool notify_hours(struct str text, struct notify_rules *out, struct err *e)
{
    struct str to = text, from = str_cut(&to, '-');
    out->quiet_from = out->quiet_to = 0;
    if (text.n == 0 || (minute_of(from, &out->quiet_from) && minute_of(to, &out->quiet_to)))
        return true;
    return fail(e, ERR_USAGE, "quiet-hours: '%.*s' is not two times, as 22:00-07:00",
                (int)MIN(text.n, (size_t)40), text.p);
}

bool notify_is_quiet(const struct notify_rules *r, int64_t now)
{
    time_t t = (time_t)(now / 1000);
    struct tm tm = {0};
    localtime_r(&t, &tm);
    int minute = tm.tm_hour * 60 + tm.tm_min;
    if (r->quiet_from <= r->quiet_to)
        return minute >= r->quiet_from && minute < r->quiet_to;
    return minute >= r->quiet_from || minute < r->quiet_to; /* over midnight */
}

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

static bool stands_in(struct str text, struct str word)
{
    for (size_t i = 0; word.n && i + word.n <= text.n; i++) {
        if ((i && is_word_byte(text.p[i - 1])) ||
            (i + word.n < text.n && is_word_byte(text.p[i + word.n])))
            continue;
        if (strncasecmp(text.p + i, word.p, word.n) == 0)
            return true;
    }
    return false;
}

bool notify_has_keyword(const struct notify_rules *r, struct str text)
{
    struct str rest = str_of(r->keywords);
    while (rest.n)
        if (stands_in(text, str_trim(str_cut(&rest, ','))))
            return true;
    return false;
}

bool notify_ways(struct str list, unsigned *out, struct err *e)
{
    static const char *const names[] = {"bell", "osc9", "osc777", "osc99", "title", "none"};
    *out = 0;
    while (list.n) {
        int i =
            opt_which("notify-by", str_trim(str_cut(&list, ',')), names, COUNT_OF(names), e);
        if (i < 0)
            return false;
        if (i < (int)COUNT_OF(names) - 1)
            *out |= 1u << i;
    }
    return true;
}
