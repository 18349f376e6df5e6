/* The signs that moot draws, each one column wide, with one of ASCII in its place. */
#ifndef MOOT_SIGN_H
#define MOOT_SIGN_H

#include <stdbool.h>

/* clang-format off */
#define SIGN_LIST(X) \
    X(VERTICAL,   "│", "|") \
    X(HORIZONTAL, "─", "-") \
    X(TOP_LEFT,   "╭", "+") \
    X(TOP_RIGHT,  "╮", "+") \
    X(LOW_LEFT,   "╰", "+") \
    X(LOW_RIGHT,  "╯", "+") \
    X(CUT,        "…", ">") \
    X(ONLINE,     "●", "*") \
    X(IDLE,       "◐", "~") \
    X(AWAY,       "◇", "z") \
    X(DND,        "■", "!") \
    X(GONE,       "○", "-") \
    X(POINTER,    "◄", "<") \
    X(POINTER_LEFT, "►", ">") \
    X(PROMPT,     "›", ">") \
    X(PENDING,    "~", "~") \
    X(DOWN,       "↓", "v") \
    X(UP,         "↑", "^") \
    X(LEFT,       "‹", "<") \
    X(RIGHT,      "›", ">") \
    X(DOT,        "·", "-") \
    X(TEXT,       "≡", "=") \
    X(PENCIL,     "✎", "%") \
    X(MARKED,     "•", "*") \
    X(CONFLICT,   "!", "!") \
    X(TICK,       "✓", "x") \
    X(SAID,       "❝", "\"") \
    X(BLOCKED,    "⊘", "#") \
    X(LOW,        "▽", "-") \
    X(MEDIUM,     "◇", "=") \
    X(HIGH,       "△", "+") \
    X(URGENT,     "▲", "!") \
    X(BAR,        "▌", "|")
/* clang-format on */

enum sign {
#define X(name, ...) SIGN_##name,
    SIGN_LIST(X)
#undef X
        SIGN_COUNT
};

const char *sign_text(enum sign s, bool ascii);

#endif
