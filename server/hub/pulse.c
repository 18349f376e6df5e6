#include "pulse.h"

#include "mem.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

/* Clears the cells between the newest one and `to`, which becomes the newest. */
static void turn(uint32_t *cells, size_t n, int64_t *newest, int64_t to)
{
    int64_t gone = to - *newest;
    for (int64_t i = 1; i <= MIN(gone, (int64_t)n); i++)
        cells[(*newest + i) % (int64_t)n] = 0;
    if (gone > (int64_t)n)
        for (size_t i = 0; i < n; i++)
            cells[i] = 0;
    *newest = MAX(*newest, to);
}

static void catch_up(struct pulse *p, int64_t now)
{
    turn(p->minutes, PULSE_MINUTES, &p->minute, now / MINUTE_MS);
    turn(p->hours, PULSE_HOURS, &p->hour, now / HOUR_MS);
}

void pulse_count(struct pulse *p, int64_t now)
{
    catch_up(p, now);
    p->minutes[p->minute % PULSE_MINUTES]++;
    p->hours[p->hour % PULSE_HOURS]++;
}

uint64_t pulse_read(const struct pulse *p, int64_t now, struct pulse *out)
{
    struct pulse t = {0};
    uint64_t sum = 0;
    if (p)
        t = *p;
    catch_up(&t, now);
    *out = t;
    for (int64_t i = 0; i < PULSE_MINUTES; i++) {
        out->minutes[i] = t.minutes[(t.minute + 1 + i) % PULSE_MINUTES];
        sum += out->minutes[i];
    }
    for (int64_t i = 0; i < PULSE_HOURS; i++)
        out->hours[i] = t.hours[(t.hour + 1 + i) % PULSE_HOURS];
    return sum;
}
