#include "day.h"

#include "fold.h"

#include <stdio.h>
#include <string.h>

static const char *const week[] = {"monday", "tuesday",  "wednesday", "thursday",
                                   "friday", "saturday", "sunday"};

/* Years are counted from March, so that the leap day is the last one. */
int64_t day_number(int y, int m, int d)
{
    y -= m <= 2;
    int64_t era = y / 400, yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct civil {
    int64_t y;
    int m, d;
};

static struct civil civil_of(int64_t day)
{
    day += 719468;
    int64_t era = day / 146097, doe = day - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int m = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil){yoe + era * 400 + (m <= 2), m, (int)(doy - (153 * mp + 2) / 5 + 1)};
}

void day_print(int64_t day, char out[DAY_TEXT_MAX])
{
    struct civil c = civil_of(day);
    snprintf(out, DAY_TEXT_MAX, "%04d-%02d-%02d", (int)c.y, c.m, c.d);
}

int day_of_week(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

/* n digits at s.p. */
static bool digits(struct str s, size_t at, size_t n, int *out)
{
    int64_t v;
    if (at + n > s.n || s.p[at] == '-' || !str_int((struct str){s.p + at, n}, 0, 9999, &v))
        return false;
    *out = (int)v;
    return true;
}

static bool is_in_calendar(int y, int m, int d)
{
    struct civil c = civil_of(day_number(y, m, d));
    return m >= 1 && m <= 12 && d >= 1 && c.y == y && c.m == m && c.d == d;
}

bool day_read(struct str s, int64_t *day)
{
    int y, m, d;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, &y) ||
        !digits(s, 5, 2, &m) || !digits(s, 8, 2, &d) || y < 1970 || !is_in_calendar(y, m, d))
        return false;
    *day = day_number(y, m, d);
    return true;
}

/* ---- as people say it ---- */

static bool begins_name(const char *name, struct str word, size_t least)
{
    if (word.n < least || word.n > strlen(name))
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (fold_char((unsigned char)word.p[i]) != (unsigned char)name[i])
            return false;
    return true;
}

static bool named(struct str word, int64_t today, int64_t *day)
{
    static const struct {
        const char *name;
        int by;
    } words[] = {{"today", 0}, {"tomorrow", 1}, {"yesterday", -1}};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (begins_name(words[i].name, word, 3)) {
            *day = today + words[i].by;
            return true;
        }
    for (int i = 0; i < 7; i++)
        if (begins_name(week[i], word, 3)) {
            *day = today + (i - day_of_week(today) + 6) % 7 + 1;
            return true;
        }
    return false;
}

/* The same day of a later month, or the last one that month has. */
static int64_t months_on(int64_t today, int64_t n)
{
    struct civil c = civil_of(today);
    int64_t month = c.y * 12 + c.m - 1 + n;
    int y = (int)(month / 12), m = (int)(month % 12) + 1, d = c.d;
    while (!is_in_calendar(y, m, d))
        d--;
    return day_number(y, m, d);
}

static bool from_today(struct str word, int64_t today, int64_t *day)
{
    int64_t n;
    if (str_starts(word, "+"))
        word = (struct str){word.p + 1, word.n - 1};
    if (word.n < 2 || !str_int((struct str){word.p, word.n - 1}, 0, 9999, &n))
        return false;
    char unit = word.p[word.n - 1];
    if (unit != 'd' && unit != 'w' && unit != 'm')
        return false;
    *day = unit == 'm' ? months_on(today, n) : today + n * (unit == 'w' ? 7 : 1);
    return true;
}

/* MM-DD: this year's, or the next one's if that is over. */
static bool in_year(struct str s, int64_t today, int64_t *day)
{
    int m, d, y = (int)civil_of(today).y;
    if (s.n != 5 || s.p[2] != '-' || !digits(s, 0, 2, &m) || !digits(s, 3, 2, &d))
        return false;
    for (int tries = 0; tries < 9; tries++, y++) /* the 29th of February may be far off */
        if (is_in_calendar(y, m, d) && day_number(y, m, d) >= today) {
            *day = day_number(y, m, d);
            return true;
        }
    return false;
}

bool day_said(struct str word, int64_t today, int64_t *day)
{
    word = str_trim(word);
    return day_read(word, day) || named(word, today, day) || from_today(word, today, day) ||
           in_year(word, today, day);
}

static void say_week_day(int64_t day, char out[DAY_SAID_MAX])
{
    const char *name = week[day_of_week(day)];
    snprintf(out, DAY_SAID_MAX, "%c%.2s", name[0] - 'a' + 'A', name + 1);
}

void day_say(int64_t day, int64_t today, char out[DAY_SAID_MAX])
{
    long long by = (long long)(day - today);
    if (by == 0)
        snprintf(out, DAY_SAID_MAX, "today");
    else if (by == 1 || by == -1)
        snprintf(out, DAY_SAID_MAX, by > 0 ? "tomorrow" : "yesterday");
    else if (by > 0 && by < 7)
        say_week_day(day, out);
    else
        snprintf(out, DAY_SAID_MAX, by > 0 ? "in %lld days" : "%lld days ago",
                 by > 0 ? by : -by);
}

void day_say_short(int64_t day, int64_t today, char out[DAY_SAID_MAX])
{
    long long by = (long long)(day - today);
    if (by == 0)
        snprintf(out, DAY_SAID_MAX, "today");
    else if (by > 0 && by < 7)
        say_week_day(day, out);
    else
        snprintf(out, DAY_SAID_MAX, "%lldd", by);
}
