/* When what is on screen counts as read. */
#ifndef MOOT_MARK_READ_H
#define MOOT_MARK_READ_H

#include "err.h"

/* MARK_SEEN: while the terminal has the keyboard and somebody was at it lately. MARK_OPEN: when
 * it is on screen. MARK_MANUAL: when the person says so. */
enum mark_read { MARK_SEEN, MARK_OPEN, MARK_MANUAL, MARK_READ_COUNT };
/* Fails with all names there are. */
bool mark_read_from_name(struct str name, enum mark_read *out, struct err *e);

#endif
