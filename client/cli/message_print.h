/* Messages and what becomes of them, on standard output. */
#ifndef MOOT_MESSAGE_PRINT_H
#define MOOT_MESSAGE_PRINT_H

#include "cli.h"

/* Which messages are wanted, and how they are printed. */
struct message_want {
    struct str room;
    int64_t task, reply; /* 0: all */
    bool pinned;
    bool numbers; /* the sequence number in front, and reactions behind */
};

void message_print(struct cli *c, const struct message_want *w, const struct message_item *m);
/* An edit or a deletion, as a line. */
void message_print_change(struct cli *c, const struct msg *event);

/* The newest messages, as many as are wanted, oldest first, but none of before event `since`;
 * pages come newest first, so they are kept until the oldest is there. *seq: of the newest
 * event that they take into account. */
bool message_print_newest(struct cli *c, const struct message_want *w, int64_t wanted,
                          int64_t since, int64_t *seq, struct err *e);
/* All of them behind event `since`, as they come. */
bool message_print_all(struct cli *c, const struct message_want *w, int64_t since, int64_t *seq,
                       struct err *e);

#endif
