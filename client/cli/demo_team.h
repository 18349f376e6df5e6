/* The people of moot demo: what is on the board when it opens, and what they go on doing. */
#ifndef MOOT_DEMO_TEAM_H
#define MOOT_DEMO_TEAM_H

#include "conversation.h"

#define DEMO_ROOM "#lobby"
enum { DEMO_PEOPLE = 2, DEMO_TOKEN_S = 86400 };

extern const char *const demo_people[DEMO_PEOPLE];

/* Makes the accounts and a token for each, and fills board and chat. url is the private
 * server's, where we are an admin. */
bool demo_seed(const char *url, struct buf tokens[DEMO_PEOPLE], int64_t timeout, struct err *e);

/* Plays one person until the process is ended or the server has gone. */
bool demo_play(const char *url, int person, struct str token, int64_t timeout, struct err *e);

#endif
