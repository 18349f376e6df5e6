/* The dialects of the servers that are measured. */
#ifndef MOOT_BENCH_DIALECT_H
#define MOOT_BENCH_DIALECT_H

#include "links.h"

const struct dialect *dialect_named(const char *name); /* NULL: none; moot, socketio, plain */
/* Posts a card; moot only. */
void dialect_add_card(struct load *l, struct link *c, const char *title);

#endif
