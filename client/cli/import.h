/* Cards from another program's export, before they are ours. */
#ifndef MOOT_IMPORT_H
#define MOOT_IMPORT_H

#include "err.h"

struct str_list {
    struct str *v;
    size_t n, cap;
};

struct import_card {
    struct str column, title, description; /* as they were written, of any length */
    struct str priority, due;              /* empty: none */
    struct str_list labels, people;
    bool archived;
};

struct import {
    struct arena arena;
    struct str_list columns; /* in their order */
    VEC(struct import_card) cards;
    struct str_list ignored; /* what of the file there is no place for */
};

/* The export of a board by Trello, in JSON. */
bool import_trello(struct str text, struct import *out, struct err *e);
/* Rows with a heading, which says what is where: title (or name, card, summary), column (list,
 * status), description, labels (tags), assignees (members), due, priority. */
bool import_csv(struct str text, struct import *out, struct err *e);
void import_finish(struct import *i);

/* The name that stands in the list already, or is put there. */
struct str import_column(struct import *i, struct str name);

#endif
