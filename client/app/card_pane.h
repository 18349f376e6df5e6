/* What the card view of a room shows: one card, beside the board. */
#ifndef MOOT_CARD_PANE_H
#define MOOT_CARD_PANE_H

#include "checklist.h"
#include "doc.h"
#include "feed.h"
#include "form.h"

/* Rows of the form that can be selected. What was done is named by its event's number, a
 * comment by its number as a message, which is negative while it waits. */
#define CARD_ROW_SAID (INT64_C(1) << 55) /* + that */
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
    CARD_ROW_OLDER, /* comments */
    CARD_ROW_DONE,
    CARD_ROWS,
    CARD_ROW_EVENT = 100, /* + its number */
};

enum { DESCRIPTION_CHARS = 2000, DESCRIPTION_LINES = 12 }; /* of it that are shown */

/* Lines of the server, and what came since; oldest first. */
struct card_page {
    VEC(struct feed_item) items;
    bool is_known;
    bool is_old; /* the link was cut since: the newest page is asked for again */
    bool more;   /* there are older ones, in front of event `before` */
    int64_t before;
    int64_t asked;   /* the question under way; 0: none */
    bool is_refused; /* asked again only by a person, or over another link */
};

struct card_pane {
    int64_t card; /* 0: closed */
    struct form_at at;
    struct doc *doc; /* the description, ours until session_close_text() */
    /* Counted once for each change of the doc. */
    uint64_t counted;
    struct checklist boxes;
    struct card_page comments, done; /* said on it; done to it */
};

/* The comment that is selected; 0: none. */
int64_t card_pane_said(const struct card_pane *p);
/* The doc has been closed before. */
void card_pane_finish(struct card_pane *p);

#endif
