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
/* A message as one line, or several. number: with its own in front. */
void words_message(struct linear *l, const struct line *line, bool number);
/* Messages that were not said yet. */
void words_new(struct linear *l);
/* What is in the room that one comes into. */
void words_enter(struct linear *l);

/* True when the action is one of those that print (linear_lists.c), or makes no sense in lines,
 * which is said. */
bool lists_action(struct linear *l, const struct command *c);
void lists_settle(struct linear *l);
void say_dialog(struct linear *l);
void say_note(struct linear *l, int64_t number, struct str text);
void say_picker(struct linear *l);

#endif
