/* A session for programs that ask one thing and wait: signs in, asks, waits for the answer,
 * comes back after a cut and asks again under the same id, all until a deadline.
 *
 * The client id is made anew for each run: nothing is kept on disk, and what was not answered
 * in time is said to be so. For those that go on for long conversation_keep() changes that. */
#ifndef MOOT_CONVERSATION_H
#define MOOT_CONVERSATION_H

#include "outbox_file.h"
#include "session.h"

struct conversation;

/* url, token (empty for none) and ca_file (NULL for the system's) are copied. timeout_ms holds
 * for signing in and, each time anew, for every question and request. */
struct conversation *conversation_new(const char *url, struct str token, const char *ca_file,
                                      int64_t timeout_ms);
void conversation_free(struct conversation *t); /* NULL is fine */

/* Keeps what is asked for in an outbox, from before conversation_start() on: it is on disk
 * before it is sent, and what is still there when the program ends in whatever way is sent by
 * the next one. refused: path of the file for what the server does not want. Both borrowed. */
void conversation_keep(struct conversation *t, struct outbox_file *f, const char *refused);

/* Signs in. ERR_UNREACHABLE when the server was not there in time, or the reason of a refusal.
 */
bool conversation_start(struct conversation *t, struct err *e);
/* Who we are and which rooms there are, once started; borrowed. */
const struct session *conversation_session(const struct conversation *t);
/* The time of the server's clock, in ms since 1970. */
int64_t conversation_time(const struct conversation *t);

/* Sends a request and waits until the server has it on disk, or refuses it. */
bool conversation_request(struct conversation *t, struct msg *request, struct msg_ok *ok,
                          struct err *e);
/* Asks a question, again after a cut, and waits for the answer, which is valid until the next
 * one. */
const struct msg *conversation_ask(struct conversation *t, const struct msg *question,
                                   struct err *e);
/* Asks a question that is answered in parts, each of which is handed over as it comes; part()
 * returns true when more follow. After a cut it is asked again, and begin() comes first. */
struct parts {
    void (*begin)(void *arg);
    bool (*part)(void *arg, const struct msg *m);
    void *arg;
};
bool conversation_ask_parts(struct conversation *t, const struct msg *question, struct parts p,
                            struct err *e);
/* A passing state, if it can be sent now. */
void conversation_state(struct conversation *t, const struct msg *state);

/* Opens a room and waits until it is the present one. Borrowed; NULL and e when it cannot be.
 */
const struct replica *conversation_open(struct conversation *t, struct str room, struct err *e);

/* Listens to a room from behind event `since` (0: all). each is called for every event, once
 * and in order, also over cuts; it returns false to end. With forever, it goes on until then or
 * until the server refuses; else it ends when all there was has come. between, which may be
 * NULL, is called when nothing more is there for now. */
struct follower {
    bool (*each)(void *arg, const struct msg *event);
    void (*between)(void *arg);
    void *arg;
};
bool conversation_follow(struct conversation *t, struct str room, int64_t since, bool forever,
                         struct follower f, struct err *e);

/* Opens the text of a note or card of a room that is open, and waits until it is the present
 * one. */
struct doc *conversation_text(struct conversation *t, struct str room, int64_t number,
                              struct err *e);
/* Edits it; with `wait`, until that is stored, or refused. */
bool conversation_edit(struct conversation *t, struct doc *d, const struct op *o, bool wait,
                       struct err *e);
/* Waits until all edits are stored. */
bool conversation_save(struct conversation *t, struct doc *d, struct err *e);

/* For verbs that go on while something else happens: lets time pass until anything was heard,
 * or the clock says `until`. False when the server will not have us, or what
 * was edited, any more. watch: a
 * descriptor that ends the wait when it can be read; -1 for none. */
bool conversation_turn(struct conversation *t, int64_t until, int watch, struct err *e);
int64_t conversation_now(const struct conversation *t);
/* Says nothing on standard error about the link, as when the terminal is somebody else's. */
void conversation_hush(struct conversation *t, bool quiet);

/* Takes part for so long: what comes is read, the link is kept. For the demo's teammates. */
bool conversation_linger(struct conversation *t, int64_t ms, struct err *e);

#endif
