/* A person at an editor. Texts are written with '|' where the caret is, and '^' where the
 * anchor is when something is selected: "^ab|c" has "ab" selected. */
#ifndef MOOT_EDITOR_KIT_H
#define MOOT_EDITOR_KIT_H

#include "editor.h"

struct desk {
    struct editor e;
    struct rope *text;
    size_t caret, anchor;
    struct op op; /* of the last verb */
};

#define FAMILY "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7" /* one emoji of two */
#define E_ACUTE "e\xcc\x81"
#define ACUTE "\xcc\x81"
#define MID "\xe4\xb8\xad" /* a wide character */

void desk_init(struct desk *d, const char *marked);
void desk_finish(struct desk *d);
/* Each change must be sound, fit the text, and be taken back by its inverse. */
bool desk_do(struct desk *d, enum editor_verb verb);
void desk_type(struct desk *d, struct str text);
/* With the movement extending the selection. */
bool desk_select(struct desk *d, enum editor_verb verb);
void desk_find(struct desk *d, const char *what, const char *with);
/* Appends what is there now, marked. */
void desk_marked(const struct desk *d, struct buf *out);
void desk_expect(const struct desk *d, const char *marked, const char *what);

#endif
