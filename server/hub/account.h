/* People: accounts, first sign-ins, revoked tokens. */
#ifndef MOOT_ACCOUNT_H
#define MOOT_ACCOUNT_H

#include "hub_state.h"

struct user *user_find(const struct hub *h, struct str name);
/* The one with that name, or a new one without an account. */
struct user *user_make(struct hub *h, struct str name);
/* Ties a new connection to its person. */
void user_join(struct hub *h, struct caller *c, struct str name);
void user_leave(struct hub *h, struct caller *c);
/* From the store's list at the start. */
void user_load(struct hub *h, const struct store_user *from);
/* Frees a name that nobody has an account for and nothing refers to. */
void user_forget(struct hub *h, struct user *u);
void user_free(struct hub *h, struct user *u);
/* Keeps u->rooms in step with the roles that are told. */
void user_add_room(struct user *u, struct room *r);
void user_drop_room(struct user *u, struct room *r);

/* Sends the account to the store as it should be. by: the admin whose doing it is, or NULL. */
void user_put(struct hub *h, struct user *u, struct ask *a, const struct caller *by);
/* The answer to user_put(): what is stored, or that nothing is. */
void user_stored(struct user *u, const struct store_job *j);
/* An admin changed the account: sessions and open rooms that it does not allow end. */
void user_changed(struct hub *h, struct user *u);

/* First sign-in: membership of the lobby and the account go to the store; u's connections stay
 * parked until newcomer_stored(). */
void newcomer_begin(struct hub *h, struct user *u);
void newcomer_stored(struct hub *h, struct user *u, const struct store_job *j);
/* The lobby has room in its queue again. */
void newcomer_retry(struct hub *h);
/* The lobby cannot be had now: those who wait for it come in without. */
void newcomer_skip_lobby(struct hub *h);
/* Makes the lobby if it is wanted and missing. */
void lobby_make(struct hub *h);
/* Remembers a sign-in, now and then also in the store. */
void user_seen(struct hub *h, struct user *u);

bool token_is_revoked(const struct hub *h, struct str id);
void token_revoke(struct hub *h, struct str id, int64_t expires);
/* Ends all sessions that came by the token. */
void token_expel(struct hub *h, struct str id);

#endif
