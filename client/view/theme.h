/* Colours and signs by what they mean; one table for every kind of terminal. */
#ifndef MOOT_THEME_H
#define MOOT_THEME_H

#include "grid.h"
#include "sign.h"

enum theme_depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256 };

/* What the terminal can do and the person wants. */
struct theme {
    enum theme_depth depth;
    bool light; /* dark letters on a light ground */
    bool ascii; /* no characters outside ASCII in what moot itself draws */
};

/* clang-format off */
/* For each meaning: colours of 256 on dark and on light ground, of the first 16, and attributes
 * for those and for no colours at all. N is the terminal's own. */
#define THEME_LIST(X) \
/*    meaning        dark fg, bg   light fg, bg   16: fg, bg   attrs with, without colours */ \
    X(TEXT,          N,   N,       N,   N,        N,  N,       0,              0) \
    X(DIM,           244, N,       245, N,        8,  N,       0,              STYLE_DIM) \
    X(RULE,          239, N,       251, N,        8,  N,       0,              STYLE_DIM) \
    X(TITLE,         250, N,       240, N,        7,  N,       STYLE_BOLD,     STYLE_BOLD) \
    X(TITLE_FOCUS,   75,  N,       25,  N,        6,  N,       STYLE_BOLD,     STYLE_BOLD | STYLE_UNDERLINE) \
    X(FAINT,         244, N,       245, N,        8,  N,       0,              STYLE_DIM) \
    X(SELECTED,      255, 24,      255, 25,       15, 4,       0,              STYLE_REVERSE) \
    X(SELECTED_AWAY, N,   237,     N,   254,      N,  N,       STYLE_BOLD,     STYLE_BOLD) \
    X(NUMBER,        244, N,       245, N,        8,  N,       0,              STYLE_DIM) \
    X(PENDING,       179, N,       130, N,        3,  N,       0,              STYLE_BOLD) \
    X(UNREAD,        215, N,       166, N,        3,  N,       STYLE_BOLD,     STYLE_BOLD) \
    X(HERE,          255, N,       16,  N,        15, N,       STYLE_BOLD,     STYLE_BOLD) \
    X(ONLINE,        114, N,       28,  N,        2,  N,       0,              0) \
    X(TIME,          242, N,       246, N,        8,  N,       0,              STYLE_DIM) \
    X(DAY,           244, N,       245, N,        8,  N,       0,              STYLE_DIM) \
    X(MARK,          75,  N,       25,  N,        6,  N,       STYLE_BOLD,     STYLE_BOLD) \
    X(STATUS,        250, 235,     238, 254,      7,  0,       0,              STYLE_REVERSE) \
    X(STATUS_DIM,    245, 235,     244, 254,      7,  0,       0,              STYLE_REVERSE) \
    X(STATUS_KEY,    75,  235,     25,  254,      6,  0,       0,              STYLE_REVERSE | STYLE_BOLD) \
    X(STATUS_ROOM,   255, 235,     16,  254,      15, 0,       STYLE_BOLD,     STYLE_REVERSE | STYLE_BOLD) \
    X(GOOD,          114, 235,     28,  254,      2,  0,       0,              STYLE_REVERSE) \
    X(WARN,          215, 235,     130, 254,      3,  0,       0,              STYLE_REVERSE | STYLE_BOLD) \
    X(BAD,           210, 235,     160, 254,      1,  0,       STYLE_BOLD,     STYLE_REVERSE | STYLE_BOLD) \
    X(TOAST,         252, 238,     236, 253,      7,  0,       0,              STYLE_REVERSE) \
    X(TOAST_ERROR,   230, 88,      255, 160,      15, 1,       0,              STYLE_REVERSE | STYLE_BOLD) \
    X(TOUR,          253, 23,      236, 152,      0,  6,       0,              STYLE_REVERSE) \
    X(TOUR_TITLE,    159, 23,      24,  152,      15, 6,       STYLE_BOLD,     STYLE_REVERSE | STYLE_BOLD) \
    X(TOUR_ASK,      229, 23,      89,  152,      15, 6,       STYLE_BOLD,     STYLE_REVERSE | STYLE_BOLD) \
    X(HEADING,       75,  N,       25,  N,        6,  N,       STYLE_BOLD,     STYLE_BOLD) \
    X(QUOTE,         245, N,       243, N,        8,  N,       STYLE_ITALIC,   STYLE_DIM) \
    X(LIST_MARK,     179, N,       130, N,        3,  N,       0,              STYLE_BOLD) \
    X(BOX_OPEN,      215, N,       166, N,        3,  N,       STYLE_BOLD,     STYLE_BOLD) \
    X(BOX_DONE,      114, N,       28,  N,        2,  N,       0,              0) \
    X(DONE_TEXT,     244, N,       245, N,        8,  N,       0,              STYLE_DIM) \
    X(STRUCK,        244, N,       245, N,        8,  N,       STYLE_STRUCK,   STYLE_STRUCK) \
    X(STRONG,        N,   N,       N,   N,        N,  N,       STYLE_BOLD,     STYLE_BOLD) \
    X(EMPHASIS,      N,   N,       N,   N,        N,  N,       STYLE_ITALIC,   STYLE_UNDERLINE) \
    X(CODE,          150, N,       64,  N,        2,  N,       0,              0) \
    X(KEYWORD,      176, N,       127, N,        5,  N,       STYLE_BOLD,     STYLE_BOLD) \
    X(STRING,       180, N,       94,  N,        3,  N,       0,              0) \
    X(COMMENT,      245, N,       243, N,        8,  N,       STYLE_ITALIC,   STYLE_DIM) \
    X(NUMBER_CODE,  110, N,       25,  N,        6,  N,       0,              0) \
    X(LINK,          75,  N,       25,  N,        6,  N,       STYLE_UNDERLINE, STYLE_UNDERLINE) \
    X(MARKUP,        242, N,       247, N,        8,  N,       0,              STYLE_DIM) \
    X(CARD,          215, N,       166, N,        3,  N,       0,              STYLE_BOLD) \
    X(FOUND,         N,   58,      N,   229,      0,  3,       0,              STYLE_UNDERLINE) \
    X(ADDED,         114, N,       28,  N,        2,  N,       0,              STYLE_BOLD) \
    X(REMOVED,       210, N,       160, N,        1,  N,       0,              STYLE_DIM) \
    X(TROUBLE,       210, N,       160, N,        1,  N,       STYLE_BOLD,     STYLE_BOLD) \
    X(BOX,           75,  N,       25,  N,        6,  N,       0,              0) \
    X(KEY,           75,  N,       25,  N,        6,  N,       0,              STYLE_BOLD)
/* clang-format on */

enum meaning {
#define X(name, ...) MEAN_##name,
    THEME_LIST(X)
#undef X
        MEAN_COUNT
};

struct style theme_style(const struct theme *t, enum meaning what);
/* A person's colour, as replica_color() numbers them. Each is readable on the ground of the
 * theme, and differs from the others: by colour, or with 16 and 8 colours by an attribute
 * besides. tests/unit/test_theme.c reckons how far. */
struct style theme_person(const struct theme *t, unsigned color);

/* One column wide. */
const char *theme_sign(const struct theme *t, enum sign s);

#endif
