/* Puts the terminal right when the program dies of a fault: the one thing that may have to
 * happen without anybody being there to do it. */
#ifndef MOOT_TERM_GUARD_H
#define MOOT_TERM_GUARD_H

#include <stdbool.h>

/* From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT first restore the modes that fd has
 * at this moment, then take their course. reset: by term_guard_reset() too. */
void term_guard_start(int fd, bool reset);
void term_guard_stop(void);
/* The terminal may be within a link, or within the sequence that begins one: reset ends both.
 */
void term_guard_links(bool on);
/* Writes what switches off everything that we may have switched on. */
void term_guard_reset(int fd);

#endif
