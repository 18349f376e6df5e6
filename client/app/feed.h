/* What went on, newest first: of one room, read back from its log as far as somebody scrolls;
 * and what concerned us since the program runs, kept to be looked at again. A room's pane shows
 * one of the two, or what concerns us of all rooms since we were there (catchup.h). */
#ifndef MOOT_FEED_H
#define MOOT_FEED_H

#include "msg.h"

enum feed_shows { FEED_NOTHING, FEED_ACTIVITY, FEED_NOTICES, FEED_CATCHUP };

enum {
    FEED_PAGE = 100,  /* lines asked for at once */
    FEED_MAX = 20000, /* lines kept; older ones stay in the log */
    NOTICES_MAX = 500,
};

struct feed_item {
    int64_t seq, time, about;
    enum msg_type type;
    char author[USER_NAME_MAX + 1];
    char *text; /* owned: what the author did */
};

/* at: the selected line, first: the topmost, both counted from the newest. */
struct feed_pane {
    enum feed_shows shows;
    size_t at, first;
    /* The room's activity; only what the two filters let through. */
    char user[USER_NAME_MAX + 1]; /* empty: everybody */
    enum activity kind;
    VEC(struct feed_item) items; /* oldest first */
    bool is_known;               /* a page came since the link stands */
    bool more;                   /* the log goes on in front of `before` */
    int64_t before;              /* of the next question */
    int64_t asked;               /* the question under way; 0: none */
};

void feed_pane_finish(struct feed_pane *p);

/* Something that others did and that concerns us, or that went wrong. */
struct notice {
    int64_t time;
    bool is_error;
    char room[ROOM_NAME_MAX + 1]; /* empty: none */
    int64_t about;                /* card or note; 0: none */
    int64_t message;              /* that it was said in; 0: none */
    char *text;                   /* owned */
};

#endif
