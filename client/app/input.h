/* Everything that can happen to the client, as data: what update() is given. */
#ifndef MOOT_INPUT_H
#define MOOT_INPUT_H

#include "err.h"

/* Keys that are no character. A key's code is a Unicode scalar value or one of these. */
enum key_code {
    K_NONE,
    K_ENTER = 0x110000,
    K_TAB,
    K_ESCAPE,
    K_BACKSPACE,
    K_UP,
    K_DOWN,
    K_RIGHT,
    K_LEFT,
    K_HOME,
    K_END,
    K_INSERT,
    K_DELETE,
    K_PAGE_UP,
    K_PAGE_DOWN,
    K_F1,
    K_F12 = K_F1 + 11,
    K_COUNT
};

enum { MOD_SHIFT = 1, MOD_ALT = 2, MOD_CTRL = 4 };

/* Shift is told apart only for keys that are no character; with Ctrl letters are lower case. */
struct key {
    uint32_t code;
    unsigned mods;
};

enum mouse_kind {
    MOUSE_PRESS,
    MOUSE_DRAG,
    MOUSE_RELEASE,
    MOUSE_WHEEL_UP,
    MOUSE_WHEEL_DOWN,
    MOUSE_MOVE, /* no button is down; only while such reports are on (EFFECT_MOTION) */
};

struct mouse {
    enum mouse_kind kind;
    int button; /* 1 left, 2 middle, 3 right; 0 for the wheel and moves */
    int x, y;   /* cell, from 0 */
    unsigned mods;
};

enum input_kind {
    INPUT_KEY,
    INPUT_PASTE, /* text: valid UTF-8, newlines and tabs the only controls */
    INPUT_MOUSE,
    INPUT_FOCUS,  /* on: the terminal's window got the keyboard, or lost it */
    INPUT_RESIZE, /* width, height in cells */
    INPUT_START,  /* begin to connect */
    INPUT_OPENED, /* the link is up */
    INPUT_LOST,   /* the link is down; why */
    INPUT_FRAME,  /* text: one message of the server */
    INPUT_TICK,   /* time has passed */
    INPUT_EDITED, /* text: what the editor made of what it was given */
    INPUT_NOTICE, /* text: the shell has something to say to the person */
    INPUT_TOKEN, /* text: the token to sign in with is another now; already given to the link */
    INPUT_COMMAND, /* text: a line as it is typed behind ':' */
};

struct input {
    enum input_kind kind;
    int64_t now; /* ms since 1970 */
    struct key key;
    struct str text; /* borrowed for the call */
    bool on;
    int width, height;
    struct mouse mouse;
    const struct err *why;
};

#endif
