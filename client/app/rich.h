/* A message as it is read: Markdown without its marks, lines of pieces that know how they look
 * and where they lead. What they say is borrowed from the text, or lies in the arena. Pure. */
#ifndef MOOT_RICH_H
#define MOOT_RICH_H

#include "form.h"

/* What happens when somebody follows a piece. */
enum rich_goes {
    GOES_NOWHERE,
    GOES_LINK,     /* to: the address */
    GOES_CARD,     /* number: a card's or a note's */
    GOES_USER,     /* to: the name */
    GOES_ORIGINAL, /* number: the message that is answered */
    GOES_REACTION, /* to: the emoji */
    GOES_UNFOLD,
};

struct rich_piece {
    struct str text;
    int tone; /* of enum tone */
    enum rich_goes goes;
    struct str to;
    int64_t number;
};

struct rich_line {
    size_t first, behind; /* its pieces */
    int quote;            /* bars in front of it */
    int indent;           /* columns in front of it */
    int hang;             /* and further ones in front of the rows that it goes on in */
    bool is_rule;         /* a line across; it has no pieces */
};

struct rich {
    VEC(struct rich_piece) pieces;
    VEC(struct rich_line) lines;
    VEC(struct str) links; /* addresses that the text does not show; [1] is the first */
    struct arena arena;
};

struct rich_want {
    bool ascii;    /* emoji by their names, and not names as emoji */
    bool strokes;  /* those around what is struck show, as it cannot be */
    struct str me; /* who is meant by this name is to notice */
};

/* out is empty. Linear in the text. */
void rich_read(struct str text, const struct rich_want *want, struct rich *out);
void rich_finish(struct rich *r);

enum { RICH_QUOTES_MAX = 3, RICH_CODE_INDENT = 2 };

/* Breaks a line into rows of at most `width` columns, indents included, at blanks where there
 * are any: each is added to out as a line of pieces of its own. */
void rich_wrap(const struct rich *r, const struct rich_line *line, int width, struct rich *out);

#endif
