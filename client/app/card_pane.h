/* What the card view of a room shows: one card, beside the board. */
#ifndef MOOT_CARD_PANE_H
#define MOOT_CARD_PANE_H

#include "checklist.h"
#include "doc.h"
#include "form.h"

/* Rows of the form that can be selected. Comments and what was done are named by their event's
 * number. */
enum {
    CARD_ROW_TITLE = 1,
    CARD_ROW_COLUMN,
    CARD_ROW_PRIORITY,
    CARD_ROW_DUE,
    CARD_ROW_ASSIGNEES,
    CARD_ROW_LABELS,
    CARD_ROW_BLOCKERS,
    CARD_ROW_DESCRIPTION,
    CARD_ROW_COMMENTS,
    CARD_ROWS,
    CARD_ROW_COMMENT = 100, /* + 2 * event */
};

enum { DESCRIPTION_CHARS = 2000, DESCRIPTION_LINES = 12 }; /* of it that are shown */

struct card_pane {
    int64_t card; /* 0: closed */
    struct form_at at;
    struct doc *doc; /* the description, ours until session_close_text() */
    /* Counted once for each change of the doc. */
    uint64_t counted;
    struct checklist boxes;
};

#endif
