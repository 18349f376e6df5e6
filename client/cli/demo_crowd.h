/* moot demo --people: a crowd of clients at work, each a process. They chat, move and change
 * cards and write in a note, at the pace of people and drawn from a seed, over links that are
 * cut now and then. What they write bears who wrote it and a number, so that at the end it can
 * be seen what became of each. */
#ifndef MOOT_DEMO_CROWD_H
#define MOOT_DEMO_CROWD_H

#include "demo_team.h"

struct cli;

enum { CROWD_LEAST = 2, CROWD_MOST = 50, CROWD_NAME_MAX = 12 };

/* What one of them did; told when told to stop, once all of it is stored. */
struct crowd_sums {
    int64_t who, said, added, moved, retitled, reacted, lines, letters, taken_out, conflicts;
    char wrong[200]; /* empty: nothing went wrong */
};

struct crowd_part {
    int64_t who;
    char name[CROWD_NAME_MAX + 1];
    const char *url;
    struct str token;
    const char *lines,
        *room;  /* files: what was written in the note, and the room as it is here */
    int orders; /* to read: a byte is to stop; then the event and the text's version to end at
                 */
    int sums;   /* to write a struct crowd_sums to */
    int64_t timeout;
};

/* The name of the one of that number, from 0. */
void crowd_name(int64_t who, char name[CROWD_NAME_MAX + 1]);
/* Plays one of them to the end. */
bool crowd_play(const struct crowd_part *part, struct err *e);

/* The beginning of what one of them writes for the n-th time, and what it says of it: false
 * when text begins otherwise. */
void crowd_sign(struct buf *out, const char *name, int64_t n);
bool crowd_signed(struct str text, struct str *name, int64_t *n);

/* The whole of it: starts a server and a crowd, has them work for as long as the options say or
 * a screen is open, checks, and prints what was checked. ERR_INTERNAL when something is not as
 * it has to be. */
bool demo_soak(struct cli *c, struct err *e);

#endif
