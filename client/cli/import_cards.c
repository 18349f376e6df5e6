#include "import.h"

#include <stdlib.h>

struct str import_column(struct import *i, struct str name)
{
    vec_each (one, &i->columns)
        if (str_eq(*one, name))
            return *one;
    if (name.n)
        vec_push(&i->columns, name);
    return name;
}

void import_finish(struct import *i)
{
    vec_each (card, &i->cards) {
        free(card->labels.v);
        free(card->people.v);
    }
    vec_finish(&i->cards);
    vec_finish(&i->columns);
    vec_finish(&i->ignored);
    arena_finish(&i->arena);
}
