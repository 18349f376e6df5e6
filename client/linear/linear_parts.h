/* What the files of linear know of each other. */
#ifndef MOOT_LINEAR_PARTS_H
#define MOOT_LINEAR_PARTS_H

#include "linear.h"

/* Says a line. Whatever is in it is made fit for a terminal: controls are spelt out, the lines
 * behind its first are indented, and what is not ASCII is named where only ASCII shows. */
void say(struct linear *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void say_text(struct linear *l, struct str text);
/* Appends text as say() prints it. */
void say_plain(const struct linear *l, struct str text, struct buf *out);
/* What an event has to say, unless a toast says it better. */
void say_held(struct linear *l);

/* Time of day, with the day in front of it unless it is today. */
enum { CLOCK_WORDS = 40 };
const char *clock_words(const struct linear *l, int64_t time, char out[CLOCK_WORDS]);

/* Events in words (linear_words.c). */
void words_heard(struct linear *l, const struct msg *event);
void words_toast(struct linear *l, struct str text);
/* A message as one line, or several: as it comes in, with its number in front and its reactions
 * behind, or with all of its text however long that is. */
enum words_how { WORDS_PLAIN, WORDS_NUMBERED, WORDS_ALL };
void words_message(struct linear *l, const struct line *line, enum words_how how);
/* Messages that were not said yet. */
void words_new(struct linear *l);
/* What is in the room that one comes into. */
void words_enter(struct linear *l);

/* What was said and done before (linear_past.c). The room of which it is must be here. */
void past_list(struct linear *l, struct str word); /* the newest messages */
/* Asks for those before what was read out last, or behind it. */
void past_page(struct linear *l, bool up);
/* What was asked for is here: reads out from that message on, or up to it. */
void past_place(struct linear *l, int64_t message);
bool past_is_on_the_way(const struct linear *l);
void past_give_up(struct linear *l);
void past_catchup(struct linear *l);

/* True when the action is one of those that print (linear_lists.c), or makes no sense in lines,
 * which is said. */
bool lists_action(struct linear *l, const struct command *c);
void lists_settle(struct linear *l);
void say_dialog(struct linear *l);
void say_note(struct linear *l, int64_t number, struct str text);
void say_picker(struct linear *l);

#endif
