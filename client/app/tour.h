/* The tour of moot demo: chapters that say what the demo's people do, what is told about it,
 * and what the person may do. All of it is data in tour_table.c.
 *
 * The client leads through it (update_tour.c) and cues each beat that is not its own to the
 * demo, which has the people and the client's link (cli/demo.c). Nothing comes back but what
 * everybody in the room sees, so that the tour waits for what is so, not for what somebody
 * says. */
#ifndef MOOT_TOUR_H
#define MOOT_TOUR_H

#include "str.h"

enum tour_who { TOUR_NOBODY, TOUR_ANA, TOUR_BEN, TOUR_KIM, TOUR_PEOPLE };

enum tour_deed {
    /* the client's own */
    TOUR_SHOW,  /* text: the caption from here on */
    TOUR_ASK,   /* the same; goes on once the person has done it: `until` */
    TOUR_AWAIT, /* the same, of what comes by itself */
    TOUR_TIDY,  /* puts away what the tour opened: nothing if anybody was here since */
    /* the demo's */
    TOUR_CUT,  /* the client's link, and nobody else's */
    TOUR_MEND, /* it can connect again; so it can when another chapter begins */
    /* of `who` */
    TOUR_SAY,     /* text, in the room; @ME is the person */
    TOUR_CALL,    /* the same in another room, TOUR_OTHER_ROOM */
    TOUR_CHEER,   /* reacts with text to what was said last */
    TOUR_MOVE,    /* card, to the column text */
    TOUR_LOOK,    /* at card */
    TOUR_POINT,   /* at card, for a while */
    TOUR_RETITLE, /* the card whose title the person is editing; text comes behind it */
    TOUR_WRITE,   /* types text into the note, below the line that begins with `below` */
};

/* What can be waited for; asked of the model in update_tour.c. */
enum tour_fact {
    TOUR_NEVER,
    TOUR_MOVED,     /* the person moved a card since it was asked for */
    TOUR_EDITS,     /* a title is being edited */
    TOUR_DIFFERS,   /* two changes stand against each other */
    TOUR_DECIDED,   /* none do, and nothing is unsaved */
    TOUR_ELSEWHERE, /* another room is on screen */
    TOUR_HOME,      /* the demo's room is */
    TOUR_READS,     /* a note is open */
    TOUR_UNSAVED,   /* something is not saved */
    TOUR_SAVED,     /* online, and everything is */
    TOUR_LISTS,     /* what was done is listed */
    TOUR_FINDS,     /* what was searched for is */
    TOUR_MEASURES,  /* the figures are shown */
    TOUR_FACTS
};

/* The demo's screen finds the number of the pipe for its cues here. */
#define TOUR_VARIABLE "MOOT_TOUR_FD"

#define TOUR_ROOM "#lobby"
#define TOUR_OTHER_ROOM "#design"
#define TOUR_NOTE "Release notes"

struct tour_beat {
    enum tour_deed deed;
    enum tour_who who;
    int64_t ms; /* so long behind the beat before */
    int64_t card;
    const char *text, *below;
    enum tour_fact until;
    /* Beats to go back when the person begins anew with what came before: edits another title
     * instead of saving this one. 0: none. */
    size_t back;
    /* What does it, or TOUR_AWAIT sooner: by the keys as they are bound by default, which
     * are typed when nobody is here: characters, and names in <>, as "<F2><Enter>". And where
     * they mean that: of enum action_where. */
    const char *keys;
    unsigned from;
};

struct tour_chapter {
    const char *name;
    const struct tour_beat *beats;
    size_t n;
};

extern const struct tour_chapter tour_chapters[];
extern const size_t tour_count;
extern const char *const tour_people[TOUR_PEOPLE]; /* their account names; NULL for nobody */

/* One beat that is to be done now. run grows whenever a chapter begins, so that one knows what
 * is over: then its first beat is cued, whatever it is. */
struct tour_cue {
    int64_t run, chapter, beat, card;
};
void tour_cue_write(const struct tour_cue *cue, struct buf *line);
/* False for what is no cue of the table. */
bool tour_cue_read(struct str line, struct tour_cue *cue);
const struct tour_beat *tour_cue_beat(const struct tour_cue *cue);

enum {
    TOUR_PATIENCE_MS = 15000, /* without a key or a click, before the tour types itself */
    TOUR_WATCHED_MS = 10000,  /* the same when nobody was here since it typed the last time */
    TOUR_TYPED_MAX = 64,      /* bytes of what it types, as one reads it */
};

/* What the tour types for want of somebody (update_tour_keys.c). */
struct tour_typing {
    bool on;     /* it types, or has typed and waits for what comes of it */
    bool own;    /* nobody touched anything since it typed: what is open is its own doing */
    int64_t at;  /* ms, of the next key, or when it begins */
    size_t done; /* bytes of the beat's keys */
    size_t lead, times; /* keys on the way there; how often it began in this chapter */
    bool letter;        /* the newest of them was one of a text */
    const char *leaves; /* what it says before it goes on without it; NULL: it does not */
    char shown[TOUR_TYPED_MAX];
};

/* Where the client is in it. */
struct tour {
    bool on, begun;
    const char *home;  /* the room that it is in */
    bool asks, waits;  /* the person was asked; for that, or for what comes by itself */
    int64_t paused_at; /* ms; 0: it runs */
    int64_t run;
    size_t chapter, beat; /* the beat to come, or that is waited for */
    int64_t due;          /* ms, when it comes */
    int64_t since;        /* the person's newest move when one was asked for */
    int64_t gave_up;      /* ms, when what was begun was last seen under way */
    const char *caption;  /* NULL: none yet */
    struct tour_typing typing;
};

#endif
