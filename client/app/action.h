/* Everything a person can do: one list. Keys, the command line, completion, the help and the
 * manual's table are read off it.
 *
 * To add one: a row here, and its handler and row in update_action.c. */
#ifndef MOOT_ACTION_H
#define MOOT_ACTION_H

#include "input.h"
#include "lineedit.h"

/* Where a key counts. */
enum action_where {
    IN_ROOMS = 1,
    IN_BOARD = 2,
    IN_CHAT = 4,
    IN_COMMAND = 8, /* the command line */
    IN_TITLE = 16,  /* a card's title */
    IN_HELP = 32,
    IN_PANES = IN_ROOMS | IN_BOARD,
    IN_EDIT = IN_CHAT | IN_COMMAND | IN_TITLE,
    IN_ALL = IN_PANES | IN_EDIT | IN_HELP,
};

/* clang-format off */
/* Keys are written place:key; "panes" are rooms and board, "edit" all that one types into. A
 * character that is bound in the chat counts only while its line is empty. Arguments: capitals
 * say what kind (see cmdline.h), brackets that it may be left out; the last one takes the rest. */
#define ACTION_LIST(X) \
/*    code          group    name              arguments          line op          keys                                sentence */ \
    X(HELP,         GENERAL, "help",           "",                NONE,            "panes:? any:F1",                    "Show all keys and commands.") \
    X(COMMAND,      GENERAL, "command",        "",                NONE,            "panes:: chat:/ chat:M-:",           "Open the command line.") \
    X(NEXT_PANE,    GENERAL, "next-pane",      "",                NONE,            "panes:Tab chat:Tab",                "Go to the next pane; behind an @name that is begun, complete it.") \
    X(PREV_PANE,    GENERAL, "prev-pane",      "",                NONE,            "panes:S-Tab chat:S-Tab",            "Go to the pane before.") \
    X(FOCUS,        GENERAL, "focus",          "PANE",            NONE,            "",                                  "Go to the pane of that name.") \
    X(TYPE,         GENERAL, "type",           "",                NONE,            "panes:i",                           "Go to the chat to type.") \
    X(CANCEL,       GENERAL, "cancel",         "",                NONE,            "help:Esc help:q help:? edit:Esc any:C-c", "Close what is open; from the chat, go to the board.") \
    X(RETRY,        GENERAL, "retry",          "",                NONE,            "panes:R edit:M-r",                  "Connect now instead of waiting.") \
    X(REDRAW,       GENERAL, "redraw",         "",                NONE,            "any:C-l",                           "Paint the screen anew.") \
    X(SUSPEND,      GENERAL, "suspend",        "",                NONE,            "any:C-z",                           "Stop moot; fg brings it back.") \
    X(QUIT,         GENERAL, "quit",           "",                NONE,            "panes:q",                           "Leave moot. What is not saved yet is kept for the next start.") \
    X(UP,           MOVING,  "up",             "",                NONE,            "panes:k panes:Up help:k help:Up",   "Go up.") \
    X(DOWN,         MOVING,  "down",           "",                NONE,            "panes:j panes:Down help:j help:Down", "Go down.") \
    X(LEFT,         MOVING,  "left",           "",                NONE,            "panes:h panes:Left",                "Go to the column on the left.") \
    X(RIGHT,        MOVING,  "right",          "",                NONE,            "panes:l panes:Right",               "Go to the column on the right.") \
    X(TOP,          MOVING,  "top",            "",                NONE,            "panes:g panes:Home help:g help:Home", "Go to the top.") \
    X(BOTTOM,       MOVING,  "bottom",         "",                NONE,            "panes:G panes:End help:G help:End", "Go to the bottom.") \
    X(PAGE_UP,      MOVING,  "page-up",        "",                NONE,            "any:PgUp",                          "Go a page up; in the chat, back in time.") \
    X(PAGE_DOWN,    MOVING,  "page-down",      "",                NONE,            "any:PgDn help:Space",               "Go a page down.") \
    X(OLDEST,       MOVING,  "oldest",         "",                NONE,            "chat:M-<",                          "Go to the oldest message that is loaded.") \
    X(LATEST,       MOVING,  "latest",         "",                NONE,            "chat:M->",                          "Go to the newest message; so does End in an empty line.") \
    X(TASK_ADD,     BOARD,   "task add",       "[TEXT]",          NONE,            "board:a",                           "Add a card below the selected one.") \
    X(TASK_EDIT,    BOARD,   "task edit",      "[NUMBER] [TEXT]", NONE,            "board:e board:Enter",               "Edit a card's title.") \
    X(TASK_MOVE,    BOARD,   "task move",      "NUMBER COLUMN",   NONE,            "",                                  "Move a card to the end of a column.") \
    X(MOVE_UP,      BOARD,   "move-up",        "",                NONE,            "board:K board:S-Up",                "Move the card up in its column.") \
    X(MOVE_DOWN,    BOARD,   "move-down",      "",                NONE,            "board:J board:S-Down",              "Move the card down in its column.") \
    X(MOVE_LEFT,    BOARD,   "move-left",      "",                NONE,            "board:H board:< board:S-Left",      "Move the card to the column on the left.") \
    X(MOVE_RIGHT,   BOARD,   "move-right",     "",                NONE,            "board:L board:> board:S-Right",     "Move the card to the column on the right.") \
    X(TASK_ARCHIVE, BOARD,   "task archive",   "[NUMBER]",        NONE,            "board:d",                           "Put a card away.") \
    X(TASK_RESTORE, BOARD,   "task restore",   "NUMBER",          NONE,            "",                                  "Bring back a card that was put away.") \
    X(TASK_SHOW,    BOARD,   "task show",      "NUMBER",          NONE,            "",                                  "Select the card of that number.") \
    X(UNDO,         BOARD,   "undo",           "",                NONE,            "board:u",                           "Take back the last thing you did to the board.") \
    X(REDO,         BOARD,   "redo",           "",                NONE,            "board:C-r",                         "Do again what was taken back.") \
    X(OPEN,         ROOMS,   "open",           "",                NONE,            "rooms:Enter",                       "Open the selected room.") \
    X(NEXT_ROOM,    ROOMS,   "next-room",      "",                NONE,            "panes:] any:M-Down",                "Open the next room.") \
    X(PREV_ROOM,    ROOMS,   "prev-room",      "",                NONE,            "panes:[ any:M-Up",                  "Open the room before.") \
    X(NEXT_UNREAD,  ROOMS,   "next-unread",    "",                NONE,            "panes:n any:M-n",                   "Open the next room with unread messages.") \
    X(JOIN,         ROOMS,   "join",           "ROOM",            NONE,            "",                                  "Open a room, and become a member of a public one.") \
    X(ROOM_CREATE,  ROOMS,   "room create",    "ROOM [ACCESS]",   NONE,            "",                                  "Make a room, private or public.") \
    X(ROOM_LEAVE,   ROOMS,   "room leave",     "",                NONE,            "",                                  "Stop being a member of this room.") \
    X(INVITE,       ROOMS,   "invite",         "USER [ROLE]",     NONE,            "",                                  "Make somebody a member of this room, or change the role.") \
    X(REMOVE,       ROOMS,   "remove",         "USER",            NONE,            "",                                  "Take somebody out of this room.") \
    X(SEND,         TYPING,  "send",           "TEXT",            NONE,            "chat:Enter",                        "Send what is written.") \
    X(ACCEPT,       TYPING,  "accept",         "",                NONE,            "command:Enter title:Enter",         "Do what is written in the line.") \
    X(COMPLETE,     TYPING,  "complete",       "",                NONE,            "command:Tab",                       "Complete the word; again for the next that fits.") \
    X(OLDER_LINE,   TYPING,  "older-line",     "",                NONE,            "chat:C-p command:C-p",              "What you entered before; so does Up in the first line.") \
    X(NEWER_LINE,   TYPING,  "newer-line",     "",                NONE,            "chat:C-n command:C-n",              "What you entered after that.") \
    X(L_NEWLINE,    TYPING,  "line-break",     "",                NEWLINE,         "chat:M-Enter chat:C-j",             "Begin a new line in a message.") \
    X(L_LEFT,       TYPING,  "char-left",      "",                LEFT,            "edit:Left",                         "A character to the left.") \
    X(L_RIGHT,      TYPING,  "char-right",     "",                RIGHT,           "edit:Right edit:C-f",               "A character to the right.") \
    X(L_UP,         TYPING,  "line-up",        "",                UP,              "edit:Up",                           "A line up.") \
    X(L_DOWN,       TYPING,  "line-down",      "",                DOWN,            "edit:Down",                         "A line down.") \
    X(L_WORD_LEFT,  TYPING,  "word-left",      "",                WORD_LEFT,       "edit:M-b edit:C-Left edit:M-Left",  "A word to the left.") \
    X(L_WORD_RIGHT, TYPING,  "word-right",     "",                WORD_RIGHT,      "edit:M-f edit:C-Right edit:M-Right", "A word to the right.") \
    X(L_HOME,       TYPING,  "line-start",     "",                HOME,            "edit:Home",                         "Start of the line.") \
    X(L_END,        TYPING,  "line-end",       "",                END,             "edit:End edit:C-e",                 "End of the line.") \
    X(L_START,      TYPING,  "text-start",     "",                START,           "edit:C-Home",                       "Start of the text.") \
    X(L_FINISH,     TYPING,  "text-end",       "",                FINISH,          "edit:C-End",                        "End of the text.") \
    X(L_DEL_LEFT,   TYPING,  "delete-left",    "",                DELETE_LEFT,     "edit:Backspace",                    "Delete the character on the left.") \
    X(L_DEL_RIGHT,  TYPING,  "delete-right",   "",                DELETE_RIGHT,    "edit:Del edit:C-d",                 "Delete the character on the right.") \
    X(L_KILL_BLANK, TYPING,  "kill-blank",     "",                KILL_BLANK_LEFT, "edit:C-w",                          "Cut back to the blank before.") \
    X(L_KILL_WORD_LEFT, TYPING, "kill-word-left", "",             KILL_WORD_LEFT,  "edit:M-Backspace",                  "Cut the word on the left.") \
    X(L_KILL_WORD_RIGHT, TYPING, "kill-word-right", "",           KILL_WORD_RIGHT, "edit:M-d edit:C-Del",               "Cut the word on the right.") \
    X(L_KILL_HOME,  TYPING,  "kill-to-start",  "",                KILL_TO_HOME,    "edit:C-u",                          "Cut back to the start of the line.") \
    X(L_KILL_END,   TYPING,  "kill-to-end",    "",                KILL_TO_END,     "edit:C-k",                          "Cut to the end of the line.") \
    X(L_YANK,       TYPING,  "yank",           "",                YANK,            "edit:C-y",                          "Paste what was cut.") \
    X(L_SWAP,       TYPING,  "swap",           "",                SWAP,            "edit:C-t",                          "Swap the two characters at the caret.") \
    X(L_UNDO,       TYPING,  "undo-typing",    "",                UNDO,            "edit:C-_",                          "Take back the last change of the text.") \
    X(L_REDO,       TYPING,  "redo-typing",    "",                REDO,            "edit:M-_",                          "Do it again.")
/* clang-format on */

enum action_id {
    ACTION_NONE,
#define X(code, group, name, args, op, keys, doc) ACTION_##code,
    ACTION_LIST(X)
#undef X
        ACTION_COUNT
};

enum action_group {
    GROUP_GENERAL,
    GROUP_MOVING,
    GROUP_BOARD,
    GROUP_ROOMS,
    GROUP_TYPING,
    GROUP_COUNT
};

struct action {
    const char *name, *args, *keys, *doc;
    enum action_group group;
    enum line_op op;
};

extern const struct action action_table[ACTION_COUNT];

const char *action_group_name(enum action_group g);

/* Which key does what. */
struct binding {
    unsigned where; /* bits of enum action_where */
    struct key key;
    enum action_id action;
};
struct keymap {
    VEC(struct binding) bindings;
};

/* The default keys. A key that the table binds twice at one place is a fault of ours. */
void keymap_init(struct keymap *m);
void keymap_finish(struct keymap *m);
/* ACTION_NONE when the key means nothing there. */
enum action_id keymap_find(const struct keymap *m, enum action_where where, struct key key);
/* Appends the keys of an action as the help shows them: "j Down". only: places that count. */
void keymap_names(const struct keymap *m, enum action_id id, unsigned only, struct buf *out);

/* Appends the table for the manual, as mdoc. */
void action_mdoc(struct buf *out);

#endif
