/* Markdown, as a text editor shows it: which part of a line is what. Line by line, so that only
 * what is on screen costs anything. Pure. */
#ifndef MOOT_MARKDOWN_H
#define MOOT_MARKDOWN_H

#include "code.h"
#include "str.h"

enum md_kind {
    MD_PLAIN,
    MD_HEADING,
    MD_QUOTE,
    MD_LIST_MARK,
    MD_BOX_OPEN,
    MD_BOX_DONE,
    MD_DONE_TEXT,
    MD_STRONG,
    MD_EMPHASIS,
    MD_STRUCK,
    MD_CODE,
    MD_FENCE,
    MD_LINK,
    MD_MARKUP,
    MD_RULE,
    MD_CARD,    /* #42 */
    MD_USER,    /* @ana */
    MD_KEYWORD, /* these within code */
    MD_STRING,
    MD_COMMENT,
    MD_NUMBER,
    MD_ADDED,
    MD_REMOVED,
    MD_KINDS
};

struct md_span {
    enum md_kind kind;
    size_t start, end; /* bytes within the line */
};
struct md_spans {
    VEC(struct md_span) spans; /* in order, without overlap; what lies between is plain */
};

/* What the lines above hand down; zeroed at the start of a text. */
struct md_state {
    bool in_fence;
    char fence;          /* '`' or '~' */
    size_t fence_n;      /* how many */
    enum code_lang lang; /* what the fence says is in it */
    char open;           /* of a comment or string there; see code.h */
};

/* Reads a line (no newline in it), appends its spans, moves the state behind it. Bounded work:
 * linear in the line, whatever is in it. */
void markdown_line(struct str line, struct md_state *state, struct md_spans *out);
/* Where the link leads that is span i of a line: the address in the brackets behind it, or what
 * it says itself. */
struct str markdown_address(struct str line, const struct md_spans *spans, size_t i);
/* The state alone, for lines above the screen. */
void markdown_skip(struct str line, struct md_state *state);
/* The level of a heading, 1 to 6, and what it says, without the marks on both sides; 0: the
 * line is none. Moves the state as markdown_skip() does. */
int markdown_heading(struct str line, struct md_state *state, struct str *title);

#endif
