/* Writers in one text: each inserts a letter at a random place, waits until it is told that the
 * server has it, and goes on from the newest version it knows. */
#ifndef MOOT_BENCH_WRITERS_H
#define MOOT_BENCH_WRITERS_H

#include "load.h"

bool job_notes(struct load *l);

#endif
