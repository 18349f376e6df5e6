/* What the files of the replica know of each other. */
#ifndef MOOT_REPLICA_PARTS_H
#define MOOT_REPLICA_PARTS_H

#include "replica.h"

/* Chat (replica_chat.c). */
void replica_add_line(struct replica *r, const struct message_item *m);
void replica_clear_lines(struct replica *r);
void replica_take_page(struct replica *r, const struct msg_history_page *page);
/* What an event does to a message; nothing to one that is not kept. */
void replica_message_event(struct replica *r, const struct msg *m);
void replica_set_pins(struct replica *r, const struct pin_item *items, size_t n);
/* The first of n lines whose sequence number is not smaller. */
size_t line_place(struct line *const *v, size_t n, int64_t seq);
struct line *line_new(const struct message_item *m);
struct line *line_copy(const struct line *l);
void line_free(struct line *l);
void line_say(struct line *l, struct str text);
void line_react(struct line *l, struct str emoji, struct str user, int64_t seq, bool gone);
void line_delete(struct line *l, struct str user);
/* As it goes over the wire, without what waits; the lists are the arena's. */
struct message_item line_item(const struct replica *r, const struct line *l, struct arena *a);

/* What waits about messages (replica_said.c). */
bool replica_is_message_change(enum msg_type type);
bool replica_is_message_event(enum msg_type type);
/* One more request of ours about messages waits, or one less. */
void replica_said_wait(struct replica *r, const struct pending *p);
void replica_said_settle(struct replica *r, const struct pending *p);
/* Puts all that waits on the lines anew, as after one was added or changed; takes it off. */
void replica_overlay(struct replica *r);
void replica_unlay(struct replica *r);
/* The line of a message, wherever it is kept, as it is without its changes; NULL: none. */
struct line *replica_base_line(const struct replica *r, int64_t message);
void replica_clear_waiting(struct replica *r);
bool replica_check_said(const struct replica *r, struct err *e);

/* People (replica_people.c). */
void replica_set_role(struct replica *r, struct str user, enum role role, bool bot);
void replica_take_presence(struct replica *r, const struct msg_presence *m);
/* What they show (replica_showing.c). True when it was a state of that kind. */
bool replica_take_state(struct replica *r, const struct msg *m, int64_t now);
void replica_hide(struct replica *r, struct str user); /* empty: everybody */
void replica_hide_gone(struct replica *r);             /* all who are not here */
bool replica_check_showing(const struct replica *r, struct err *e);
/* Who edits what (replica_lock.c). */
void replica_take_locked(struct replica *r, const struct msg_locked *m);
/* All that a snapshot says of people, in place of what was known. */
void replica_set_members(struct replica *r, const struct member_item *items, size_t n);
/* Nobody is known to be here. */
void replica_clear_here(struct replica *r);

/* What waits (replica_pending.c). */
struct pending *replica_find_pending(const struct replica *r, int64_t id);
/* Takes what waits off the board, last first, and puts it back, first first. Between the two
 * the board is the confirmed one. */
void replica_take_back(struct replica *r);
void replica_put_back(struct replica *r);
/* Forgets what waits without touching the board; number is the card it became, or 0. */
void replica_forget(struct replica *r, struct pending *p, int64_t number);
void replica_clear_pending(struct replica *r);
/* True when the event, the answer to p, says what the board shows already, so that nothing has
 * to be taken back for it; it counts as confirmed then, and p is to be forgotten. Of a thousand
 * cards that are moved at once this is nearly always so. */
bool replica_confirm(struct replica *r, const struct pending *p, const struct msg *event);
/* A copy of the board without what waits. */
void replica_confirmed_board(const struct replica *r, struct board *out);

/* Notes (replica_notes.c). */
bool notes_kept_add(struct notes_kept *n, const struct note_item *item, struct err *e);
void notes_kept_describe(struct notes_kept *n, int64_t card, int64_t version,
                         const struct card_counts *counts);
/* One comment more on a card, or with -1 one less. */
void notes_kept_said(struct notes_kept *n, int64_t card, int by);
void notes_kept_finish(struct notes_kept *n);
bool replica_note_event(struct replica *r, const struct msg *m, struct err *e);
void replica_note_edited(struct replica *r, int64_t number);
bool replica_is_note_request(enum msg_type type);
/* Shows one more request. */
bool replica_show_note(struct replica *r, const struct pending *p, struct err *e);
/* Makes the list anew. */
void replica_list_notes(struct replica *r);
bool replica_check_notes(const struct replica *r, struct err *e);

/* Columns (replica_column.c). The action that a request is to the board as it is; key is the
 * memory of its key. */
bool replica_is_column_request(enum msg_type type);
bool replica_column_action(const struct replica *r, const struct msg *m, struct board_action *a,
                           char *key, struct err *e);

/* Snapshots (replica_snapshot.c). */
bool replica_take_part(struct replica *r, const struct msg_snapshot *m, struct err *e);
void replica_set_topic(struct replica *r, struct str topic);
void replica_drop_load(struct replica *r);

#endif
