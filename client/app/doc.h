/* One text as this client has it: what the server has committed, our own unsaved edits on top,
 * our undo, and where everybody's carets are. See docs/decisions/0006-notes.md.
 *
 * `text` is what is on screen. It is changed by session_edit() and by what comes from the
 * server, and with each change all carets, our own included, move along. An errand that only
 * sends what a crashed process left has no text, and needs none. */
#ifndef MOOT_DOC_H
#define MOOT_DOC_H

#include "msg.h"
#include "rope.h"
#include "sync.h"
#include "undo.h"

enum doc_state {
    DOC_CLOSED,  /* not asked for on this link: offline, or not yet */
    DOC_OPENING, /* note.open is under way */
    DOC_LIVE,    /* the text is the server's present one, plus what is unsaved */
    DOC_REFUSED, /* the server will not give it: `why` */
};

enum {
    DOC_SEND_EVERY_MS = 100, /* edits are sent at most so often */
    DOC_CARET_EVERY_MS = 60, /* and one's caret */
    DOC_TYPING_MS = 3000,    /* after an edit a person is shown as typing for so long */
};

struct doc_caret {
    char user[USER_NAME_MAX + 1], client[CLIENT_ID_MAX + 1];
    int64_t session;
    size_t caret, anchor; /* in `text` */
    size_t top;           /* the first place on that person's screen */
    int64_t typed_at;     /* ms, of its newest edit here; 0: none seen */
    /* As told, while the version is not reached yet; version -1: it is reached. */
    int64_t version;
};

struct doc {
    char room[ROOM_NAME_MAX + 1];
    int64_t
        number; /* of the note or card; negative: of one that the server does not know yet */
    enum doc_state state;
    struct err why;
    struct rope *text; /* NULL: not known yet */
    struct sync sync;
    struct undo *undo;
    size_t caret, anchor; /* our own, in `text` */
    size_t top;           /* for whoever shows it, the first place on screen: moves along too */
    VEC(struct doc_caret) others;
    VEC(struct doc_caret) pointers; /* where others point; caret and anchor are the place */
    uint64_t changes;               /* grows with everything that a view would show */
    struct doc_wire *wire;          /* what is under way; see doc.c */
};

/* The place in the text that a connection points at. False: none that is known. */
bool doc_pointer(const struct doc *d, int64_t session, size_t *place);
/* Whether all is stored: nothing pending, nothing in flight. */
bool doc_is_saved(const struct doc *d);
/* What is on screen is what the server has with what is unsaved on top, and everybody is within
 * it. For tests. */
bool doc_check(const struct doc *d, struct err *e);

#endif
