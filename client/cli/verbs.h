/* What the rows of verb_table.c call. */
#ifndef MOOT_VERBS_H
#define MOOT_VERBS_H

#include "err.h"

struct cli;

bool send_run(struct cli *c, struct err *e);
bool tail_run(struct cli *c, struct err *e);
bool message_list_run(struct cli *c, struct err *e);
bool message_show_run(struct cli *c, struct err *e);
bool message_edit_run(struct cli *c, struct err *e);
bool message_delete_run(struct cli *c, struct err *e);
bool message_react_run(struct cli *c, struct err *e);
bool message_pin_run(struct cli *c, struct err *e);
bool message_unpin_run(struct cli *c, struct err *e);
bool status_run(struct cli *c, struct err *e);
bool who_run(struct cli *c, struct err *e);
bool task_list_run(struct cli *c, struct err *e);
bool task_add_run(struct cli *c, struct err *e);
bool task_show_run(struct cli *c, struct err *e);
bool task_move_run(struct cli *c, struct err *e);
bool task_edit_run(struct cli *c, struct err *e);
bool task_assign_run(struct cli *c, struct err *e);
bool task_label_run(struct cli *c, struct err *e);
bool task_block_run(struct cli *c, struct err *e);
bool task_due_run(struct cli *c, struct err *e);
bool task_priority_run(struct cli *c, struct err *e);
bool task_comment_run(struct cli *c, struct err *e);
bool task_comments_run(struct cli *c, struct err *e);
bool task_archive_run(struct cli *c, struct err *e);
bool task_restore_run(struct cli *c, struct err *e);
bool task_undo_run(struct cli *c, struct err *e);
bool task_redo_run(struct cli *c, struct err *e);
bool filter_list_run(struct cli *c, struct err *e);
bool filter_save_run(struct cli *c, struct err *e);
bool filter_remove_run(struct cli *c, struct err *e);
bool activity_run(struct cli *c, struct err *e);
bool search_run(struct cli *c, struct err *e);
bool run_run(struct cli *c, struct err *e);
bool import_run(struct cli *c, struct err *e);
bool board_show_run(struct cli *c, struct err *e);
bool column_list_run(struct cli *c, struct err *e);
bool column_add_run(struct cli *c, struct err *e);
bool column_rename_run(struct cli *c, struct err *e);
bool column_limit_run(struct cli *c, struct err *e);
bool column_move_run(struct cli *c, struct err *e);
bool column_remove_run(struct cli *c, struct err *e);
bool note_list_run(struct cli *c, struct err *e);
bool note_new_run(struct cli *c, struct err *e);
bool note_cat_run(struct cli *c, struct err *e);
bool note_append_run(struct cli *c, struct err *e);
bool note_edit_run(struct cli *c, struct err *e);
bool note_attach_run(struct cli *c, struct err *e);
bool note_history_run(struct cli *c, struct err *e);
bool note_diff_run(struct cli *c, struct err *e);
bool note_outline_run(struct cli *c, struct err *e);
bool note_blame_run(struct cli *c, struct err *e);
bool note_restore_run(struct cli *c, struct err *e);
bool note_export_run(struct cli *c, struct err *e);
bool note_rename_run(struct cli *c, struct err *e);
bool note_archive_run(struct cli *c, struct err *e);
bool note_unarchive_run(struct cli *c, struct err *e);
bool room_list_run(struct cli *c, struct err *e);
bool room_create_run(struct cli *c, struct err *e);
bool room_join_run(struct cli *c, struct err *e);
bool room_leave_run(struct cli *c, struct err *e);
bool room_members_run(struct cli *c, struct err *e);
bool room_invite_run(struct cli *c, struct err *e);
bool room_remove_run(struct cli *c, struct err *e);
bool join_run(struct cli *c, struct err *e);
bool outbox_list_run(struct cli *c, struct err *e);
bool outbox_send_run(struct cli *c, struct err *e);
bool outbox_drop_run(struct cli *c, struct err *e);
bool admin_user_list_run(struct cli *c, struct err *e);
bool admin_user_add_run(struct cli *c, struct err *e);
bool admin_user_set_run(struct cli *c, struct err *e);
bool admin_token_run(struct cli *c, struct err *e);
bool admin_token_list_run(struct cli *c, struct err *e);
bool admin_token_revoke_run(struct cli *c, struct err *e);
bool admin_invite_run(struct cli *c, struct err *e);
bool doctor_run(struct cli *c, struct err *e);
bool admin_busy_run(struct cli *c, struct err *e);
bool admin_minutes_run(struct cli *c, struct err *e);
bool admin_enable_run(struct cli *c, struct err *e);
bool admin_disable_run(struct cli *c, struct err *e);
bool admin_notice_run(struct cli *c, struct err *e);
bool admin_kick_run(struct cli *c, struct err *e);
bool admin_audit_run(struct cli *c, struct err *e);
bool admin_stats_run(struct cli *c, struct err *e);
bool demo_run(struct cli *c, struct err *e);
bool completion_run(struct cli *c, struct err *e);
bool help_run(struct cli *c, struct err *e);

#endif
