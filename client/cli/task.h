/* What the verbs about cards share. */
#ifndef MOOT_TASK_H
#define MOOT_TASK_H

#include "replica.h"

struct cli;

/* One card as a line, or with --json as an object. */
void task_print(struct cli *c, const struct replica *r, const struct card *card,
                struct str room);

/* YYYY-MM-DD, in the arena. */
struct str task_today(struct cli *c);

#endif
