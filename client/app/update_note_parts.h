/* What the files of update know of each other, of all that the note pane shows: a note's or a
 * card's text, its versions and headings, and the list of notes. */
#ifndef MOOT_UPDATE_NOTE_PARTS_H
#define MOOT_UPDATE_NOTE_PARTS_H

#include "layout.h"
#include "markdown.h"

/* The note pane of the room on screen; NULL when there is none. */
struct note_pane *note_pane(const struct model *m);
/* The text that is open there; NULL: none. */
struct doc *note_doc(const struct model *m);

/* The open text (update_note.c). */
void note_open(struct model *m, int64_t number, struct effects *out);
void note_open_card(struct model *m, int64_t card, struct effects *out);
void note_close(struct model *m, struct room_view *v, struct effects *out);
void note_leave(struct model *m, struct effects *out);
/* Something of the pane, with the focus. */
void note_show(struct model *m, enum note_shows shows);
void note_back(struct model *m);
void note_cancel(struct model *m, struct effects *out);
/* The open text if one may do something to it now; else says why not and is NULL. */
struct doc *note_text(struct model *m);
void note_move(struct model *m, size_t caret, size_t anchor, struct effects *out);
/* False after saying why it cannot be. */
bool note_edit(struct model *m, const struct op *o, size_t caret, size_t anchor,
               struct effects *out);
void note_verb(struct model *m, enum editor_verb verb, bool selecting, struct effects *out);
void note_insert(struct model *m, struct str text, bool is_paste, struct effects *out);
void note_take_back(struct model *m, bool again, struct effects *out);
void note_mark(struct model *m, struct effects *out);
/* The server would not take an edit: what was typed is not lost, and it is said where. */
void note_refused(struct model *m, const struct msg_note_edit *edit, const struct err *why);
/* True when the action, or the key with Shift, was a verb of the editor and is done. */
bool note_action(struct model *m, enum action_id id, struct effects *out);
bool note_shift_key(struct model *m, struct key key, struct effects *out);
void note_settle(struct model *m, const struct layout *l, struct effects *out);
int64_t note_next_tick(const struct model *m);
/* The mouse over the pane (update_note_mouse.c). */
void note_press(struct model *m, const struct layout *l, const struct mouse *mouse,
                struct effects *out);
void note_drag(struct model *m, const struct mouse *mouse, struct effects *out);
void note_wheel(struct model *m, int rows);

/* Texts that nobody opened yet (update_fetch.c). */
void fetch_clear(struct note_fetch *f);
void fetch_settle(struct model *m, struct effects *out);

/* Searching, replacing, links (update_find.c). */
void find_ask(struct model *m, struct str text, struct effects *out);
/* The line in which it is asked for was changed, or left. */
void find_typed(struct model *m);
void find_left(struct model *m);
/* A verb found something, or replaced it, coming from there. */
struct found_from {
    size_t start, end;
};
void find_done(struct model *m, enum editor_verb verb, struct found_from from);
void find_accept(struct model *m, struct str text, struct effects *out);
void replace_ask(struct model *m);
void replace_accept_find(struct model *m, struct str text);
void replace_accept(struct model *m, struct str text, struct effects *out);
/* The line to go to: asked for when text is empty. */
void line_ask(struct model *m, struct str text, struct effects *out);
void line_accept(struct model *m, struct str text, struct effects *out);
/* What stands at a position: its line goes into `line`, false when it is plain. */
bool note_span_at(const struct doc *d, size_t pos, struct buf *line, struct md_span *out);
bool note_follow(struct model *m, size_t pos, struct effects *out);
void note_follow_here(struct model *m, struct effects *out);

/* The list of notes (update_notes.c). */
void notes_settle(struct model *m, const struct layout *l);
void notes_show(struct model *m);
void notes_step(struct model *m, int by);
void notes_select(struct model *m, size_t place);
void notes_toggle_archived(struct model *m);
void notes_open(struct model *m, struct str name, struct effects *out);
/* Where there is no pane for it the text is handed to the model's listener. */
void notes_read(struct model *m, struct str name, struct effects *out);
void notes_append(struct model *m, struct str name, struct str text, struct effects *out);
void notes_edit(struct model *m, struct str name, struct effects *out);

/* Whole texts (update_errand.c). text: to append. */
void errand_begin(struct model *m, enum text_deed deed, int64_t number, struct str text,
                  struct effects *out);
void errand_settle(struct model *m, struct effects *out);
/* What the editor made of a text; false: it had none. */
bool errand_edited(struct model *m, struct str text, struct effects *out);
/* It gives nothing back. */
void errand_no_editor(struct model *m, struct effects *out);
void notes_new(struct model *m, struct str name, struct effects *out);
void notes_rename(struct model *m, struct str name, struct effects *out);
void notes_name(struct model *m, int64_t number, struct str name, struct effects *out);
void notes_archive(struct model *m, struct str name, struct effects *out);
void notes_restore(struct model *m, struct str name, struct effects *out);

/* Who wrote what (update_blame.c). */
void blame_clear(struct note_blame *b);
void blame_toggle(struct model *m);
void blame_settle(struct model *m, struct effects *out);
int64_t blame_next_tick(const struct model *m);
void blame_take(struct note_pane *p, const struct msg_note_runs *part);
/* True when it is asked again, as the server only asked for patience. */
bool blame_failed(struct note_pane *p, int64_t id, bool passing);

/* The headings of the open text (update_outline.c). */
void outline_clear(struct note_outline *o);
void outline_show(struct model *m);
void outline_step(struct model *m, int by);
void outline_select(struct model *m, size_t at);
void outline_go(struct model *m, struct effects *out);
void outline_settle(struct model *m, const struct layout *l);

/* Versions (update_history.c). */
void history_clear(struct note_history *h);
void history_show(struct model *m);
void history_step(struct model *m, int by);
void history_step_sitting(struct model *m, int by);
void history_go(struct model *m, int64_t version);
void history_scroll(struct model *m, int lines);
void history_compare(struct model *m);
void history_restore(struct model *m, struct effects *out);
/* True when it was the answer to a question. */
bool history_key(struct model *m, struct key key, struct effects *out);
void history_settle(struct model *m, struct effects *out);
void history_take(struct note_pane *p, const struct msg *m);
bool history_failed(struct note_pane *p, int64_t id, bool passing, int64_t now);
int64_t history_next_tick(const struct model *m);

#endif
