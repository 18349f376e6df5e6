/* How what was done to a board is taken back: the requests for it, and what others did since
 * that stands in the way. */
#ifndef MOOT_TAKEBACK_H
#define MOOT_TAKEBACK_H

#include "board_action.h"
#include "msg.h"

struct requests {
    struct msg *v;
    size_t n, cap;
};

/* Appends the requests that do an inverse (see board_apply()) to the board as it is, in the
 * order in which they are to be made (heads empty): one, but for a removed column that had
 * cards, and none where nothing was changed. Strings in the arena. */
void takeback_requests(const struct board *b, const struct board_action *back,
                       struct requests *out, struct arena *a);

/* Whether what the event did would be undone by the request, too, or has made it impossible.
 * card: the number of the one that the request is about, as events name it; 0: none. */
bool takeback_meets(const struct msg *event, const struct msg *request, int64_t card);

/* Columns are named alike, ASCII case ignored. */
bool takeback_is_column(struct str a, struct str b);

#endif
