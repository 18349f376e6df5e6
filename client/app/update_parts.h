/* What the files of update know of each other. */
#ifndef MOOT_UPDATE_PARTS_H
#define MOOT_UPDATE_PARTS_H

#include "card_form.h"
#include "layout.h"
#include "markdown.h"
#include "update_note_parts.h"

/* Does an action; args are those of the command line, empty ones when a key asked for it. */
void update_action(struct model *m, const struct command *c, struct effects *out);
void update_key(struct model *m, struct key key, struct effects *out);
void update_paste(struct model *m, struct str text, struct effects *out);
void update_mouse(struct model *m, const struct mouse *mouse, struct effects *out);

/* The link (update_link.c). */
void update_frame(struct model *m, struct str bytes, struct effects *out);
void disk_settle(struct model *m);
void update_rooms_known(struct model *m, struct effects *out);

/* Rooms that are ours no more (update_gone.c). */
void gone_heard(struct model *m, struct str room, enum role role, struct str author);
/* The server has told which rooms are ours. */
void gone_linked(struct model *m);
/* True when the error only says what is known by then. */
bool gone_error(const struct model *m, const struct msg_error *e);
/* They go off the screen, and that is said. */
void gone_settle(struct model *m, struct effects *out);
/* What is being written in a room that goes is kept; and stands there when it is back. */
void gone_keep(struct model *m, const struct room_view *v);
void gone_take_draft(struct model *m, struct room_view *v);

/* Rooms (update_rooms.c). */
/* Opens one that is ours, to write in it if it is a direct conversation, else to look at its
 * board. */
void rooms_show(struct model *m, struct str room, struct effects *out);
void rooms_join(struct model *m, struct str room, struct effects *out);
/* Opens the direct conversation with those people; the first thing that is done there begins
 * it.
 */
void rooms_direct(struct model *m, struct str people, struct effects *out);
void rooms_create(struct model *m, struct str room, bool is_public, struct effects *out);
void rooms_leave(struct model *m, struct effects *out); /* asks */
void rooms_leave_sure(struct model *m, struct effects *out);
bool rooms_dialog_leave(struct model *m); /* false: the dialog asks something else */
void rooms_topic(struct model *m, struct str topic, struct effects *out);
void rooms_retain(struct model *m, struct str what, struct effects *out);
/* Who is in the room on screen nobody changes: says so. */
bool rooms_is_fixed(struct model *m);
/* Puts them in their order. */
void rooms_settle(struct model *m);
void rooms_order(struct model *m, struct str by);
/* Lists of rooms and people to go to, and of people to invite (update_pick_room.c). typed: what
 * the list is narrowed down to at the beginning. */
void jump_open(struct model *m, struct str typed);
void invite_open(struct model *m);
bool pick_room_take(struct model *m, struct str value, struct effects *out);
void pick_make_room(struct model *m, struct str typed);
void rooms_set_member(struct model *m, struct str user, enum role role, struct effects *out);
void rooms_step(struct model *m, int by, struct effects *out);
void rooms_next_unread(struct model *m, struct effects *out);

/* The board (update_board.c). */
void board_select(struct model *m, const struct card *c);
void board_step(struct model *m, int rows);
void board_list(struct model *m, struct str column); /* empty: all of it */
void board_step_column(struct model *m, int by);
void board_move_step(struct model *m, int columns, int rows, struct effects *out);
void board_move(struct model *m, int64_t card, struct str column, int64_t after,
                struct effects *out);
void board_archive(struct model *m, int64_t card, struct effects *out);
void board_restore(struct model *m, int64_t card, struct effects *out);
/* What a command about cards says, behind its name or by what is selected (update_task.c). */
void task_show(struct model *m, struct str number);
void task_open(struct model *m, struct str number, struct effects *out);
void task_describe(struct model *m, struct str number, struct effects *out);
void task_add(struct model *m, struct str title, struct effects *out);
void task_edit(struct model *m, const struct command *c, struct effects *out);
void task_move(struct model *m, const struct command *c, struct effects *out);
void task_step(struct model *m, int columns, int rows, struct effects *out);
/* Without a value: opens the list to pick it from. */
void task_field(struct model *m, const struct command *c, enum pick what, struct effects *out);
void task_mine(struct model *m, struct str number, struct effects *out);
void task_comment(struct model *m, const struct command *c, struct effects *out);
void task_archive(struct model *m, struct str number, struct effects *out);
void task_restore(struct model *m, struct str number, struct effects *out);

/* The selected column (update_column.c). An empty name, limit or target is asked for. */
void column_add(struct model *m, struct str name, struct effects *out);
void column_rename(struct model *m, struct str name, struct effects *out);
void column_limit(struct model *m, struct str text, struct effects *out);
void column_move(struct model *m, int by, struct effects *out);
void column_remove(struct model *m, struct str to, struct effects *out);
/* What of the board shows (update_filter.c). */
void filter_open(struct model *m, struct str text);
void filter_typed(struct model *m);
void filter_accept(struct model *m);
bool filter_clear(struct model *m); /* false: there was none */
void filter_pick(struct model *m, struct str name);
void filter_save(struct model *m, struct str name, struct effects *out);
void filter_remove(struct model *m, struct str name, struct effects *out);
/* What could stand at the end of the filter's line. */
void filter_offer(const struct model *m, struct str line, struct completions *c);
/* The next order, or the one of that name. */
void board_sort(struct model *m, struct str name);
/* False after saying that it is not the board's own order that shows. */
bool board_has_order(struct model *m);
/* "card 12", or of one that has no number yet words without; out has CARD_WORDS bytes. */
enum { CARD_WORDS = 32 };
const char *card_words(int64_t number, char *out);
/* Says that a card is not on the board, and why. */
void board_no_card(struct model *m, int64_t card);
void board_add(struct model *m, struct str title, int column, int64_t after,
               struct effects *out);
/* seen: the event up to which the person knew the title. */
void board_edit(struct model *m, int64_t card, int64_t seen, struct str title,
                struct effects *out);
void board_undo(struct model *m, struct effects *out);
void board_redo(struct model *m, struct effects *out);

/* What is done to the board at one stroke (update_undo.c): requests that are kept, sent and, by
 * one step of undo, taken back together. */
struct act {
    struct model *m;
    struct effects *out;
    struct undo_step *step;
    struct undo_stack *undo; /* where the step goes */
    bool is_new;             /* nothing that was taken back can be done again after it */
    int64_t batch;           /* id of the first request; 0: there is only one */
    int64_t undoes;          /* of the next request */
    int64_t first;           /* id of the first that was taken; 0: none */
    size_t done, left;
    struct str why; /* the first one was left, in the effects' arena */
};
/* several: more than one request may come. */
void act_begin(struct act *a, struct model *m, bool several, struct effects *out);
/* The request's id, or 0: it cannot be, and why is counted. */
int64_t act_ask(struct act *a, struct msg *r);
/* Something that was wanted is left as it is, and why. */
void act_leave(struct act *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* what: the whole in words, as "moved 3 cards to Done". False when nothing came of it. Says
 * what was left, and why. */
bool act_end(struct act *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The toast that announces what was done and offers undo. */
void act_announce(const struct act *a);
/* One request about a card alone: its id, or 0 after saying why it cannot be. */
int64_t board_act(struct model *m, struct msg *r, struct effects *out);

/* Somebody did something to cards or columns: what of ours it changed is not taken back any
 * more. */
void undo_heard(struct model *m, const struct msg *event);
/* The server refused a request: there is nothing to take back of it. True when it was one of
 * several, or itself took something back, and that has been said. */
bool undo_refused(struct model *m, const struct msg *request, const struct err *why);
/* A request that came to nothing is not to be taken back. */
void undo_forget(struct model *m, const struct msg *request);
void undo_stack_finish(struct undo_stack *s);

/* The same to all cards that are marked (update_bulk.c): one request for each, one step of
 * undo. bulk_is_meant(): what is done on the board now is done to those; a range is ended by
 * it. */
bool bulk_is_meant(struct model *m);
void bulk_archive(struct model *m, struct effects *out);
/* They come to stand together, in their order. column and after: see struct msg_task_move. */
void bulk_move(struct model *m, struct str column, int64_t after, struct effects *out);
void bulk_move_step(struct model *m, int columns, int rows, struct effects *out);
/* All changes are of one field; at most CARD_CHANGES_MAX. False after saying why not. */
bool bulk_edit(struct model *m, const struct card_change *changes, size_t n, int64_t seen,
               struct effects *out);

/* Cards that the mouse carries (update_drag.c). */
void drag_begin(struct model *m, const struct mouse *mouse);
void drag_move(struct model *m, const struct mouse *mouse);
void drag_drop(struct model *m, const struct mouse *mouse, struct effects *out);
bool drag_cancel(struct model *m); /* false: nothing was carried */
/* Scrolls the board while the pointer is at its edge. */
void drag_settle(struct model *m);
int64_t drag_next_tick(const struct model *m);

/* The line being written, in an editor, and what came of it. */
void chat_editor(struct model *m, struct effects *out);
void chat_edited(struct model *m, struct str text, struct effects *out);

/* Messages (update_message.c); most are about the selected one. */
/* The number of the message that is selected, or of the comment of the open card; 0: none. */
int64_t message_at(const struct model *m);
void message_step(struct model *m, int by);              /* selects another */
void message_select(struct model *m, struct str number); /* empty: another one */
/* Leaves what is selected, answered or edited; false: nothing is. */
bool message_leave(struct model *m);
void message_reply(struct model *m);
void message_edit(struct model *m, struct str text, struct effects *out);
bool message_edit_last(struct model *m); /* false: there is none of one's own */
/* What is written goes where it belongs. */
bool message_send(struct model *m, struct str text, struct effects *out);
/* The same on a card, in answer to a message, or as its new text; 0: on none, to none. */
bool message_say(struct model *m, int64_t card, struct about about, struct str text,
                 struct effects *out);
void message_delete(struct model *m); /* asks */
void message_delete_sure(struct model *m, struct effects *out);
bool message_dialog_leave(struct model *m); /* false: the dialog is about something else */
void message_pin(struct model *m, struct effects *out);
void message_fold(struct model *m, int64_t message); /* 0: the selected one */
void message_copy(struct model *m, struct effects *out);
void message_react(struct model *m, struct str emoji, struct effects *out); /* empty: asks */
void message_react_with(struct model *m, int64_t message, struct str emoji,
                        struct effects *out);
void message_react_again(struct model *m, struct effects *out);
void message_follow(struct model *m, struct effects *out);
/* The selected message comes to be on the screen. */
void message_reveal(struct model *m);
void piece_follow(struct model *m, const struct rich_piece *piece, int64_t message,
                  struct effects *out);
/* False: it is not on a message. */
bool message_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                   struct effects *out);
/* Going to a message, or with words that say a day to the first one of it; empty: asks. */
/* Servers from this revision on can be asked for what is around a place. */
enum { AROUND_REVISION = 6 };
void seek_message(struct model *m, int64_t message);
void seek_latest(struct model *m);
/* Tells the listener that the place is here. */
void seek_tell(struct model *m, int64_t message);
void seek_day(struct model *m, struct str text);
void seek_settle(struct model *m, const struct replica *r, struct effects *out);
/* Minutes that the clock here is before UTC. */
int64_t local_zone(int64_t now_ms);
void message_settle(struct model *m, const struct layout *l, struct effects *out);
/* Answers to questions of ours; false: they are not. */
bool message_page(struct model *m, const struct msg_history_page *page);
bool message_failed(struct model *m, int64_t question);
/* Lists about them (update_pick_message.c). */
void pick_emoji(struct model *m, const struct line *l);
void pick_make_emoji(struct model *m, struct str typed);
void pick_target(struct model *m, const struct line *l, const struct rich *targets);
void pins_show(struct model *m, struct effects *out);
void pick_pins_came(struct model *m);
bool pick_message_take(struct model *m, struct str value, struct effects *out);

/* Fields of cards (update_field.c). Each says why it does not do it. seen: see board_edit(). */
struct field_edit {
    int64_t card, seen;
    enum card_field field;
    struct str value;
    bool gone;
};
bool field_set(struct model *m, const struct field_edit *e, struct effects *out);
/* As the command line gives it: words, with a minus in front of what is to go. card 0: all that
 * are marked. */
void field_words(struct model *m, int64_t card, enum card_field f, struct str words,
                 struct effects *out);
/* As a command, for : and Up to bring back: what was written and did not stay. */
void field_give_back(struct model *m, const struct field_edit *e);
/* Assigns oneself, or not any more. card 0: all that are marked. */
void field_mine(struct model *m, int64_t card, struct effects *out);
void comment_write(struct model *m, int64_t card, struct about about);
void comment_post(struct model *m, int64_t card, struct about about, struct str text,
                  struct effects *out);
/* Keeps what the prompt holds when it is closed without sending. */
void comment_keep(struct model *m);

/* Lists to pick from (update_pick.c). card 0: for all cards that are marked. */
void pick_open(struct model *m, enum pick what, int64_t card);
void pick_typed(struct model *m);
void pick_accept(struct model *m, bool more, struct effects *out);
void pick_leave(struct model *m);
void pick_press(struct model *m, const struct mouse *mouse, struct effects *out);
enum card_field pick_field(enum pick what); /* of those about a card, but PICK_COLUMN */

/* Fields that two people changed (update_conflict.c). */
void conflict_heard(struct model *m, const struct msg_conflict *told);
/* The request was refused; true: the person is asked. */
bool conflict_held(struct model *m, const struct msg *request);
/* True when the answer, or the error, was to a question of ours. */
bool conflict_page(struct model *m, const struct msg_activity_page *page);
bool conflict_failed(struct model *m, int64_t id);
/* A card was moved: of two moves the later one stands, and whoever lost is told. */
void move_heard(struct model *m, const struct msg_task_moved *moved);
void conflict_ask(struct model *m);
void conflict_later(struct model *m);
void conflict_mine(struct model *m, struct effects *out);
void conflict_theirs(struct model *m, struct effects *out);
void conflict_edit(struct model *m, struct effects *out);
/* What was being edited was the answer; false: it was not about a conflict. */
bool conflict_edited(struct model *m, struct str value, struct effects *out);
void conflict_settle(struct model *m, struct effects *out);
int64_t conflict_next_tick(const struct model *m);

/* Questions. */
void dialog_press(struct model *m, const struct mouse *mouse, struct effects *out);

/* The card view (update_card.c). */
void card_edit(struct model *m, struct effects *out);
void card_remove(struct model *m, struct effects *out);
void card_open(struct model *m, int64_t number, struct effects *out);
void card_close(struct model *m, struct room_view *v, struct effects *out);
void card_step(struct model *m, int rows);
void card_step_value(struct model *m, int by);
void card_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                struct effects *out);
void card_wheel(struct model *m, int rows);
void card_settle(struct model *m, const struct layout *l, struct effects *out);
/* The card that an action with no number is about: the one looked at, or selected; 0: none. */
int64_t card_meant(const struct model *m);

/* Selects a comment in the card that has the focus; false: it does not stand there. */
bool card_go_said(struct model *m, int64_t message);
/* Goes where the selected piece of the selected comment leads; false: nowhere. */
bool card_follow_piece(struct model *m, const struct line *said, struct effects *out);

/* What was said on the open card, and done to it (update_card_log.c). */
void card_log_heard(struct model *m, const struct msg *event);
bool card_log_take(struct model *m, const struct msg *answer); /* false: it is not for us */
bool card_log_failed(struct model *m, int64_t id);
void card_log_linked(struct model *m);
void card_log_older(struct model *m, struct effects *out);
void card_log_settle(struct model *m, bool at_end, struct effects *out);

/* The chat (update_chat.c). */
void chat_send(struct model *m, struct str text, struct effects *out);
void chat_typed(struct model *m, struct effects *out);
/* Completes the @name that the caret stands behind, again the next one that fits; false when
 * there is none begun. */
bool chat_complete(struct model *m, struct effects *out);
void chat_settle(struct model *m, const struct layout *l, struct effects *out);

/* What went on while one was away (update_catchup.c). */
void catchup_show(struct model *m);
void catchup_key(struct model *m); /* before people_key() */
void catchup_linked(struct model *m);
/* False when it is no answer to a question of its own. */
bool catchup_take(struct model *m, const struct msg_activity_page *page);
bool catchup_failed(struct model *m, int64_t id);
void catchup_go(struct model *m, size_t at, struct effects *out);
void catchup_settle(struct model *m, struct effects *out);

/* What counts as read (update_read.c). */
void read_all(struct model *m, struct effects *out);
void read_back(struct model *m, struct effects *out); /* from the selected message on */
void read_first(struct model *m);                     /* goes to the first unread */
void read_seek(struct model *m, const struct layout *l, struct effects *out);
/* shown: the chat has a place on the screen. */
void read_settle(struct model *m, bool shown, struct effects *out);
int64_t read_next_tick(const struct model *m);

/* Our own person, as the others see it (update_people.c). */
void people_init(struct model *m);
void people_key(struct model *m); /* there was a key */
void people_choose(struct model *m, struct str status, struct str words, struct effects *out);
void people_chosen(struct model *m, const struct msg_status_set *set);
void people_hide(struct model *m);
void people_forgotten(struct model *m); /* the server forgot what we told */
void people_settle(struct model *m, const struct layout *l, struct effects *out);
int64_t people_next_tick(const struct model *m);
/* The person types: on that card, in that text, or (both 0) in the chat of the room on screen;
 * or has stopped. */
void typing_on(struct model *m, int64_t task, int64_t note, struct effects *out);
void typing_stop(struct model *m, struct effects *out);
void comment_typed(struct model *m, struct effects *out);
void typing_switch(struct model *m, bool sending, struct effects *out);

/* Our pointer, as it is shared (update_pointer.c). */
void pointer_toggle(struct model *m, struct effects *out);
void pointer_off(struct model *m, struct effects *out);
void pointer_moved(struct model *m, int x, int y);
void pointer_settle(struct model *m, const struct layout *l, struct effects *out);
int64_t pointer_next_tick(const struct model *m);

/* Going along with somebody (update_follow.c). An empty name: the only other one, or whom the
 * person picks. */
void follow(struct model *m, struct str user);
void follow_end(struct model *m);
/* What the person did by hand ends it. False when that was all that it did. */
bool follow_key(struct model *m, struct key key);
void follow_settle(struct model *m, struct effects *out);
int64_t follow_next_tick(const struct model *m);

/* Searching (update_search.c). */
void search_open(struct model *m, struct str text); /* without text: asks for it */
void search_again(struct model *m); /* asks, beginning with what was searched for last */
void search_typed(struct model *m);
void search_accept(struct model *m);
void search_left(struct model *m);
void search_turn(struct model *m);
void search_close(struct model *m);
void search_step(struct model *m, int rows);
void search_go(struct model *m, struct effects *out);
void search_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                  struct effects *out);
void search_settle(struct model *m, const struct layout *l, struct effects *out);
void search_take(struct model *m, const struct msg_search_page *page);
/* True when the error answers a search. */
bool search_failed(struct model *m, const struct msg_error *e);
void search_linked(struct model *m);

/* What went on (update_feed.c). */
/* Goes to a card or note of the room on screen. */
void thing_go(struct model *m, int64_t number, struct effects *out);
void feed_show_activity(struct model *m, struct str user);
void feed_show_notices(struct model *m);
void feed_step(struct model *m, int rows);
void feed_go(struct model *m, struct effects *out);
void feed_by_person(struct model *m);
void feed_by_kind(struct model *m);
void feed_close(struct model *m);
void feed_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                struct effects *out);
void feed_settle(struct model *m, const struct layout *l, struct effects *out);
void feed_heard(struct model *m, const struct msg *event);
void feed_take(struct model *m, const struct msg_activity_page *page);
/* True when the error answers a question of a feed. */
bool feed_failed(struct model *m, int64_t id);
/* The link is new: what was known may lack something. */
void feed_linked(struct model *m);
/* How server and link do (update_stats.c). */
void stats_show(struct model *m);
void stats_close(struct model *m);
void stats_step(struct model *m, int rows);
void stats_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                 struct effects *out);
void stats_settle(struct model *m, struct effects *out);
int64_t stats_next_tick(const struct model *m);
void stats_take(struct model *m, const struct msg_stats *s);
void stats_take_busy(struct model *m, const struct msg_busy *b);
/* True when the error answers a question for them. */
bool stats_failed(struct model *m, const struct msg_error *e);
void stats_linked(struct model *m);
/* Bells (update_notify.c). */
enum notify_level notify_level_of(const struct model *m, struct str room);
bool notify_is_in_view(const struct model *m, struct str room); /* with somebody before it */
/* Rings soon, if the person's rules let it and it was not read by then: text is copied, room
 * may be empty. What is no message, with a seq of 0, does not wait. */
void notify_tell(struct model *m, struct bell bell, struct str text);
void bells_finish(struct model *m);
void notify_settle(struct model *m, struct effects *out);
int64_t notify_next_tick(const struct model *m);
/* Of the room on screen; an empty name only says what it is. */
void notify_set_level(struct model *m, struct str name);
/* What concerns us (update_notice.c). */
/* An admin has something to say to everybody. */
void notice_from_admin(struct model *m, const struct msg_notice *n);
void notice_heard(struct model *m, const struct msg *event);
/* Keeps a copy of text; a time of 0 is now. */
void notice_keep(struct model *m, struct notice n, const char *text);
void notices_finish(struct model *m);

/* The tour (update_tour.c). */
void tour_settle(struct model *m, struct effects *out);
int64_t tour_next_tick(const struct model *m);
void tour_next(struct model *m, struct effects *out);
void tour_back(struct model *m, struct effects *out);
void tour_pause(struct model *m);
void tour_end(struct model *m, struct effects *out);
/* By the mouse, on its strip. */
void tour_press(struct model *m, const struct layout *l, int x, int y, struct effects *out);
bool tour_is_so(const struct model *m, enum tour_fact f);
/* The beat to come, or that is waited for; NULL behind the last one of a chapter. */
const struct tour_beat *tour_beat(const struct tour *t);
void tour_pass_beat(struct model *m);
void tour_leave_chapter(struct model *m);
/* What it types where nobody is (update_tour_keys.c). A person did something: */
void tour_touched(struct model *m, const struct input *in, const struct tour *before);
/* Something is asked for: it waits for the person before it types. */
void tour_type_later(struct model *m);
/* False as long as it types; else the beat is over. */
bool tour_tidy(struct model *m, const struct tour_beat *b);
/* True when a key is due. */
bool tour_types(struct model *m, struct key *key);
int64_t tour_typing_tick(const struct model *m);

/* Who edits the field that we edit (update_lock.c). */
void lock_settle(struct model *m, struct effects *out);
void lock_typed(struct model *m);
void lock_take(struct model *m, struct effects *out);
void lock_answered(struct model *m, int64_t id);
/* True when the error answers a question for a lock. */
bool lock_refused(struct model *m, const struct msg_error *e);
void lock_heard(struct model *m, const struct msg_locked *l);

/* The line at the bottom and the box for titles (update_prompt.c). */
void prompt_open(struct model *m, enum prompt prompt, struct str text);
void prompt_close(struct model *m);
/* The same by the person: what would be missed is kept. */
void prompt_leave(struct model *m);
/* Does what a line as it is typed behind ':' says. */
void command_accept(struct model *m, struct str line, struct effects *out);
void prompt_accept(struct model *m, struct effects *out);
void prompt_complete(struct model *m);
/* The editor that keys go to; NULL in panes and help. */
struct lineedit *update_editor(struct model *m);
/* The text of the editor has changed. */
void update_edited(struct model *m, struct effects *out);
/* Lines entered earlier in it; NULL: none are kept. */
struct line_history *update_history(struct model *m);

#endif
