/* Strings: struct str borrows bytes, struct buf owns them. Neither needs a closing NUL. */
#ifndef MOOT_STR_H
#define MOOT_STR_H

#include "mem.h"

#include <stdbool.h>
#include <stdint.h>

/* n bytes at p that belong to somebody else. Zeroed is the empty string. */
struct str {
    const char *p;
    size_t n;
};

/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)(s).n, (s).n ? (s).p : ""
/* A literal; STR_ROW for the rows of static tables. */
#define STR_ROW(lit)                                                                           \
    {                                                                                          \
        ("" lit), sizeof("" lit) - 1                                                           \
    }
#define STR(lit) ((struct str){("" lit), sizeof("" lit) - 1})

struct str str_of(const char *cstr); /* NULL is empty */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *cstr);
/* Which of n names s is, of which some may be NULL; -1: none. */
int str_which(struct str s, const char *const *names, size_t n);
int str_cmp(struct str a, struct str b); /* by bytes, as memcmp */
bool str_starts(struct str s, const char *prefix);
bool str_has(struct str s, char c);
struct str str_trim(struct str s); /* without ASCII white space at both ends */
/* Cuts s at the first c: returns what stands before it, leaves the rest in s. Without a c the
 * whole is returned and s becomes empty with p == NULL. */
struct str str_cut(struct str *s, char c);
/* A decimal integer with optional minus that fills all of s and lies in min..max. */
bool str_int(struct str s, int64_t min, int64_t max, int64_t *out);

/* A copy with a closing NUL, owned by the caller (free) or by the arena. */
char *str_dup(struct str s);
/* Puts a copy of s, which may be a part of the old text, in place of *owned, of str_dup():
 * where that stands if it is not longer. So what is kept for years and changes often does not
 * wander through the memory and hold a page of it wherever it was. */
void str_put(char **owned, struct str s);
struct str str_keep(struct arena *a, struct str s);
struct str str_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Bytes that grow. Zeroed is empty; after buf_cstr() p[n] is NUL. */
struct buf {
    char *p;
    size_t n, cap;
};

void buf_reserve(struct buf *b, size_t more); /* room for `more` bytes behind n */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_add_str(struct buf *b, struct str s);
void buf_add_c(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *b); /* keeps the memory */
void buf_finish(struct buf *b);
struct str buf_str(const struct buf *b);
const char *buf_cstr(struct buf *b);
/* Removes n bytes from the front. */
void buf_drop(struct buf *b, size_t n);

#endif
