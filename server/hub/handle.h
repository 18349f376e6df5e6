/* One handler for each message that a client may send. */
#ifndef MOOT_HANDLE_H
#define MOOT_HANDLE_H

#include "hub_state.h"

/* The message has passed the table's checks: class, side, right, room. For requests DONE means
 * that an event is on its way; its answer goes out when it is stored. */
typedef enum outcome handle_fn(struct hub *h, struct caller *c, const struct msg *m,
                               struct err *e);

handle_fn handle_hello, handle_open, handle_close, handle_renew, handle_ping,
    handle_invite_accept;
handle_fn handle_room_create, handle_room_join, handle_room_leave, handle_member_set,
    handle_topic_set, handle_room_retain, handle_rooms, handle_members, handle_read;
handle_fn handle_message_post, handle_message_edit, handle_message_delete, handle_message_react,
    handle_message_pin;
handle_fn handle_history;
handle_fn handle_status, handle_typing, handle_cursor, handle_looking, handle_pointer;
handle_fn handle_activity;
handle_fn handle_search;
handle_fn handle_task_add, handle_task_edit, handle_task_move, handle_task_archive,
    handle_task_restore;
handle_fn handle_column_add, handle_column_edit, handle_column_move, handle_column_remove;
handle_fn handle_note_create, handle_note_rename, handle_note_archive, handle_note_restore,
    handle_note_edit, handle_note_open, handle_note_at, handle_note_log, handle_note_blame,
    handle_note_caret;
handle_fn handle_lock, handle_unlock;
/* The cards of a column get new keys: an event of the server's own, in the name of author. */
void column_give_keys(struct hub *h, struct room *r, int column, struct str author);
handle_fn handle_admin_users, handle_admin_user_set, handle_admin_token, handle_admin_invite,
    handle_admin_tokens, handle_admin_revoke, handle_admin_stats, handle_admin_busy,
    handle_admin_minutes, handle_admin_notice, handle_admin_kick, handle_admin_audit;
handle_fn handle_admin_hook_add, handle_admin_hooks, handle_admin_hook_revoke,
    handle_admin_hook_resume;

/* Answers of the store and the shell. */
/* Who asked for a page of a room and is to have it; NULL when the store failed, which the asker
 * has been told then, when the asker was taken out of the room meanwhile, or is gone. */
struct caller *answer_reader(struct hub *h, struct ask *a, const struct store_job *j);
void answer_activity(struct hub *h, struct ask *a, const struct store_job *j);
void answer_read(struct hub *h, struct ask *a, const struct store_job *j);
void answer_unread(struct hub *h, struct ask *a, const struct store_job *j);
void answer_rooms(struct hub *h, struct ask *a, const struct store_job *j);
/* Tells c, who has come into the room by itself, what it cannot know: that the person had set
 * the marker back when in the room before. */
void read_tell_turn(struct hub *h, const struct room *r, const struct member *m,
                    struct caller *c);
void answer_search(struct hub *h, struct ask *a, const struct store_job *j);
/* The index of words: an event was stored; at the end of a turn; when a JOB_INDEX or
 * JOB_INDEX_TEXTS came back; at the end. */
void index_behind(struct hub *h, bool is_edit);
void index_tick(struct hub *h);
void index_done(struct hub *h, const struct store_job *j);
void index_free(struct hub *h);
void answer_history(struct hub *h, struct ask *a, const struct store_job *j);
void answer_user_set(struct hub *h, struct ask *a, const struct store_job *j);
void answer_tokens(struct hub *h, struct ask *a, const struct store_job *j);
void answer_audit(struct hub *h, struct ask *a, const struct store_job *j);
void answer_revoke(struct hub *h, struct ask *a, const struct store_job *j);
void answer_token_put(struct hub *h, struct ask *a, const struct store_job *j);
void answer_invite_use(struct hub *h, struct ask *a, const struct store_job *j);
void answer_hook_made(struct hub *h, struct ask *a, const struct hub_input *in);
void answer_hook_add(struct hub *h, struct ask *a, const struct store_job *j);
void answer_hook_drop(struct hub *h, struct ask *a, const struct store_job *j);
void answer_hook_set(struct hub *h, struct ask *a, const struct store_job *j);
void answer_mint(struct hub *h, struct ask *a, const struct hub_input *in);
void answer_mint_own(struct hub *h, struct ask *a, const struct hub_input *in);
void answer_figures(struct hub *h, struct ask *a, const struct hub_input *in);
void answer_minute(struct hub *h, const struct hub_input *in);
void answer_minutes(struct hub *h, struct ask *a, const struct store_job *j);
/* Asks for the figures of each minute that is over. */
void minute_tick(struct hub *h);
void answer_check(struct hub *h, struct ask *a, const struct hub_input *in);

/* Makes *number, which may name a card of the client's by its request, the number of a card of
 * r, archived or not. */
enum outcome find_card(struct hub *h, struct caller *c, const struct room *r, int64_t *number,
                       struct err *e);

#endif
