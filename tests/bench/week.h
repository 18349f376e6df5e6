/* A week of a thousand people on a hundred rooms, in minutes: they come in the morning, say and
 * do things, reconnect, and leave in the evening; at night a backup is made. Everything that is
 * sent and that comes is counted, so that it can be compared with what the server counts. */
#ifndef MOOT_BENCH_WEEK_H
#define MOOT_BENCH_WEEK_H

#include "load.h"

/* l->repeat days of l->seconds each, l->rate acts a second; l->night is run in between. A line
 * for each day: what the server takes when everybody is gone; and one that ends it. */
bool job_week(struct load *l);

#endif
