/* What the files of the session know of each other. */
#ifndef MOOT_SESSION_PARTS_H
#define MOOT_SESSION_PARTS_H

#include "session.h"

/* The link (session.c). */
void session_send(const struct msg *m, struct effects *out);
/* Gives the link up from our side and takes note of why. */
void session_drop_link(struct session *s, const struct err *why, int64_t now,
                       struct effects *out);
/* A random time up to a bound that doubles with every attempt. */
int64_t session_backoff(struct session *s, int attempts);
/* True for reasons for which trying again by oneself is no use. */
bool session_is_final(enum err_code code);

/* Rooms (session_rooms.c). */
void session_hello(struct session *s, struct effects *out);
/* Opens the rooms that found no place in hello. */
void session_open_rest(struct session *s, struct effects *out);
void session_send_open(struct session *s, struct replica *r, struct effects *out);
struct followed *session_followed(const struct session *s, struct str room);

/* The outbox (session_outbox.c). */
/* Sends what may be sent now. */
void session_pump(struct session *s, int64_t now, struct effects *out);
int64_t session_pump_at(const struct session *s, int64_t now);
void session_unsend_all(struct session *s);
/* The server has stored it; nothing happens if it is not in the outbox. */
void session_stored(struct session *s, int64_t id, int64_t seq, int64_t number,
                    struct effects *out);
/* The server refused it, for now or for good. False if it is not in the outbox. */
bool session_refuse(struct session *s, int64_t id, const struct err *why, bool passing,
                    int64_t now, struct session_listener l, struct effects *out);
/* Shows on a new replica what waits for its room. */
void session_show_waiting(struct session *s, struct replica *r, int64_t now);

#endif
