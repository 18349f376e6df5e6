/* Outgoing hooks: the events of a room, in order and each at least once, to an address.
 *
 * How far one is, is a number in the log of its room, so nothing is kept for it but that: what
 * it is to send is read from the log when it is its turn, one event at a time. The number goes
 * to the store after the receiver has said that it has the event; should the server end before
 * that, the event is sent again. A receiver that fails is tried again, later and later; one
 * that fails for HOOK_GIVE_UP_DAYS, and often, is given up until an admin resumes it. */
#ifndef MOOT_HOOK_SEND_H
#define MOOT_HOOK_SEND_H

#include "hub_state.h"

enum {
    HOOK_PAGE = 100, /* events looked through at once for the next that is wanted, */
    HOOK_PAGE_BYTES = 64 * 1024,
    HOOK_RETRY_MS = 1000,         /* after the first failure; twice as long after each other */
    HOOK_RETRY_MOST_MS = 3600000, /* and never longer */
    HOOK_KEEP_MS = 1000,          /* how long a delivery may be known here alone, */
    HOOK_KEEP_PASSED_MS = 60000,  /* and how long what was only passed over */
};

/* An event of the room was stored. */
void hooks_saw(struct hub *h, struct room *r, const struct store_append *p);
/* At the end of a turn: sends, tries again, keeps. */
void hooks_tick(struct hub *h);
/* What is not kept yet goes to the store now: the server ends. */
void hooks_drain(struct hub *h);
/* The machine slept, or its clock was set: who failed before that is tried anew. */
void hooks_leap(struct hub *h);
void hook_read(struct hub *h, struct ask *a, const struct store_job *j);
void hook_kept(struct hub *h, struct ask *a, const struct store_job *j);
/* IN_POSTED */
void hook_posted(struct hub *h, const struct hub_input *in);
/* It goes on where it was, at once. */
void hook_resume(struct hub *h, struct hook *k);

#endif
