/* A picker: a list of things that gets shorter as one types. What is typed has to stand in a
 * thing's words, letter for letter in that order but not side by side; the best fit comes
 * first. A part of the screen: it knows no model and no colours. */
#ifndef MOOT_PICKER_H
#define MOOT_PICKER_H

#include "form.h"
#include "lineedit.h"

enum { PICKER_QUERY_MAX = 200, PICKER_ITEMS_MAX = 20000 };

struct pick_item {
    struct str text, note; /* note: behind it, and searched too */
    struct str value;      /* the caller's */
    int tone;
    bool is_on; /* it has been picked already */
};

struct picker {
    bool is_open;
    struct str title;
    bool several; /* more than one can be on: marks are shown */
    struct lineedit line;
    VEC(struct pick_item) items;
    VEC(size_t) shown;     /* items that fit, best first */
    struct pick_item made; /* what the caller makes of what is typed; text empty: nothing */
    struct arena made_arena;
    size_t at; /* in what is shown; `made` stands behind it */
    struct arena arena;
};

void picker_open(struct picker *p, struct str title, bool several);
void picker_close(struct picker *p);
/* Adds a thing; strings are copied. */
void picker_add(struct picker *p, struct str text, struct str note, struct str value, int tone,
                bool is_on);
/* What is typed has changed, or the things have. `made` is forgotten. */
void picker_filter(struct picker *p);
/* Offers one thing more, behind those that fit. */
void picker_make(struct picker *p, struct str text, struct str note, struct str value);
/* Does a thing of just that text exist? Letters' case counts. */
bool picker_has(const struct picker *p, struct str text);
/* Or one of that value? */
bool picker_has_value(const struct picker *p, struct str value);
size_t picker_count(const struct picker *p); /* of what is shown */
const struct pick_item *picker_shown(const struct picker *p, size_t i);
/* The selected one; NULL: nothing fits. */
const struct pick_item *picker_selected(const struct picker *p);
/* The selected one is on now, or off. */
void picker_toggle(struct picker *p);
void picker_step(struct picker *p, int by);
/* The first one to show in `height` rows. */
size_t picker_first(const struct picker *p, int height);

/* How well query fits text, letters' case ignored; 0: not. */
int fuzzy_score(struct str query, struct str text);

#endif
