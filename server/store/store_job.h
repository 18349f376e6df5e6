/* What every store does the same way with a job. */
#ifndef MOOT_STORE_JOB_H
#define MOOT_STORE_JOB_H

#include "store.h"

/* Reads a chat message back out of its event; false when the stored bytes are no message. The
 * strings are owned by the arena. */
bool store_message_of(struct str json, struct arena *a, struct message_item *out,
                      struct err *e);

/* What EFFECT_TRIM puts in place of an event: who, when, by which request, and with `message`
 * what it was done to. In the arena; false when what is stored is no event. */
bool store_removed_of(struct str json, int64_t message, struct arena *a, struct str *out,
                      struct err *e);
/* Answers a JOB_TRIMMABLE, which was begun with its answers 0, out of messages and comments,
 * handed over oldest first; `may_go` if it is in the chat and has no pin, then with how many
 * changes it had. False when no more are wanted. */
bool store_trim_take(struct store_job *j, int64_t seq, int64_t time, bool may_go,
                     int64_t changes);

/* Whether a JOB_ACTIVITY asks for an event of that kind, by that author, about that number. */
bool store_is_asked(const struct store_job *j, enum msg_type type, struct str author,
                    int64_t number, struct str json, bool is_deleted);
/* Who writes in which text, as it is read newest first. Of several who write at the same time
 * the log has each one's edits between the others'. */
struct store_sitting {
    int64_t text, time; /* of the edit read last */
    char author[USER_NAME_MAX + 1];
};
struct store_sittings {
    VEC(struct store_sitting) all;
};
/* Takes the next edit. Whether that person wrote on in that text soon after. */
bool store_sits(struct store_sittings *s, int64_t text, struct str author, int64_t time);
/* Turns the events of a page, gathered newest first, and ends the job. */
void store_activity_end(struct store_job *j);

/* What a page counts for a reaction besides its strings, towards bytes_limit. */
enum { STORE_REACTION_BYTES = 48 };
/* Answers a JOB_HISTORY with `around` out of two without it, of which half() answers each.
 * False when that does. */
bool store_around(struct store_job *j, bool (*half)(void *arg, struct store_job *j), void *arg);
/* Puts the messages of an answer that were read newest first into the order of the answer. */
void store_reverse(struct store_job *j);

/* The operation of an edit, out of its event, which has to say that it made this version of
 * j->text. In the arena of j; otherwise false and why in j->err. */
bool store_op_of(struct store_job *j, struct str json, int64_t version, struct str *op);

/* Whether the edit of an EFFECT_TEXT may follow version `newest` of its text; else false, and
 * j->err: ERR_CONFLICT, or ERR_INTERNAL for what no hub should ask. */
bool store_edit_fits(struct store_job *j, int64_t newest);

/* Moves the items that a VEC gathered into a list of the arena. */
void *store_keep(struct arena *a, void *v, size_t n, size_t size);
#define STORE_KEEP(a, list, vec)                                                               \
    ((list)->v = store_keep((a), (vec)->v, (vec)->n, sizeof *(vec)->v), (list)->n = (vec)->n)

/* A copy of which the arena owns the strings. */
struct store_hook store_keep_hook(struct arena *a, const struct store_hook *k);

/* An invite that is used up counts as revoked from then on. This is the row for one that this
 * store never heard of, as after a restored backup. */
struct store_token store_used_invite(const struct store_job *j);

/* The words in which a job is refused: the same from every store. Each returns false. */
bool store_refuse_seq(struct store_job *j, int64_t newest);
bool store_refuse_room(struct store_job *j);
bool store_refuse_hole(struct store_job *j, int64_t version); /* version of j->text lacking */
bool store_refuse_edit(struct store_job *j, int64_t version, const char *why); /* damaged */
bool store_refuse_snapshot(struct store_job *j, int64_t version); /* of j->text, damaged */
bool store_refuse_unknown(struct store_job *j);                   /* token to be revoked */
bool store_refuse_twice(struct store_job *j);                     /* token id that is taken */
bool store_refuse_hook(struct store_job *j); /* unknown hook, or an id that is taken */
bool store_refuse_used(struct store_job *j); /* invite that is used or revoked */
/* One message behind the marker that was not deleted: whether it counts. */
void store_count_unread(struct store_unread *u, struct str user, struct str author,
                        int64_t card, struct str text, struct str to);
bool store_refuse_marker(struct store_job *j);

#endif
