/* What a card carries besides its title, description and place: one table, a row a field.
 *
 * A field has one value, or it is a set of them. Every value is one line of text, checked by
 * the field's row. Sets merge by element: adding and taking off never conflict. A field of one
 * value remembers the event that set it last, so that who did not see that event can be told.
 */
#ifndef MOOT_BOARD_FIELD_H
#define MOOT_BOARD_FIELD_H

#include "bounds.h"
#include "err.h"

enum card_field {
    CARD_TITLE, /* in struct card; here only for its stamp */
    CARD_PRIORITY,
    CARD_DUE,
    CARD_SCALARS, /* from here on: sets */
    CARD_ASSIGNEE = CARD_SCALARS,
    CARD_LABEL,
    CARD_BLOCKER,
    CARD_FIELD_COUNT,
};

struct card_field_row {
    const char *name;
    bool (*check)(struct str value);
    const char *rule; /* what is allowed, for an error */
    const char *doc;
};

extern const struct card_field_row card_fields[CARD_FIELD_COUNT];

/* Names of priorities, lowest first; NULL behind the last. */
extern const char *const card_priorities[];

/* A value that a field gets; for a set, one that it gets or loses. A field of one value is
 * cleared by the empty one (a title never is). */
struct card_change {
    enum card_field field;
    struct str value;
    bool gone; /* of sets only */
};

/* Who set a field last, and by which event; seq 0: nobody since the card was made. */
struct card_stamp {
    int64_t seq;
    char author[USER_NAME_MAX + 1];
    char client[CLIENT_ID_MAX + 1];
};

struct card_value {
    enum card_field field;
    char *value; /* owned */
};

/* Fails with ERR_BAD_FIELD, naming all fields there are. */
bool card_field_named(struct str name, enum card_field *out, struct err *e);
/* Is it a value that the field can have? */
bool card_change_check(const struct card_change *c, struct err *e);
/* The number of a card that a blocker names; 0 if it names none. */
int64_t card_blocker(struct str value);
/* YYYY-MM-DD, of a day that is in the calendar, 1970 to 9999. */
bool card_due_is_valid(struct str value);
/* Place of a priority in card_priorities, from 1; 0 for none. */
int card_priority_rank(struct str value);

struct card;

/* The value of a field of one value; empty when it has none. Borrowed from the card. */
struct str card_scalar(const struct card *c, enum card_field f);
bool card_has(const struct card *c, enum card_field f, struct str value);
/* How many values a field has. */
size_t card_count(const struct card *c, enum card_field f);

/* True if the field was set by an event behind `seen`, and not by this client, which knows its
 * own order. seen < 0: whoever asks does not mind. Sets never conflict. */
bool card_conflicts(const struct card *c, enum card_field f, int64_t seen, struct str author,
                    struct str client);
/* NULL: it was not set since the card was made. */
const struct card_stamp *card_stamp_of(const struct card *c, enum card_field f);

/* Values and stamps as lines of text, for a store that need not know what they mean, and back
 * onto a card that has none yet. */
void card_print(const struct card *c, struct buf *out);
bool card_read(struct card *c, struct str text, struct err *e);

#endif
