/* A crowd in one room: everybody moves cursor and pointer all the time. */
#ifndef MOOT_BENCH_CROWD_H
#define MOOT_BENCH_CROWD_H

#include "load.h"

/* l->rate moves a second of each kind by each connection; fills the room with l->cards cards
 * first, if that many are asked for. */
bool job_crowd(struct load *l);

#endif
