/* The notes of a room by name, and how far its texts are: all as it will be once what is under
 * way is stored. Known while the room has its board. */
#ifndef MOOT_HUB_NOTE_H
#define MOOT_HUB_NOTE_H

#include "hub_state.h"

void notes_finish(struct notes *n);
/* From the store's rows. Numbers must be those of no card of b and below its next one; fails
 * with ERR_STORE on rows that cannot be. n is zeroed, and to be finished in any case. */
bool notes_read(struct notes *n, const struct store_room *from, const struct board *b,
                struct err *e);

/* NULL when there is none; archived ones are found too. */
struct note *note_find(const struct room *r, int64_t number);
/* The note of that name that is not archived, or NULL. */
struct note *note_named(const struct room *r, struct str name);
/* A new one; its number is larger than all others. */
struct note *note_make(struct room *r, int64_t number, struct str name, int64_t time,
                       struct str author);
void note_call(struct note *n, struct str name);
/* As it goes into a snapshot; borrowed from the room. */
struct note_item note_item(const struct room *r, const struct note *n);

/* Is this the number of a note or of a card, be it archived? */
bool note_or_card(const struct room *r, int64_t number);

/* NULL for a text that was never edited, of a card without comments. */
const struct text_head *text_head(const struct room *r, int64_t number);
/* The text's version, 0 when it was never edited. */
int64_t text_head_version(const struct room *r, int64_t number);
void text_head_set(struct room *r, const struct store_text *to);
/* One comment more on a card, or with -1 one less. */
void card_said(struct room *r, int64_t card, int by);

/* For tests: sorted, names of live ones differ, numbers of their own. */
bool notes_check(const struct room *r, struct err *e);

#endif
