/* Days of the calendar, as the number of days since 1970-01-01, and as people name them. Which
 * day today is, is the caller's to say: nothing here knows a clock or a time zone. */
#ifndef MOOT_DAY_H
#define MOOT_DAY_H

#include "str.h"

enum { DAY_TEXT_MAX = 24, DAY_SAID_MAX = 24 };

/* Of the proleptic Gregorian calendar. */
int64_t day_number(int year, int month, int day);
/* YYYY-MM-DD, 1970 to 9999, of a day that is in the calendar. */
bool day_read(struct str s, int64_t *day);
void day_print(int64_t day, char out[DAY_TEXT_MAX]);
/* 0 is Monday. */
int day_of_week(int64_t day);

/* A day as a person types it: YYYY-MM-DD, MM-DD (the next there is), today, tomorrow,
 * yesterday, a day of the week or at least three letters of it (the next one after today), 3d,
 * 2w or 1m from today, with or without a plus. */
bool day_said(struct str word, int64_t today, int64_t *day);
/* As help, manual and errors list them. */
#define DAY_FORMS "2026-12-31, 12-31, today, tomorrow, friday, 3d, 2w or 1m"
/* How far off it is, in a few letters: "today", "tomorrow", "Fri", "in 12 days", "3 days ago".
 */
void day_say(int64_t day, int64_t today, char out[DAY_SAID_MAX]);
/* The same for a margin: "today", "Fri", "12d", "-3d". */
void day_say_short(int64_t day, int64_t today, char out[DAY_SAID_MAX]);

#endif
