/* Which of what others do is worth a bell: the person's rules, and words of theirs. Pure. */
#ifndef MOOT_NOTIFY_H
#define MOOT_NOTIFY_H

#include "bounds.h"
#include "err.h"

/* NOTIFY_MENTIONS: what concerns oneself, and messages with a keyword. NOTIFY_ALL: every
 * message too. Of a room only: NOTIFY_DEFAULT, as the options say, and NOTIFY_MUTE, which also
 * shows no count of what is unread there, nor what concerns oneself. */
enum notify_level {
    NOTIFY_DEFAULT,
    NOTIFY_NONE,
    NOTIFY_MENTIONS,
    NOTIFY_ALL,
    NOTIFY_MUTE,
    NOTIFY_LEVELS
};

enum {
    KEYWORDS_MAX = 500, /* bytes of all keywords */
    NOTIFY_BURST_MS =
        3000, /* what comes so soon behind another is counted, and told together */
    /* So long a message waits whether it is read on another screen of the person's, which tells
     * the server at once of one that concerns it, and every two seconds of others. */
    NOTIFY_MINE_MS = 1000,
    NOTIFY_ANY_MS = 2500,
    BELLS_MAX = 500, /* that wait; more are not counted */
};

/* Something to be told as soon as it is clear that nobody reads it. */
struct bell {
    char room[ROOM_NAME_MAX + 1]; /* empty: of none */
    int64_t seq;                  /* of the message; 0: nothing that can be read elsewhere */
    int64_t at;                   /* ms: when it rings, if nothing else does */
    bool more;                    /* only counted: it came too soon behind another */
    char *text;                   /* owned */
};

struct notify_rules {
    enum notify_level level;
    char keywords[KEYWORDS_MAX + 1]; /* parted by commas */
    bool counts;                     /* unread messages in the window's title */
    int quiet_from, quiet_to;        /* minutes of the day; the same: never quiet */
};

const char *notify_level_name(enum notify_level l);
/* Fails with all names there are; "mute" and "default" only where `room`. */
bool notify_level_from_name(struct str name, bool room, enum notify_level *out, struct err *e);
/* "22:00-07:00"; empty: never. */
bool notify_hours(struct str text, struct notify_rules *out, struct err *e);
/* Local time of day, in minutes, at now (ms since 1970). */
bool notify_is_quiet(const struct notify_rules *r, int64_t now);
/* True when one of the keywords stands in the text as whole words, whatever the case. */
bool notify_has_keyword(const struct notify_rules *r, struct str text);

/* Ways to tell, as bits; the list of an option: "bell,osc9". */
enum notify_way { BY_BELL = 1, BY_OSC9 = 2, BY_OSC777 = 4, BY_OSC99 = 8, BY_TITLE = 16 };
bool notify_ways(struct str list, unsigned *out, struct err *e);

#endif
