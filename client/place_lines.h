/* The lines of a place (screen_place.h), and what becomes of them when two screens of one
 * person write them. Pure.
 *
 * Of most things there is one line, which says how it is. Of what is written and not sent there
 * may be several in one place, as two screens may have begun two: none takes the other's away,
 * and the newest is the last. */
#ifndef MOOT_PLACE_LINES_H
#define MOOT_PLACE_LINES_H

#include "mem.h"
#include "str.h"

struct place_entry {
    struct str key;  /* "notify #core"; of a draft the room, "#core"; "comment #core 7 0 new" */
    struct str text; /* its lines, with their newlines; borrows */
    bool is_written; /* a draft or a comment: there may be others with this key */
};

/* The next entry of the lines; false at their end. */
bool place_entry_next(struct str *lines, struct place_entry *out);

/* All of them, to be found by their keys. */
struct place_lines {
    VEC(struct place_entry) entries; /* by key, and of one key in their order */
};
void place_parse(struct place_lines *p, struct str lines); /* borrows */
void place_finish(struct place_lines *p);
/* The last entry with that key; its text is empty when there is none. */
struct str place_last(const struct place_lines *p, struct str key);
bool place_has(const struct place_lines *p, struct str key, struct str text);

/* What is to be on disk: `disk` with what changed from `base` to `mine`. base is what this
 * screen wrote, or took over, last; what others changed since stays. */
void place_merge(struct str base, struct str mine, struct str disk, struct buf *out);

#endif
