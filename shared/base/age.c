#include "age.h"
#include "mem.h"

#include <stdio.h>

#define DAY INT64_C(86400000)

void age_of(int64_t ms, char out[AGE_MAX])
{
    static const struct {
        int64_t from, ms;
        const char *unit;
    } units[] = {{365 * DAY, 365 * DAY, "y"},
                 {14 * DAY, 7 * DAY, "w"},
                 {DAY, DAY, "d"},
                 {DAY / 24, DAY / 24, "h"},
                 {DAY / 1440, DAY / 1440, "m"}};
    snprintf(out, AGE_MAX, "now");
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (ms >= units[i].from) {
            snprintf(out, AGE_MAX, "%d%s", (int)MIN(ms / units[i].ms, 999), units[i].unit);
            return;
        }
}
