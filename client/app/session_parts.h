/* What the files of the session know of each other. */
#ifndef MOOT_SESSION_PARTS_H
#define MOOT_SESSION_PARTS_H

#include "doc_parts.h"
#include "session.h"

/* One frame's handling. */
struct turn {
    struct session *s;
    int64_t now;
    struct session_listener l;
    struct effects *out;
};

/* The link (session.c). */
void session_send(const struct msg *m, struct effects *out);
/* Gives the link up from our side and takes note of why. */
void session_drop_link(struct session *s, const struct err *why, int64_t now,
                       struct effects *out);
/* What we say of our person, over a new link. */
void session_tell_status(struct session *s, int64_t now, struct effects *out);
/* A random time up to a bound that doubles with every attempt. */
int64_t session_backoff(struct session *s, int attempts);
/* True for reasons for which trying again by oneself is no use. */
bool session_is_final(enum err_code code);

/* Rooms (session_rooms.c). */
void session_hello(struct session *s, struct effects *out);
/* Opens the rooms that found no place in hello. */
void session_open_rest(struct session *s, struct effects *out);
/* A direct conversation is there now, its newest event being seq. */
void session_begun(struct session *s, struct str room, int64_t seq);
void session_send_open(struct session *s, struct replica *r, struct effects *out);
struct followed *session_followed(const struct session *s, struct str room);

/* How far rooms are read (session_read.c). */
void session_pump_reads(struct session *s, int64_t now, struct effects *out);
int64_t session_pump_reads_at(const struct session *s);
void session_took_unread(struct session *s, const struct msg_unread *m);
/* We came into a room by event seq: all up to there counts as read, as at the server. */
void session_came(struct session *s, struct replica *r, int64_t seq);
/* On a new replica, what the server said of the room. */
void session_show_marker(const struct session *s, struct replica *r);
/* True if the answer was to a question of the session's own. */
bool session_took_rooms(struct session *s, const struct msg_room_list *m);
bool session_read_stored(struct session *s, int64_t id);
bool session_read_refused(struct session *s, int64_t id, bool passing);
void session_reads_unlink(struct session *s);

/* The outbox (session_outbox.c). */
/* Sends what may be sent now. */
void session_pump(struct session *s, int64_t now, struct effects *out);
int64_t session_pump_at(const struct session *s, int64_t now);
/* An edit may be sent now: all requests that came before it were, and the pace allows it. */
bool session_may_send(struct session *s, int64_t now);
void session_take_token(struct session *s); /* it was */
/* When session_may_send() will say yes, if nothing else is sent. */
int64_t session_may_send_at(const struct session *s, int64_t now);
void session_unsend_all(struct session *s);
/* The server has stored it; nothing happens if it is not in the outbox. */
void session_stored(struct session *s, int64_t id, int64_t seq, int64_t number,
                    struct effects *out);
/* The server refused it, for now or for good. False if it is not in the outbox. */
bool session_refuse(struct session *s, int64_t id, const struct err *why, bool passing,
                    int64_t now, struct session_listener l, struct effects *out);
/* An id of an earlier run: from now on they lie behind it. */
void session_used_id(struct session *s, int64_t id);
/* Everything is stored: the outbox file may be cut. */
bool session_is_clean(const struct session *s);
/* Shows on a new replica what waits for its room. */
void session_show_waiting(struct session *s, struct replica *r, int64_t now);

/* Texts as they go over the link (session_text_link.c). */
/* Asks for, sends and tells what may be; frees what is of no more use. */
void session_pump_texts(struct session *s, int64_t now, struct effects *out);
int64_t session_pump_texts_at(const struct session *s, int64_t now);
void session_texts_unlink(struct session *s);
/* An event of a room that says something of a text. */
void session_text_event(const struct turn *t, const struct msg_note_edited *m);
void session_text_caret(struct session *s, const struct msg_note_caret *m);
void session_text_pointer(struct session *s, const struct msg_pointer *m);
/* True if the answer was to a question of a doc. */
bool session_text_answer(const struct turn *t, const struct msg *m);
bool session_text_error(const struct turn *t, int64_t id, const struct err *why, bool passing);
/* An edit is stored as event seq. */
void session_text_stored(const struct turn *t, int64_t id, int64_t seq);
/* Asks anew at the next opportunity. */
void session_text_close(struct doc *d);

/* Answers to what was asked (session_text_answer.c). */
void session_text_take(const struct turn *t, struct doc *d, const struct msg *m);
void session_text_run(const struct turn *t, struct doc *d, const struct held *h);
/* The server was put back to an older state of the room. */
void session_texts_put_back(const struct turn *t, struct str room);
void session_text_begin_anew(const struct turn *t, struct doc *d, const struct err *why);

/* Texts by name (session_text.c). */
/* A card or note that we made has got its number, or (0) it never will. True: another doc has
 * the number too, and both go on (as they did before a restart: stays_apart). */
bool session_text_number(struct session *s, struct str room, int64_t from, int64_t to,
                         bool stays_apart);
struct doc *session_text_make(struct session *s, struct str room, int64_t number);
void session_text_remove(struct session *s, struct doc *d);
size_t session_texts_unsaved(const struct session *s);
/* What a crash left of texts whose card or note was refused goes aside. */
void session_texts_check(const struct turn *t);

/* Texts on the disk (session_text_disk.c). */
/* Everything that is unsaved, as one record. */
void session_keep_draft(struct session *s, struct doc *d, bool sync, struct effects *out);
/* One more edit. */
void session_keep_more(struct session *s, struct doc *d, const struct op *o,
                       struct effects *out);
/* After an edit was stored or taken back: nothing is unsaved, perhaps nothing at all. */
void session_keep_saved(struct session *s, struct doc *d, struct effects *out);
/* What is unsaved goes aside, for a person to find, and off the doc. */
void session_put_aside(const struct turn *t, struct doc *d, const struct err *why);
/* {"draft":…} and {"more":…}; false if it is neither. */
bool session_restore_text(struct session *s, struct str json, struct err *e, bool *ok);
/* note.text, note.changes and note.edited out of the cache. */
void session_text_cached(struct session *s, const struct msg *m);
/* All records of outbox and cache are in: makes text and sync of them. */
void session_text_settle(struct doc *d);
void session_cache_text(const struct session *s, const struct doc *d, struct effects *out);
void session_cache_runs(const struct session *s, const struct doc *d, struct effects *out);
void session_cache_texts(const struct session *s, struct str room, struct effects *out);

#endif
