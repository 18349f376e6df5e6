/* Links that the terminal itself can open (OSC 8): to which terminal they are sent, and what an
 * address has to be to stand between two escape sequences. Pure. */
#ifndef MOOT_HYPERLINK_H
#define MOOT_HYPERLINK_H

#include "err.h"

/* HYPERLINKS_AUTO: where the terminal is known to take them, or to pass over them. */
enum hyperlinks { HYPERLINKS_AUTO, HYPERLINKS_ON, HYPERLINKS_OFF, HYPERLINKS_COUNT };
/* Fails with all names there are. */
bool hyperlinks_from_name(struct str name, enum hyperlinks *out, struct err *e);

/* What decides whether they are sent: what the person wants, what is drawn with, and variables
 * of the environment by these names, each of which may be NULL. */
struct hyperlink_case {
    enum hyperlinks wanted;
    bool is_utf8, is_ascii; /* the terminal's characters; none but ASCII is asked for */
    const char *term, *colorterm, *vte_version, *tmux, *sty;
};
/* What tells against sending them, for a person to read, as "TERM=linux"; NULL: nothing. */
const char *hyperlink_obstacle(const struct hyperlink_case *c, struct arena *a);

/* An address of the web: nothing else is opened, in whatever way. */
bool hyperlink_is_web(struct str address);

enum { HYPERLINK_MAX = 2000 }; /* bytes of an address; terminals take about so many */
/* Appends the address as a terminal may be told it: printable ASCII alone, what is not being
 * written as %XX. False, and nothing is appended, for one that is not of the web, too long, or
 * has controls or marks of direction in it. */
bool hyperlink_address(struct str address, struct buf *out);

#endif
