/* How much went on lately, by minute for an hour and by hour for a day: of a room, of a person.
 * Since the server started; nothing of it is stored. */
#ifndef MOOT_PULSE_H
#define MOOT_PULSE_H

#include <stddef.h>
#include <stdint.h>

enum { PULSE_MINUTES = 60, PULSE_HOURS = 24 };

/* Rings: the cell of minute m since 1970 is m modulo their length. Zeroed: nothing yet. */
struct pulse {
    int64_t minute, hour; /* the newest ones counted */
    uint32_t minutes[PULSE_MINUTES], hours[PULSE_HOURS];
};

/* now: ms since 1970, never less than before. */
void pulse_count(struct pulse *p, int64_t now);
/* As it is now: the rings turned so that the oldest cell stands first and the minute and hour
 * under way last. Returns what the last PULSE_MINUTES have in all. p may be NULL. */
uint64_t pulse_read(const struct pulse *p, int64_t now, struct pulse *out);

#endif
