/* People who type sessions into the note 1 of #core, each through a client of their own. What
 * goes wrong fails the test. */
#ifndef MOOT_TEST_TYPISTS_H
#define MOOT_TEST_TYPISTS_H

#include "traces.h"

enum { TYPISTS = 3, TYPIST_EDITS_MAX = 12000 /* of a session */ };

/* Makes the room and the note, with a first text. */
void typist_make_note(const char *url, struct str text);
/* Three clients type a session into the empty note, some edits each in turn, and end with the
 * text that must come out. */
void typists_pass_round(const char *url, const struct trace *t);
/* Types a session behind one's own heading, which others' typing moves about. */
void typist_type_alone(const char *url, const struct trace *t, int person);
/* The heading of a person, appended to a text. */
void typist_heading(struct buf *out, int person);
/* Appends what must come out of the first n edits. */
void typist_replay(const struct trace *t, size_t n, struct buf *out);
/* What a client gets that opens the note now. */
void typist_expect(const char *url, struct str wanted);

#endif
