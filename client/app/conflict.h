/* A field that somebody else changed while we did: the server refused our request, and the
 * person is asked. Until then the request is held in the outbox, so that nothing is lost should
 * the client die meanwhile: it is then sent, refused and asked about again. */
#ifndef MOOT_CONFLICT_H
#define MOOT_CONFLICT_H

#include "board_field.h"

enum { CONFLICT_QUIET_MS = 600 }; /* without a key, before a question opens by itself */

enum conflict_choice { CHOICE_OPEN, CHOICE_MINE, CHOICE_THEIRS };

struct conflict {
    char room[ROOM_NAME_MAX + 1];
    int64_t id, card; /* the request; and what it is about */
    enum card_field field;
    struct buf mine, theirs; /* empty: cleared */
    char author[USER_NAME_MAX + 1];
    int64_t seq, time; /* of the event that set theirs; time 0: not known yet */
    int64_t asked;     /* the question for the time; 0: not asked, -1: there is no answer */
    enum conflict_choice choice;
    bool is_held; /* the request was refused, and the session holds it */
    bool is_late; /* the person wants to decide later */
    bool is_told;
};

/* Names one of them; id 0: none. */
struct conflict_ref {
    int64_t id;
    enum card_field field;
};

#endif
