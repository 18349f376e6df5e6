/* Several people in one text, with nothing but the algorithm: each has a struct sync, a screen
 * and an undo stack; the server moves what arrives past what was committed since, one operation
 * after the other. Between them letters are late, come twice, or are lost when a link is cut.
 * Every code point typed is a different one, so that at the end it can be seen what became of
 * each. */
#ifndef MOOT_TEAM_H
#define MOOT_TEAM_H

#include "chance.h"
#include "err.h"

enum team_work {
    TEAM_EDITS,  /* insert and delete anything: what nobody deleted is there once */
    TEAM_UNDOES, /* insert, undo and redo: one's own text is as one saw it last */
    TEAM_ALL,    /* everything: all see the same */
};

struct team_plan {
    enum team_work work;
    size_t people, steps;
};

/* Runs it to the end, all links whole again; false when something is not as it has to be. */
bool team_run(struct chance chance, const struct team_plan *plan, struct err *e);

#endif
