/* The people of moot demo: what is in the room when it opens, and what they do in it. */
#ifndef MOOT_DEMO_TEAM_H
#define MOOT_DEMO_TEAM_H

#include "conversation.h"
#include "tour.h"

#define DEMO_ROOM TOUR_ROOM
enum { DEMO_TOKEN_S = 86400 };

/* Makes an account and a token for it. t is an admin's. */
bool demo_account(struct conversation *t, const char *name, struct buf *token, struct err *e);

/* Makes the accounts of the tour's people, and fills board, chat and a note. url is the private
 * server's, where we are an admin; me: what it calls us. */
bool demo_seed(const char *url, struct buf tokens[TOUR_PEOPLE], struct buf *me, int64_t timeout,
               struct err *e);

/* Plays one person: does what comes as cues, a line each, from `cues`, until the process is
 * ended or the server has gone. me: the person who looks on. */
struct demo_part {
    enum tour_who who;
    const char *url;
    struct str token, me;
    int cues;
    int64_t timeout;
};
bool demo_play(const struct demo_part *part, struct err *e);

#endif
