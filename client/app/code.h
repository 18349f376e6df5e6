/* Programs inside a text: which part of a line is a keyword, a string, a comment. A table of
 * words a language, not a grammar: enough to read by, and linear in the line. Pure. */
#ifndef MOOT_CODE_H
#define MOOT_CODE_H

#include "str.h"

enum code_lang {
    CODE_NONE,
    CODE_C,
    CODE_SH,
    CODE_PYTHON,
    CODE_JS,
    CODE_GO,
    CODE_RUST,
    CODE_SQL,
    CODE_JSON,
    CODE_DIFF,
    CODE_LANGS
};

enum code_kind {
    CODE_PLAIN,
    CODE_KEYWORD,
    CODE_STRING,
    CODE_COMMENT,
    CODE_NUMBER,
    CODE_ADDED,
    CODE_REMOVED,
};

/* The language of a fence's first word, as "c", "python" or "py"; CODE_NONE for others. */
enum code_lang code_language(struct str name);

/* Reads a line; what a line hands down to the next (that a comment or string is still open) is
 * in *open, which is 0 at the start. each may be NULL; it is called for every part in order,
 * none of them empty. */
typedef void code_each_fn(void *arg, enum code_kind kind, size_t start, size_t end);
void code_line(struct str line, enum code_lang lang, char *open, code_each_fn *each, void *arg);

#endif
