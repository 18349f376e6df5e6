/* A notification as bytes for the terminal, through tmux or screen where one is in between. */
#ifndef MOOT_NOTIFY_BYTES_H
#define MOOT_NOTIFY_BYTES_H

#include "notify.h"

enum { NOTIFY_TEXT_MAX = 240 }; /* bytes of a title, and of a text */

/* Who reads the bytes before the terminal does: tmux passes on only what is wrapped for it and
 * with `allow-passthrough on`; a bell gets through both. */
enum notify_between { BETWEEN_NOTHING, BETWEEN_TMUX, BETWEEN_SCREEN };
/* By TMUX and STY of the environment; or by TERM, which is all that ssh brings along from the
 * near end. Each may be NULL. */
enum notify_between notify_between(const char *tmux, const char *sty, const char *term);

/* ways: of enum notify_way, BY_TITLE is passed over. Controls and marks of direction in the
 * words are left out. OSC 9 (iTerm2), OSC 777 (rxvt, foot), OSC 99 (kitty). */
void notify_bytes(struct buf *out, unsigned ways, enum notify_between between, struct str title,
                  struct str text);

#endif
