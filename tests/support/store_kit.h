/* Jobs for tests of stores: events as the hub would make them, with little to type. */
#ifndef MOOT_TEST_STORE_KIT_H
#define MOOT_TEST_STORE_KIT_H

#include "store.h"

#define KIT_CLIENT "client01"
/* When the event with this number happens, in ms. */
#define KIT_TIME(seq) (INT64_C(1700000000000) + (seq))

/* The first event of a room by ana, with the columns Todo, Doing, Done. */
struct store_job *kit_room(const char *room, int64_t id);
struct store_job *kit_message(const char *room, int64_t seq, int64_t id, const char *text);
struct store_job *kit_member(const char *room, int64_t seq, int64_t id, const char *user,
                             enum role role);
/* MSG_TASK_ADDED, _EDITED, _MOVED, _ARCHIVED or _RESTORED; the card as it is afterwards. */
struct store_job *kit_task(const char *room, int64_t seq, int64_t id, enum msg_type type,
                           struct store_task after);
/* MSG_NOTE_CREATED, _RENAMED, _ARCHIVED or _RESTORED; the note as it is afterwards. */
struct store_job *kit_note(const char *room, int64_t seq, int64_t id, enum msg_type type,
                           struct store_note after);
/* The edit that makes this version of a text; op is JSON. */
struct store_job *kit_edit(const char *room, int64_t seq, int64_t id, int64_t text,
                           int64_t version, const char *op);
/* A message on a card, or in answer to another; 0 for neither. */
struct store_job *kit_answer(const char *room, int64_t seq, int64_t id, int64_t task,
                             int64_t reply, const char *text);
/* What becomes of a message. */
struct store_job *kit_change(const char *room, int64_t seq, int64_t id,
                             struct store_change change);
struct store_job *kit_topic(const char *room, int64_t seq, int64_t id, const char *topic);
struct store_job *kit_keep_chat(const char *room, int64_t seq, int64_t id,
                                struct retention keep);
/* Retention takes n messages, up to one. */
struct store_job *kit_trim(const char *room, int64_t seq, int64_t upto, int64_t n);
/* Puts a snapshot of an earlier version into it. */
struct store_job *kit_keep(struct store_job *edit, int64_t version, const char *text,
                           const char *blame);
struct store_job *kit_user(const char *name, bool admin, bool disabled, int64_t seen);
struct store_job *kit_token(enum store_job_kind kind, struct store_token token);
/* JOB_INVITE_USE: gives user the token in exchange for the invite. */
struct store_job *kit_invite(const char *invite, const char *user, const char *token);
/* JOB_ROOM, _EVENTS, _HISTORY: `from`, at most `limit`. */
struct store_job *kit_read(enum store_job_kind kind, const char *room, int64_t from,
                           int64_t limit);
/* JOB_TEXT at a version, of a time if not 0. */
struct store_job *kit_text(const char *room, int64_t text, int64_t version, int64_t until);
/* JOB_EDITS */
struct store_job *kit_edits(const char *room, int64_t text, int64_t from, int64_t limit);
struct store_job *kit_lookup(const char *author, int64_t id);

/* Runs one job and hands it back; the _ok forms fail the test when it has an error, free it,
 * and return its sequence number. */
struct store_job *kit_run(struct store *s, struct store_job *j);
int64_t kit_ok(struct store *s, struct store_job *j);
/* Runs one job that has to fail with this code and frees it. */
void kit_refused(struct store *s, struct store_job *j, enum err_code code);
/* Lets the index of words take everything in. */
void kit_index(struct store *s);
/* Newest sequence number of the room, 0 when there is none; -1 when it cannot be read. */
int64_t kit_newest(struct store *s, const char *room);

/* A room #a in which everything has happened: its cards are 1 and 2, its notes 3
 * (with snapshots at versions 3 and 6) and 4, card 2 has a description. And a room #b. The
 * index of words has some of it, and some as it was before. */
void kit_live(struct store *s);
enum { KIT_LIVE_NEWEST = 37, KIT_LIVE_EVENTS = 38 }; /* of #a; of both */

/* A room #a that keeps 100 messages and of which 2 and 3 were taken: 2 was edited, reacted to
 * and is answered by 6, 3 was deleted, 4 is pinned, 5 is on card 1. The index has what it had
 * before. Returns the newest event. */
int64_t kit_trimmed(struct store *s);

/* Every promise of store.h that holds for any store, as one group of tests on stores that
 * open() makes: the number of failures. */
int store_contract_run(const char *name, struct store *(*open)(void));
/* The same for accounts, tokens and what admins did. */
int store_contract_account_run(const char *name, struct store *(*open)(void));
/* The same for notes and texts. */
int store_contract_text_run(const char *name, struct store *(*open)(void));
/* The same for messages. */
int store_contract_chat_run(const char *name, struct store *(*open)(void));
/* The same for retention. */
int store_contract_trim_run(const char *name, struct store *(*open)(void));
/* The same for a search. */
int store_contract_search_run(const char *name, struct store *(*open)(void));

#endif
