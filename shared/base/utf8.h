/* UTF-8 (RFC 3629) and what of it may reach a terminal. */
#ifndef MOOT_UTF8_H
#define MOOT_UTF8_H

#include "str.h"

/* Decodes the code point at s.p[0] and returns its length in bytes, 1 to 4; 0 at the end of s
 * or where the bytes are not UTF-8 (overlong forms, surrogates and > U+10FFFF included). */
size_t utf8_next(struct str s, uint32_t *cp);
/* Writes cp at out, which has room for 4 bytes, and returns how many it took; 0 for what is no
 * Unicode scalar value. */
size_t utf8_put(char *out, uint32_t cp);
bool utf8_is_valid(struct str s);
/* Code points in valid UTF-8. */
size_t utf8_chars(struct str s);

/* True for what must never reach a terminal as it is: C0 and C1 controls, DEL, and the
 * bidirectional controls (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), the line
 * and paragraph separators, and U+FEFF. Newline and tab are controls too. */
bool utf8_is_unsafe(uint32_t cp);

/* Appends s with every unsafe code point and every invalid byte written as \n, \t, \r, \xNN or
 * \u{NNNN}: for log lines, and for text of others printed to a terminal on one line. */
void utf8_escape(struct buf *out, struct str s);

/* The same for text of several lines: newline and tab pass, the rest is escaped. */
void utf8_escape_lines(struct buf *out, struct str s);

#endif
