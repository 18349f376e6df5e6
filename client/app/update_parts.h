/* What the files of update know of each other. */
#ifndef MOOT_UPDATE_PARTS_H
#define MOOT_UPDATE_PARTS_H

#include "layout.h"

/* Does an action; args are those of the command line, empty ones when a key asked for it. */
void update_action(struct model *m, const struct command *c, struct effects *out);
bool update_handles(enum action_id id); /* false: an operation of the line editor */
void update_key(struct model *m, struct key key, struct effects *out);
void update_paste(struct model *m, struct str text, struct effects *out);
void update_mouse(struct model *m, const struct mouse *mouse, struct effects *out);

/* The link (update_link.c). */
void update_frame(struct model *m, struct str bytes, struct effects *out);
void update_rooms_known(struct model *m, struct effects *out);

/* Rooms (update_rooms.c). */
void rooms_join(struct model *m, struct str room, struct effects *out);
void rooms_create(struct model *m, struct str room, bool is_public, struct effects *out);
void rooms_leave(struct model *m, struct effects *out);
void rooms_set_member(struct model *m, struct str user, enum role role, struct effects *out);
void rooms_step(struct model *m, int by, struct effects *out);
void rooms_next_unread(struct model *m, struct effects *out);

/* The board (update_board.c). */
void board_select(struct model *m, const struct card *c);
void board_step(struct model *m, int rows);
void board_step_column(struct model *m, int by);
void board_move_step(struct model *m, int columns, int rows, struct effects *out);
void board_move(struct model *m, int64_t card, struct str column, int64_t after,
                struct effects *out);
void board_archive(struct model *m, int64_t card, struct effects *out);
void board_restore(struct model *m, int64_t card, struct effects *out);
/* Says that a card is not on the board, and why. */
void board_no_card(struct model *m, int64_t card);
void board_add(struct model *m, struct str title, int column, int64_t after,
               struct effects *out);
void board_edit(struct model *m, int64_t card, struct str title, struct effects *out);
void board_undo(struct model *m, struct effects *out);
void board_redo(struct model *m, struct effects *out);
/* Somebody did something to a card: what of ours it changed is not taken back any more. */
void board_heard(struct model *m, const struct msg *event);
void undo_stack_finish(struct undo_stack *s);

/* The chat (update_chat.c). */
void chat_send(struct model *m, struct str text, struct effects *out);
void chat_typed(struct model *m, struct effects *out);
/* Completes the @name that the caret stands behind, again the next one that fits; false when
 * there is none begun. */
bool chat_complete(struct model *m, struct effects *out);
void chat_stop_typing(struct model *m, struct effects *out);
/* Typing that stopped, the card others see us on, what was read: as time and state ask for. */
void chat_settle(struct model *m, const struct layout *l, struct effects *out);
void cursor_settle(struct model *m, struct effects *out);

/* The line at the bottom and the box for titles (update_prompt.c). */
void prompt_open(struct model *m, enum prompt prompt, struct str text);
void prompt_close(struct model *m);
void prompt_accept(struct model *m, struct effects *out);
void prompt_complete(struct model *m);
/* The editor that keys go to; NULL in panes and help. */
struct lineedit *update_editor(struct model *m);

#endif
