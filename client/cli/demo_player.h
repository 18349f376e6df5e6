/* One of the tour's people while the tour runs: a client that does what it is cued to. */
#ifndef MOOT_DEMO_PLAYER_H
#define MOOT_DEMO_PLAYER_H

#include "demo_team.h"

struct player {
    const struct demo_part *part;
    struct conversation *talk;
    struct doc *note;          /* NULL: it is gone */
    struct buf in;             /* of the cues: what is no whole line yet */
    VEC(struct tour_cue) cues; /* to be done */
    int64_t run;               /* of the newest one */
    struct err gone;           /* code not 0: it is over */
};

/* Takes part for so long. False at once when another chapter has begun, or all is over: what is
 * being done is to be left. */
bool player_rest(struct player *p, int64_t ms);

/* Types text below the line that begins with `below`, or at the end, at a person's pace. What
 * stands there from an earlier time is taken out before. */
void demo_note_write(struct player *p, const char *below, const char *text);

#endif
