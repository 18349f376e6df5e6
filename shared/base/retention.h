/* How long a room keeps its chat: what people type, what is said of it, and what counts as old.
 */
#ifndef MOOT_RETENTION_H
#define MOOT_RETENTION_H

#include "err.h"
#include "str.h"

enum {
    RETENTION_AGE_MIN = 3600, /* seconds */
    RETENTION_COUNT_MIN = 100,
    RETENTION_WORDS_MAX = 64,
};

/* At most one of the two is not 0. Both 0: everything is kept. */
struct retention {
    int64_t age;   /* seconds that a message is kept */
    int64_t count; /* so many of the newest ones are */
};

static inline bool retention_is_on(struct retention k)
{
    return k.age || k.count;
}

static inline bool retention_is(struct retention a, struct retention b)
{
    return a.age == b.age && a.count == b.count;
}

/* Reads "90d", "12h", "10000" or "off". False and why, with what is allowed. */
bool retention_read(struct str word, struct retention *out, struct err *e);
/* Whether it is one that a room may have. */
bool retention_check(struct retention k, struct err *e);
/* "90 days", "the newest 10000 messages", "everything". */
void retention_words(struct retention k, char out[RETENTION_WORDS_MAX]);
/* "90d", "10000", "off": what retention_read() reads. */
void retention_word(struct retention k, char out[RETENTION_WORDS_MAX]);

#endif
