/* Questions about texts: note.open, note.at, note.log, note.blame.
 *
 * A connection is answered one after the other, so that what is in memory for it stays small,
 * and waits after each RESUME_BYTES until they have left, as a resume does. */
#ifndef MOOT_HUB_READING_H
#define MOOT_HUB_READING_H

#include "text.h"

enum {
    EDITS_PAGE = 2048, /* edits read at once */
    EDITS_BYTES = 2 * RESUME_BYTES,
    STEP_BYTES = 8, /* of JSON that are read or written in a step of work */
};

struct reading {
    enum msg_type type; /* of the question */
    int64_t id;
    struct room *room;
    int64_t number; /* of the text */
    uint64_t asked; /* tag of the job under way, or 0 */

    /* note.open */
    int64_t since, flight;
    bool begun;
    int64_t at, until;      /* versions: sent up to, and what the answer leads to */
    bool looked_up, singly; /* the flight was asked for; it is still to come */
    /* note.at; note.log: version is `before` */
    int64_t version, time, limit;

    struct copy *copy; /* what is being sent in parts, if it is a text */
    size_t byte;       /* of it sent */
    int64_t part;
    struct whose *whose; /* what is being sent, if it is runs */
    size_t run;          /* of them sent */
    struct reading *prev, *next;
};

/* What came of a step. */
enum progress {
    FINISHED, /* all is sent */
    ONWARD,   /* look again, unless the connection is paused or a job under way */
    WAITING,  /* for the text to be loaded */
    FAILED,   /* the error is to be sent */
};

/* Puts a question at the end of c's; ERR_BUSY when too many wait. The caller fills it in and
 * calls reading_step(). */
struct reading *reading_new(struct caller *c, enum msg_type type, int64_t id, struct room *r,
                            int64_t number, struct err *e);
/* Answers c, as far as that goes now. */
void reading_step(struct hub *h, struct caller *c);
/* The answer to ASK_READING. */
void reading_answered(struct hub *h, const struct ask *a, const struct store_job *j);
void reading_drop_all(struct caller *c);

/* For the parts: */

/* Sends framed messages, with a pause behind RESUME_BYTES. */
void reading_send(struct hub *h, struct caller *c, struct frame *f);
/* Asks the store; room and text are filled in. */
void reading_ask(struct hub *h, struct caller *c, struct reading *q, struct store_job *j);
/* Sends the next part of q->copy. */
enum progress reading_send_text(struct hub *h, struct caller *c, struct reading *q);

enum progress reading_open(struct hub *h, struct caller *c, struct reading *q, struct err *e);
enum progress reading_open_more(struct hub *h, struct caller *c, struct reading *q,
                                const struct store_job *j, struct err *e);
enum progress reading_at(struct hub *h, struct caller *c, struct reading *q, struct err *e);
enum progress reading_at_more(struct hub *h, struct caller *c, struct reading *q,
                              const struct store_job *j, struct err *e);
enum progress reading_log(struct hub *h, struct caller *c, struct reading *q, struct err *e);
enum progress reading_log_more(struct hub *h, struct caller *c, struct reading *q,
                               const struct store_job *j, struct err *e);
enum progress reading_blame(struct hub *h, struct caller *c, struct reading *q, struct err *e);

#endif
