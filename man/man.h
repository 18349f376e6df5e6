/* Manual pages out of templates: text, with places that the tables of the programs fill in.
 *
 * In a template a line that is only @NAME@ becomes what the table of that name prints; within a
 * line @NAME@ becomes a number or word. "@NAME PROGRAM@" means the table of that program; where
 * it is left out, that of the program whose page it is. A name that nobody knows is an error,
 * so that a page cannot drift from the code.
 *
 * To add a table: a row in the source it comes from (man_proto.c, man_server.c, man_client.c).
 */
#ifndef MOOT_MAN_H
#define MOOT_MAN_H

#include "err.h"

struct man_table {
    const char *name;
    const char *program; /* the page it is for; NULL: any */
    void (*print)(struct buf *out);
};

/* What stands within lines: numbers, or words where text is set. */
struct man_value {
    const char *name;
    int64_t value;
    const char *text;
};

struct man_source {
    const struct man_table *tables;
    size_t n_tables;
    const struct man_value *values;
    size_t n_values;
};

extern const struct man_source man_proto, man_server, man_client;

/* Fills in a template. page is its file's name, as "moot.conf.5", which tells whose tables are
 * meant. The error names the line. */
bool man_fill(struct buf *out, struct str text, const char *page,
              const struct man_source *const *sources, size_t n, struct err *e);

#endif
