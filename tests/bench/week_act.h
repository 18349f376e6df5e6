/* Inside of the week: people, rooms, and what they do. */
#ifndef MOOT_BENCH_WEEK_ACT_H
#define MOOT_BENCH_WEEK_ACT_H

#include "load.h"

/* A board has its cards on the first day, and each was changed once: the server keeps all that
 * were ever made in memory, and who changed them last, and what is looked for is what grows
 * besides. */
enum { ROOMS_EACH = 3, KEPT = 100, CARDS_EACH = 8 };

/* As all people together have seen it; numbers of events and things, 0 for none. */
struct week_room {
    int64_t seq, message, cards, version;
    bool is_made;
};

struct person {
    uint32_t rooms[ROOMS_EACH];
    int64_t since[ROOMS_EACH];
    bool joined[ROOMS_EACH], open[ROOMS_EACH];
    int64_t next_id;
    int waiting; /* requests without an answer */
};

struct week {
    struct load *l;
    struct person *people; /* by the link's index */
    struct week_room *rooms;
    size_t n_rooms;
    uint64_t sent, heard, edits, refused, came; /* counted here */
    int wrong;                                  /* figures that differ */
};

/* The room of one: the first is where the person is the owner, if it is one of the first. */
void week_place(struct week *w, struct link *c);
/* Everything that a frame holds. */
void week_frame(struct week *w, struct link *c, struct str text);
/* Opens the rooms where they were left, those that are made by now; makes one's own. */
void week_enter(struct week *w, struct link *c);
/* Something of what people do. */
void week_act(struct week *w, struct link *c);
/* The room keeps a hundred messages: said by its owner. */
void week_keep(struct week *w, struct link *c);
/* Each card of the room is changed once, by its owner: who changed a field last is kept of
 * each. */
void week_fill(struct week *w, struct link *c);
/* Closes all rooms: nothing is on its way to somebody who hangs up then. */
void week_leave(struct week *w, struct link *c);
bool week_is_answered(const struct week *w, const struct link *c);

#endif
