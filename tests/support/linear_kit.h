/* What tests of the linear mode do over and over: a whole client of the team's room, what is
 * said in lines, and what is typed. Those that expect something fail the test otherwise. */
#ifndef MOOT_LINEAR_KIT_H
#define MOOT_LINEAR_KIT_H

#include "linear.h"
#include "screen_test.h"

struct lines {
    struct screen_kit k;
    struct linear l;
};

/* Set-up and tear-down: *state is a struct lines. */
int lines_open(void **state);
int lines_close(void **state);

void lines_clear(struct lines *s);
/* Among what was said since the last lines_clear(). */
void says(struct lines *s, const char *part);
void says_not(struct lines *s, const char *part);
void says_nothing(struct lines *s);

/* An input of the terminal or the link, at the present time; arg: struct lines. */
void lines_give(void *arg, const struct input *in);
void lines_type(struct lines *s, const char *text);
/* The line that is being written, with its prompt. */
void front_is(struct lines *s, const char *text);

/* An event of #core by somebody, or by bo; rest: its own members, as JSON. */
void lines_event(struct lines *s, const char *type, const char *who, const char *client,
                 const char *rest);
void lines_by_bo(struct lines *s, const char *type, const char *rest);

#endif
