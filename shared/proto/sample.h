/* Random valid messages, made from the table: for tests, fuzzing and the manual's examples. */
#ifndef MOOT_SAMPLE_H
#define MOOT_SAMPLE_H

#include "msg.h"

/* A small generator (splitmix64), so that one seed gives one sequence everywhere. */
uint64_t sample_next(uint64_t *seed);
/* Fills m with a message of the type as that side may send it; strings live in the arena. Every
 * field stays in its bounds and reaches both ends of them now and then. */
void sample_msg(struct msg *m, enum msg_type type, enum msg_side from, uint64_t *seed,
                struct arena *a);
/* The same value every time, short and readable: what the manual prints. */
void sample_readable(struct msg *m, enum msg_type type, enum msg_side from, struct arena *a);

#endif
