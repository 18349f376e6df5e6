/* Requests to add a card or a note that a connection was to send again, and has not yet: what
 * names their cards is put off as well, or it would be refused for good because of what was
 * not. */
#ifndef MOOT_PUT_OFF_H
#define MOOT_PUT_OFF_H

#include "mem.h"

#include <stdbool.h>
#include <stdint.h>

enum { PUT_OFF_MAX = 64 };

/* The lowest ids, in order; with `more`, what lies above them counts too. Clients send in the
 * order of their ids, so that the list is empty again before any of the others matters. Zeroed
 * is empty. */
struct put_off {
    VEC(int64_t) ids;
    bool more;
};

/* The request was refused and may come again. */
void put_off_add(struct put_off *p, int64_t id);
/* It was taken, or refused for good. */
void put_off_settle(struct put_off *p, int64_t id);
bool put_off_has(const struct put_off *p, int64_t id);
void put_off_finish(struct put_off *p);

#endif
