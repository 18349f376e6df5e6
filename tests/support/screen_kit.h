/* A model with a room to look at, fed with messages as a server would send them. For the tests
 * of update and view, and for looking at the screen without a server. */
#ifndef MOOT_SCREEN_KIT_H
#define MOOT_SCREEN_KIT_H

#include "grid.h"
#include "model.h"

struct screen_kit {
    struct model model;
    struct effects out; /* of all inputs since kit_forget() */
    int64_t now;
    int seq; /* newest event of #core */
};

/* Signed in as "ana", online, nothing but a welcome heard: rooms #core (owner) and #ops. */
void kit_init(struct screen_kit *k, int width, int height);
void kit_finish(struct screen_kit *k);
/* The same with #core's board (Todo, Doing, Done), people, some chat, and notes: 20 "Release
 * plan", 21 "Minutes", 22 "Old plan", which is archived. */
void kit_init_full(struct screen_kit *k, int width, int height);

/* One message of the server, as JSON in which ' stands for ". */
void kit_frame(struct screen_kit *k, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The id of the newest question of this type, as "note.open", since kit_forget(); 0: none. */
long long kit_asked(const struct screen_kit *k, const char *type);
/* Answers the note.open that was sent with a text, in which ' stands for itself. */
void kit_text(struct screen_kit *k, int note, int version, const char *text);
/* Somebody's edit of a note of #core; op as JSON in which ' stands for ". */
void kit_edited(struct screen_kit *k, const char *who, int note, int version, const char *op);
/* Keys by name, separated by blanks: "a h i Enter". */
void kit_keys(struct screen_kit *k, const char *names);
/* Text, typed key by key. */
void kit_type(struct screen_kit *k, const char *text);
void kit_paste(struct screen_kit *k, const char *text);
void kit_mouse(struct screen_kit *k, enum mouse_kind kind, int button, int x, int y);
void kit_resize(struct screen_kit *k, int width, int height);
void kit_tick(struct screen_kit *k, int64_t ms);
/* Time passes over a link that stands. */
void kit_pass(struct screen_kit *k, int64_t ms);
/* The link is cut for a reason; and made again, the server being where it was. */
void kit_cut(struct screen_kit *k, enum err_code code, const char *why);
void kit_back(struct screen_kit *k);

/* What was sent since kit_forget(), one message a line. */
const char *kit_sent(const struct screen_kit *k, struct buf *out);
void kit_forget(struct screen_kit *k);
/* Draws the model and returns the characters, line by line. */
const char *kit_screen(const struct screen_kit *k, struct buf *out);
/* A room of so many cards and messages. */
void kit_fill(struct screen_kit *k, int cards, int messages);

#endif
