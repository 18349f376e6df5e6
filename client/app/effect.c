#include "effect.h"

#include <stdlib.h>

void effect_add(struct effects *out, enum effect_kind kind, struct str room, struct str bytes)
{
    vec_push(&out->items, (struct effect){
                              .kind = kind,
                              .room = str_keep(&out->arena, room),
                              .bytes = str_keep(&out->arena, bytes),
                          });
}

void effects_clear(struct effects *e)
{
    e->items.n = 0;
    arena_clear(&e->arena);
}

void effects_finish(struct effects *e)
{
    vec_finish(&e->items);
    arena_finish(&e->arena);
}
