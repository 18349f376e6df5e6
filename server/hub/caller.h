/* Connections: what goes out to them, and how they end. */
#ifndef MOOT_CALLER_H
#define MOOT_CALLER_H

#include "hub_state.h"

/* An output at the end of the outbox, zeroed but for its kind. Valid until the next one. */
struct output *out_add(struct hub *h, enum output_kind kind);
void out_log(struct hub *h, int level, const char *id, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* NULL for a slot that is free or was told to go. */
struct caller *caller_at(const struct hub *h, uint32_t slot);
bool caller_is_admin(const struct caller *c);

void caller_send(struct hub *h, struct caller *c, const struct msg *m);
/* Takes the reference. pause: IN_READABLE is to follow. */
void caller_send_frame(struct hub *h, struct caller *c, struct frame *f, bool pause);
/* An error that answers re, or none when re is 0. */
void caller_error(struct hub *h, struct caller *c, int64_t re, const struct err *e);
/* The same for a message of the peer, which counts: too many in a row end the connection. */
void caller_refuse(struct hub *h, struct caller *c, int64_t re, const struct err *e);
/* Closes without a further message. */
void caller_close(struct hub *h, struct caller *c, enum err_code code, uint16_t status);
/* Says why and closes. Nothing more is read from the peer. */
void caller_end(struct hub *h, struct caller *c, enum err_code code, uint16_t status,
                int64_t retry_ms, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

void caller_opened(struct hub *h, const struct hub_input *in);
void caller_closed(struct hub *h, uint32_t slot);
/* Frees without a word, for hub_free(). */
void caller_free(struct caller *c);
/* Nobody is held to have been silent for the last ms milliseconds. */
void caller_forgive(struct hub *h, int64_t ms);
/* Looks at the timers of some connections; all of them are seen within a second. */
void caller_slice(struct hub *h);

/* Messages that wait. queue_add() is false when the bounds are reached. */
bool queue_add(struct hub *h, struct queue *q, const struct msg *m);
void queue_pop(struct queue *q);
void queue_finish(struct queue *q);

#endif
