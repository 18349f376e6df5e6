/* Config files: lines `name = value`, comments behind ; or a # at the line's start. The one
 * home of inih. */
#ifndef MOOT_OPT_FILE_H
#define MOOT_OPT_FILE_H

#include "opt.h"

enum {
    OPT_FILE_MAX = 64 * 1024, /* bytes of a config file */
    OPT_LINE_MAX = 198,       /* bytes of one of its lines: what inih takes */
};

/* Appends the bytes of a config file; what is over OPT_FILE_MAX is left for who parses to
 * refuse. A file that is not there is an error only when `required`. */
bool opt_file_bytes(const char *path, bool required, struct buf *out, struct err *e);

/* Reads the file into the set. A file that is not there is an error only when `required`. What
 * is refused names the file and the line: options that are unknown or may not stand in a file,
 * values out of bounds, sections, bytes that are not UTF-8. */
bool opt_read_file(struct opt_set *s, const char *path, enum opt_source from, bool required,
                   struct err *e);

/* The same from bytes; name is what errors call them. */
bool opt_read_text(struct opt_set *s, struct str text, const char *name, enum opt_source from,
                   struct err *e);

#endif
