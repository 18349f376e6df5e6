/* What a card carries, in a row of short marks on the board: those that say most come first,
 * and where there is no room for all the others are left out. */
#ifndef MOOT_BADGES_H
#define MOOT_BADGES_H

#include "form.h"
#include "replica.h"

enum { BADGES_MAX = 16, BADGE_TEXT_MAX = 40 };

enum badge_kind {
    BADGE_BLOCKED,
    BADGE_PRIORITY, /* rank says which */
    BADGE_DUE,
    BADGE_PERSON, /* an initial, in the colour of `of` */
    BADGE_BOXES,  /* ticked/all */
    BADGE_SAID,   /* so many comments */
    BADGE_MORE,   /* so many more people */
    BADGE_LABEL,  /* in a colour by its text */
};

struct badge {
    enum badge_kind kind;
    int rank; /* of a priority, see card_priority_rank() */
    int tone; /* enum tone */
    char text[BADGE_TEXT_MAX];
    struct str of;
};

struct badges {
    struct badge v[BADGES_MAX];
    size_t n;
};

bool card_has_badges(const struct replica *r, const struct card *c);
/* Those that fit into `width` columns with a blank between them; today as in day.h. */
void card_badges(const struct replica *r, const struct card *c, int64_t today, int width,
                 struct badges *out);
int priority_tone(struct str priority);
int due_tone(int64_t day, int64_t today);

#endif
