/* Everything a person can do: one list. Keys, the command line, completion, the help and the
 * manual's table are read off it.
 *
 * To add one: a row here, and its handler and row in update_action.c (update_note.c for what
 * one does in a text). */
#ifndef MOOT_ACTION_H
#define MOOT_ACTION_H

#include "day.h"
#include "input.h"
#include "lineedit.h"

enum { KEY_WORDS_MAX = 32, KEYS_FILE_MAX = 16 * 1024 };

/* Where a key counts. */
enum action_where {
    IN_ROOMS = 1,
    IN_BOARD = 2,
    IN_CHAT = 4,
    IN_COMMAND = 8, /* the command line */
    IN_TITLE = 16,  /* a title, or another line that is asked for */
    IN_HELP = 32,
    IN_NOTE = 64, /* a text that is being edited */
    IN_NOTES = 128,
    IN_HISTORY = 256,
    IN_FEED = 512,
    IN_FILTER = 1024, /* the line that says which cards show */
    IN_CARD = 2048,   /* the card that is looked at */
    IN_PICKER = 4096, /* a list that is picked from */
    IN_DIALOG = 8192, /* a question that is put */
    IN_OUTLINE = 16384,
    IN_STATS = 32768,
    IN_SEARCH = 65536,
    IN_MESSAGE = 131072, /* the chat, with a message selected */
    IN_COMMENT = 262144, /* the card, with a comment selected; other keys of cards count too */
    IN_PANES = IN_ROOMS | IN_BOARD | IN_NOTES | IN_HISTORY | IN_FEED | IN_CARD | IN_OUTLINE |
               IN_STATS | IN_SEARCH | IN_MESSAGE | IN_COMMENT,
    IN_EDIT = IN_CHAT | IN_COMMAND | IN_TITLE | IN_FILTER | IN_PICKER,
    IN_ALL = IN_PANES | IN_EDIT | IN_NOTE | IN_HELP | IN_DIALOG,
};

/* clang-format off */
/* What one does in a text, in words of enum editor_verb; Shift with a movement selects. */
#define TEXT_VERB_LIST(X) \
/*    verb            name                 keys                                 sentence */ \
    X(LEFT,           "edit left",         "note:Left",                         "A character to the left.") \
    X(RIGHT,          "edit right",        "note:Right",                        "A character to the right.") \
    X(UP,             "edit up",           "note:Up",                           "A row up.") \
    X(DOWN,           "edit down",         "note:Down",                         "A row down.") \
    X(WORD_LEFT,      "edit word-left",    "note:M-b note:C-Left note:M-Left",  "A word to the left.") \
    X(WORD_RIGHT,     "edit word-right",   "note:M-f note:C-Right note:M-Right", "A word to the right.") \
    X(LINE_START,     "edit line-start",   "note:Home",                         "Start of the line.") \
    X(LINE_END,       "edit line-end",     "note:End note:C-e",                 "End of the line.") \
    X(PARAGRAPH_UP,   "edit paragraph-up", "note:C-Up note:M-{",                "A paragraph up.") \
    X(PARAGRAPH_DOWN, "edit paragraph-down", "note:C-Down note:M-}",            "A paragraph down.") \
    X(TEXT_START,     "edit start",        "note:C-Home note:M-<",              "Start of the text.") \
    X(TEXT_END,       "edit end",          "note:C-End note:M->",               "End of the text.") \
    X(SELECT_ALL,     "edit select-all",   "note:M-a",                          "Select all.") \
    X(SELECT_NONE,    "edit select-none",  "note:C-g",                          "Select nothing; so does Esc.") \
    X(NEWLINE,        "edit newline",      "note:Enter note:C-j",               "A new line, indented and marked as the one above.") \
    X(TAB,            "edit indent",       "note:Tab",                          "Indent.") \
    X(UNTAB,          "edit outdent",      "note:S-Tab",                        "Indent less.") \
    X(BACKSPACE,      "edit backspace",    "note:Backspace",                    "Delete the character on the left, or what is selected.") \
    X(DELETE,         "edit delete",       "note:Del note:C-d",                 "Delete the character on the right, or what is selected.") \
    X(WORD_BACKSPACE, "edit word-backspace", "note:C-w note:M-Backspace",       "Delete the word on the left.") \
    X(WORD_DELETE,    "edit word-delete",  "note:M-d note:C-Del",               "Delete the word on the right.") \
    X(KILL_LINE,      "edit kill-line",    "note:C-k",                          "Cut to the end of the line.") \
    X(CUT,            "edit cut",          "note:C-x",                          "Cut what is selected.") \
    X(COPY,           "edit copy",         "note:C-c note:M-c",                 "Copy what is selected, for the terminal too.") \
    X(PASTE,          "edit paste",        "note:C-v note:C-y",                 "Paste what was cut or copied.") \
    X(LINE_UP,        "edit line-up",      "note:M-k note:M-S-Up",              "Move the line up.") \
    X(LINE_DOWN,      "edit line-down",    "note:M-j note:M-S-Down",            "Move the line down.") \
    X(CHECK,          "edit check",        "note:C-t",                          "Tick the line's box, clear it, or make one; so does a click on it.") \
    X(FIND_NEXT,      "edit find-next",    "note:C-n note:F3",                  "Go to the next place that was searched for.") \
    X(FIND_BACK,      "edit find-back",    "note:C-p note:S-F3",                "Go to the place before.") \
    X(REPLACE,        "edit replace",      "note:M-s",                          "Replace the place that was found and go to the next.") \
    X(REPLACE_ALL,    "edit replace-all",  "note:M-S",                          "Replace all that was searched for.")

/* Keys are written place:key; "panes" are those where letters are commands, "edit" all lines
 * that one types into, "note" a text. A
 * character that is bound in the chat counts only while its line is empty. Arguments: capitals
 * say what kind (see cmdline.h), brackets that it may be left out; the last one takes the rest. */
#define ACTION_LIST(X) \
/*    code          group    name              arguments          line op          keys                                sentence */ \
    X(HELP,         GENERAL, "help",           "",                NONE,            "panes:? any:F1",                    "Show all keys and commands, first those that count where one is, and what the marks on the board mean.") \
    X(COMMAND,      GENERAL, "command",        "",                NONE,            "panes:: panes:M-: chat:/ chat:M-: message:/ note:M-:",  "Open the command line. In the chat a line that begins with : and the name of a command is one too; one that begins with // is said, with one slash.") \
    X(NEXT_PANE,    GENERAL, "next-pane",      "",                NONE,            "panes:Tab chat:F6 note:F6",         "Go to the next pane; so does Tab in an empty line.") \
    X(PREV_PANE,    GENERAL, "prev-pane",      "",                NONE,            "panes:S-Tab chat:S-Tab chat:S-F6 note:S-F6",  "Go to the pane before.") \
    X(FOCUS,        GENERAL, "focus",          "PANE",            NONE,            "",                                  "Go to the pane of that name.") \
    X(TYPE,         GENERAL, "type",           "",                NONE,            "panes:i",                           "Go to the chat to type.") \
    X(CANCEL,       GENERAL, "cancel",         "",                NONE,            "help:Esc help:q help:? edit:Esc rooms:Esc dialog:Esc board:Esc card:Esc comment:Esc notes:Esc message:Esc history:Esc outline:Esc feed:Esc search:Esc note:Esc panes:C-c edit:C-c help:C-c", "Close what is open; from the rooms, the chat or a text, go to the board; there, mark none and show all cards again.") \
    X(RETRY,        GENERAL, "retry",          "",                NONE,            "panes:R edit:M-r note:M-r",         "Connect now instead of waiting.") \
    X(REDRAW,       GENERAL, "redraw",         "",                NONE,            "any:C-l",                           "Paint the screen anew.") \
    X(SUSPEND,      GENERAL, "suspend",        "",                NONE,            "any:C-z",                           "Stop moot; fg brings it back.") \
    X(QUIT,         GENERAL, "quit",           "",                NONE,            "rooms:q board:q",                   "Leave moot. What is not saved yet is kept for the next start.") \
    X(UP,           MOVING,  "up",             "",                NONE,            "panes:k panes:Up help:k help:Up",   "Go up.") \
    X(DOWN,         MOVING,  "down",           "",                NONE,            "panes:j panes:Down message:C-Down help:j help:Down", "Go down.") \
    X(LEFT,         MOVING,  "left",           "",                NONE,            "panes:h panes:Left",                "Go to the column on the left; in a history, to the time before.") \
    X(RIGHT,        MOVING,  "right",          "",                NONE,            "panes:l panes:Right",               "Go to the column on the right; in a history, to the time after.") \
    X(TOP,          MOVING,  "top",            "",                NONE,            "panes:g panes:Home help:g help:Home", "Go to the top; in a history, to the first version.") \
    X(BOTTOM,       MOVING,  "bottom",         "",                NONE,            "panes:G panes:End help:G help:End", "Go to the bottom; in a history, to the newest version.") \
    X(PAGE_UP,      MOVING,  "page-up",        "",                NONE,            "any:PgUp",                          "Go a page up; in the chat, back in time.") \
    X(PAGE_DOWN,    MOVING,  "page-down",      "",                NONE,            "any:PgDn help:Space",               "Go a page down.") \
    X(CHOOSE,       MOVING,  "choose",         "",                NONE,            "dialog:Enter",                      "Answer a question with the choice that stands out.") \
    X(CHOICE_NEXT,  MOVING,  "next-choice",    "",                NONE,            "dialog:Tab dialog:Right dialog:l dialog:j dialog:Down", "Go to the next choice.") \
    X(CHOICE_PREV,  MOVING,  "prev-choice",    "",                NONE,            "dialog:S-Tab dialog:Left dialog:h dialog:k dialog:Up",  "Go to the choice before.") \
    X(PICK,         MOVING,  "pick",           "",                NONE,            "picker:Enter",                      "Take what is selected in a list, or take it off.") \
    X(PICK_MORE,    MOVING,  "pick-more",      "",                NONE,            "picker:Tab",                        "The same, and go on picking.") \
    X(OLDEST,       MOVING,  "oldest",         "",                NONE,            "chat:M-<",                          "Go to the oldest message that is loaded.") \
    X(LATEST,       MOVING,  "latest",         "",                NONE,            "chat:M->",                          "Go to the newest message; so does End in an empty line.") \
    X(DAY,          MOVING,  "day",            "[TEXT]",          NONE,            "chat:M-t",                          "Go to what was said on a day, however far back: 2026-12-31, today, yesterday, or 2h, 7d, 3w ago.") \
    X(TASK_LIST,    BOARD,   "task list",       "[COLUMN]",        NONE,            "",                                  "Show the cards of the board, or of one column.") \
    X(TASK_ADD,     BOARD,   "task add",       "[TEXT]",          NONE,            "board:a",                           "Add a card below the selected one.") \
    X(TASK_OPEN,    BOARD,   "task open",      "[NUMBER]",        NONE,            "board:Enter",                       "Open a card: all its fields, its description, and what was said on it.") \
    X(CARD_CLOSE,   BOARD,   "card close",     "",                NONE,            "card:q",                            "Close the card that is open.") \
    X(TASK_EDIT,    BOARD,   "task edit",      "[NUMBER] [TEXT]", NONE,            "board:e card:e",                    "Edit a card's title.") \
    X(CARD_EDIT,    BOARD,   "card edit",      "",                NONE,            "card:Enter",                        "Change the field of the open card that is selected.") \
    X(CARD_REMOVE,  BOARD,   "card remove",    "",                NONE,            "card:x card:d card:Del",            "Take the selected value off the open card.") \
    X(TASK_MOVE,    BOARD,   "task move",      "[NUMBER] [COLUMN]", NONE,          "board:P",                           "Put a card at the end of a column; without one, pick it.") \
    X(TASK_MINE,    BOARD,   "task mine",      "[NUMBER]",        NONE,            "board:m card:m",                    "Do a card oneself, or not any more.") \
    X(TASK_ASSIGN,  BOARD,   "task assign",    "[NUMBER] [USERS]", NONE,           "board:M card:M",                    "Say who does a card, or with a minus in front of a name who does not; without names, pick them.") \
    X(TASK_LABEL,   BOARD,   "task label",     "[NUMBER] [LABELS]", NONE,          "board:t card:t",                    "Put labels on a card, or with a minus in front take them off; without any, pick them.") \
    X(TASK_DUE,     BOARD,   "task due",       "[NUMBER] [DAY]",  NONE,            "board:b card:b",                    "Say by when a card is due: " DAY_FORMS ", or none; without a day, pick one.") \
    X(TASK_PRIORITY, BOARD,  "task priority",  "[NUMBER] [LEVEL]", NONE,           "board:p card:p",                    "Make a card's priority low, medium, high, urgent or none; without one, pick it.") \
    X(TASK_BLOCK,   BOARD,   "task block",     "[NUMBER] [CARDS]", NONE,           "board:B card:B",                    "Say which cards must be done before this one, or with a minus in front which need not; without any, pick them.") \
    X(TASK_COMMENT, BOARD,   "task comment",   "[NUMBER] [TEXT]", NONE,            "board:c card:c",                    "Say something on a card; without words, write them.") \
    X(TASK_TAKE,    BOARD,   "task take",      "",                NONE,            "title:M-t picker:M-t",               "Take over the field that somebody else is editing too.") \
    X(CONFLICT,     BOARD,   "conflict",       "",                NONE,            "board:! card:!",                    "Decide what a field shall be that you and somebody else changed.") \
    X(CONFLICT_MINE, BOARD,  "conflict mine",  "",                NONE,            "dialog:m",                          "Keep what you wrote.") \
    X(CONFLICT_THEIRS, BOARD, "conflict theirs", "",              NONE,            "dialog:t",                          "Take what the other one wrote; what you wrote is kept in a file.") \
    X(CONFLICT_EDIT, BOARD,  "conflict edit",  "",                NONE,            "dialog:e",                          "Write what it shall be, beginning with what you wrote.") \
    X(MOVE_UP,      BOARD,   "move-up",        "",                NONE,            "board:K board:S-Up",                "Move the card up in its column.") \
    X(MOVE_DOWN,    BOARD,   "move-down",      "",                NONE,            "board:J board:S-Down",              "Move the card down in its column.") \
    X(MOVE_LEFT,    BOARD,   "move-left",      "",                NONE,            "board:H board:< board:S-Left",      "Move the card to the column on the left.") \
    X(MOVE_RIGHT,   BOARD,   "move-right",     "",                NONE,            "board:L board:> board:S-Right",     "Move the card to the column on the right.") \
    X(TASK_ARCHIVE, BOARD,   "task archive",   "[NUMBER]",        NONE,            "board:d card:A",                    "Put a card away.") \
    X(TASK_RESTORE, BOARD,   "task restore",   "NUMBER",          NONE,            "",                                  "Bring back a card that was put away.") \
    X(TASK_SHOW,    BOARD,   "task show",      "NUMBER",          NONE,            "",                                  "Select the card of that number.") \
    X(TASK_DESCRIBE, BOARD,  "task describe",  "[NUMBER]",        NONE,            "board:o card:o",                    "Open the description of a card.") \
    X(COLUMN_ADD,   BOARD,   "column add",      "[TEXT]",         NONE,            "board:A",                           "Add a column behind the selected one.") \
    X(COLUMN_RENAME, BOARD,   "column rename",   "[TEXT]",         NONE,            "board:E",                           "Give the column another name.") \
    X(COLUMN_LIMIT, BOARD,   "column limit",    "[TEXT]",         NONE,            "board:W",                           "Say how many cards the column should have at most, or none; it is advice.") \
    X(COLUMN_LEFT,  BOARD,   "column left",     "",               NONE,            "board:{",                           "Move the column to the left.") \
    X(COLUMN_RIGHT, BOARD,   "column right",    "",               NONE,            "board:}",                           "Move the column to the right.") \
    X(COLUMN_REMOVE, BOARD,   "column remove",   "[COLUMN]",       NONE,            "board:D",                           "Remove the column; its cards go to the one that is named.") \
    X(MARK,         BOARD,   "mark",           "",                NONE,            "board:Space",                       "Mark the card, or not any more, and go on to the next. What is done next is done to all cards that are marked; so does a click with Ctrl or Alt.") \
    X(MARK_RANGE,   BOARD,   "mark range",     "",                NONE,            "board:V",                           "Mark from here to where you go; again, or Space, ends it.") \
    X(MARK_ALL,     BOARD,   "mark all",       "",                NONE,            "board:*",                           "Mark all cards that show, or none any more.") \
    X(FILTER,       BOARD,   "filter",         "[TEXT]",          NONE,            "board:/",                           "Show only the cards that a filter takes, as it is written: @ana label:bug due:<7d -blocked text.") \
    X(FILTER_CLEAR, BOARD,   "filter clear",   "",                NONE,            "",                                  "Show all cards again; so does Esc on the board.") \
    X(FILTER_PICK,  BOARD,   "filter pick",    "[FILTER]",        NONE,            "board:F",                           "Take a filter that was saved.") \
    X(FILTER_SAVE,  BOARD,   "filter save",    "NAME",            NONE,            "",                                  "Save the board's filter under a name.") \
    X(FILTER_REMOVE, BOARD,  "filter remove",  "FILTER",          NONE,            "",                                  "Forget a filter that was saved.") \
    X(SORT,         BOARD,   "sort",           "[SORT]",          NONE,            "board:s",                           "Look at the cards in the next order: as the board has them, by due day, priority, assignee, number, or what was changed last. Nothing is moved.") \
    X(UNDO,         BOARD,   "undo",           "",                NONE,            "board:u",                           "Take back the last thing you did to the board.") \
    X(REDO,         BOARD,   "redo",           "",                NONE,            "board:C-r",                         "Do again what was taken back.") \
    X(WHO,          ROOMS,   "who",             "",                NONE,            "",                                  "Show who is here.") \
    X(ROOM_LIST,    ROOMS,   "room list",       "",                NONE,            "",                                  "Show the rooms, and how much in each is unread.") \
    X(OPEN,         ROOMS,   "open",           "",                NONE,            "rooms:Enter",                       "Open the selected room.") \
    X(NEXT_ROOM,    ROOMS,   "next-room",      "",                NONE,            "panes:] any:M-Down",                "Open the next room.") \
    X(PREV_ROOM,    ROOMS,   "prev-room",      "",                NONE,            "panes:[ any:M-Up",                  "Open the room before.") \
    X(NEXT_UNREAD,  ROOMS,   "next-unread",    "",                NONE,            "panes:n any:M-n",                   "Open the next room with unread messages.") \
    X(READ_ALL,     ROOMS,   "room read",       "",                NONE,            "panes:M-m chat:M-m",                "Mark the room as read, on all of one's screens.") \
    X(FIRST_UNREAD, ROOMS,   "first-unread",    "",                NONE,            "panes:M-u chat:M-u",                "Go to the first unread message of the room.") \
    X(JOIN,         ROOMS,   "join",           "ROOM",            NONE,            "",                                  "Open a room, and become a member of a public one.") \
    X(DM,           ROOMS,   "dm",             "PEOPLE",          NONE,            "",                                  "Write to somebody alone, or to several people: opens the direct conversation with them; so does a click on a person.") \
    X(ROOM_CREATE,  ROOMS,   "room create",    "ROOM [ACCESS]",   NONE,            "",                                  "Make a room, and be its owner: public, so that anybody may join it, unless private is said.") \
    X(JUMP,         ROOMS,   "jump",           "",                NONE,            "panes:M-j chat:M-j",                "Go to a room or write to a person: a list that gets shorter as one types.") \
    X(ROOM_ORDER,   ROOMS,   "room order",     "[BY]",            NONE,            "rooms:s",                           "List rooms with unread messages first, those that concern you before all, or by name.") \
    X(LEAVE,        ROOMS,   "leave",          "",                NONE,            "",                                  "Stop being a member of this room, after asking.") \
    X(LEAVE_SURE,   ROOMS,   "leave surely",   "",                NONE,            "dialog:y",                          "Leave it, as was asked.") \
    X(TOPIC,        ROOMS,   "topic",          "[TEXT]",          NONE,            "",                                  "Say what this room is about; - takes it off. Without words, tell what it is.") \
    X(RETAIN,       ROOMS,   "retain",         "[WHAT]",          NONE,            "",                                  "Say how long this room keeps its chat, as 90d or, a number of messages, 10000; off keeps everything. Older messages are removed for good. Without words, tell what is kept.") \
    X(NOTIFY,       ROOMS,   "notify",         "[WHAT]",          NONE,            "",                                  "Say what of this room rings: none, mentions, all or default; mute shows no count either. Without one, tell what does.") \
    X(INVITE,       ROOMS,   "invite",         "[USER] [ROLE]",   NONE,            "",                                  "Make somebody a member of this room, or change the role; without a name, pick one.") \
    X(REMOVE,       ROOMS,   "remove",         "USER",            NONE,            "",                                  "Take somebody out of this room.") \
    X(STATUS,       ROOMS,   "status",         "[STATUS] [TEXT]", NONE,            "",                                  "Say that you are away, or not to be disturbed (dnd), with words for the others; online takes it back.") \
    X(POINTER,      ROOMS,   "pointer",        "",                NONE,            "panes:^ any:M-p",                   "Show your mouse pointer to the others, or not any more.") \
    X(FOLLOW,       ROOMS,   "follow",         "[USER]",          NONE,            "panes:@ any:M-g",                   "Go where somebody goes: without a name, and when there are several, pick whom. A key or a click ends it.") \
    X(HIDE,         ROOMS,   "hide",           "",                NONE,            "panes:X any:M-x",                   "Hide the others' cursors, carets and pointers, or show them again.") \
    X(TYPING_SEND,  ROOMS,   "typing send",    "",                NONE,            "",                                  "Let others see that you type, or not.") \
    X(TYPING_SHOW,  ROOMS,   "typing show",    "",                NONE,            "",                                  "Show who types, or not.") \
    X(NOTES,        NOTES,   "notes",          "",                NONE,            "panes:N note:C-o any:F2",           "List the notes of this room.") \
    X(NOTE_LIST,    NOTES,   "note list",       "",                NONE,            "",                                  "The same as notes.") \
    X(NOTE_CAT,     NOTES,   "note cat",        "NOTE",            NONE,            "",                                  "Show the text of a note.") \
    X(NOTE_APPEND,  NOTES,   "note append",     "NOTE TEXT",       NONE,            "",                                  "Put a line at the end of a note, which is named by its number or one word.") \
    X(NOTE_EDIT,    NOTES,   "note edit",       "NOTE",            NONE,            "",                                  "Write in a note with $VISUAL or $EDITOR; what others do meanwhile stays.") \
    X(NOTE,         NOTES,   "note",           "[NOTE]",          NONE,            "notes:Enter",                       "Open a note, by its name or number; without one, the one that is selected or was open.") \
    X(NOTE_NEW,     NOTES,   "note new",       "[TEXT]",          NONE,            "notes:a",                           "Make a note of that name and open it.") \
    X(NOTE_RENAME,  NOTES,   "note rename",    "[TEXT]",          NONE,            "notes:e",                           "Give the note another name.") \
    X(NOTE_ARCHIVE, NOTES,   "note archive",   "[NOTE]",          NONE,            "notes:d",                           "Put a note away.") \
    X(NOTE_RESTORE, NOTES,   "note restore",   "[NOTE]",          NONE,            "notes:r",                           "Bring back a note that was put away.") \
    X(NOTES_ALL,    NOTES,   "notes all",      "",                NONE,            "notes:A",                           "List the notes that were put away too, or not.") \
    X(NOTE_CLOSE,   NOTES,   "note close",     "",                NONE,            "notes:q history:q outline:q note:M-q", "Close the list, the history, the outline, or the text.") \
    X(NOTE_FULL,    NOTES,   "note full",      "",                NONE,            "notes:z history:z outline:z feed:z search:z card:z note:M-z", "Give the text or card the whole screen, or a part beside the board.") \
    X(NOTE_FIND,    NOTES,   "note find",      "[TEXT]",          NONE,            "note:C-f",                          "Search in the text; capitals count if there are any.") \
    X(NOTE_REPLACE, NOTES,   "note replace",   "",                NONE,            "note:C-r",                          "Search in the text to put something else in its place.") \
    X(NOTE_LINE,    NOTES,   "note line",      "[TEXT]",          NONE,            "note:M-l",                          "Go to the line of that number.") \
    X(NOTE_FOLLOW,  NOTES,   "note follow",    "",                NONE,            "note:M-Enter",                      "Go to the #42 or @ana that the caret is in; so does a click with the right button.") \
    X(NOTE_UNDO,    NOTES,   "note undo",      "",                NONE,            "note:M-u note:C-_",                 "Take back your last change of the text; others' stay.") \
    X(NOTE_REDO,    NOTES,   "note redo",      "",                NONE,            "note:M-y note:M-_",                 "Do again what was taken back.") \
    X(NOTE_MARK,    NOTES,   "note mark",      "",                NONE,            "note:C-Space",                      "Begin to select; so does moving with Shift, and dragging the mouse.") \
    X(NOTE_BLAME,   NOTES,   "note blame",     "",                NONE,            "note:M-w",                          "Show who wrote which line, and when; or not.") \
    X(NOTE_HISTORY, NOTES,   "note history",   "",                NONE,            "note:M-h",                          "Go through all versions of the text.") \
    X(NOTE_OUTLINE, NOTES,   "note outline",   "",                NONE,            "note:M-o",                          "List the headings of the text, to go to one.") \
    X(OUTLINE_GO,   NOTES,   "outline go",     "",                NONE,            "outline:Enter",                     "Go to the heading that is selected.") \
    X(VERSION_BACK, NOTES,   "version back",   "",                NONE,            "history:, history:S-Left",          "Go to the version before.") \
    X(VERSION_ON,   NOTES,   "version forward", "",               NONE,            "history:. history:S-Right",         "Go to the version after.") \
    X(VERSION_COMPARE, NOTES, "version compare", "",              NONE,            "history:c",                         "Compare the version with the one before, or with the text as it is now.") \
    X(VERSION_RESTORE, NOTES, "version restore", "",              NONE,            "history:r history:Enter",           "Make the text what it was; an edit like any other, so it can be taken back.") \
    X(ACTIVITY,     GENERAL, "activity",       "[USER]",          NONE,            "panes:w",                           "List what was done in this room, newest first; of one person, if one is named.") \
    X(NOTICES,      GENERAL, "notices",        "",                NONE,            "panes:T",                           "List what others did that concerns you, and what went wrong, since moot was started.") \
    X(CATCHUP,      GENERAL, "catchup",        "",                NONE,            "panes:M-w chat:M-w",                "List by room what others did that concerns you since you were there last: messages, cards, notes.") \
    X(FEED_GO,      GENERAL, "feed go",        "",                NONE,            "feed:Enter",                        "Go to the card or note that the line is about; so does a second click.") \
    X(FEED_PERSON,  GENERAL, "feed person",    "",                NONE,            "feed:f",                            "List only what that person did, or again everybody.") \
    X(FEED_KIND,    GENERAL, "feed kind",      "",                NONE,            "feed:t",                            "List only cards, comments, columns, notes or members, or again all.") \
    X(FEED_CLOSE,   GENERAL, "feed close",     "",                NONE,            "feed:q",                            "Close the list.") \
    X(SEARCH,       GENERAL, "search",         "[TEXT]",          NONE,            "panes:C-f chat:M-s",                "Search chat, cards, comments and notes of all your rooms: words, \"phrases\", -not, begin*, from: in: on: before: after: has: kind:.") \
    X(SEARCH_GO,    GENERAL, "search go",      "",                NONE,            "search:Enter",                      "Go to what was found; so does a second click.") \
    X(SEARCH_AGAIN, GENERAL, "search again",   "",                NONE,            "search:/ search:e",                 "Change what is searched for.") \
    X(SEARCH_ORDER, GENERAL, "search order",   "",                NONE,            "search:o",                          "List the best first, or again the newest.") \
    X(SEARCH_CLOSE, GENERAL, "search close",   "",                NONE,            "search:q",                          "Close the list.") \
    X(STATS,        GENERAL, "stats",          "",                NONE,            "panes:S",                           "Show how the link and, to admins, how the server does.") \
    X(STATS_CLOSE,  GENERAL, "stats close",    "",                NONE,            "stats:q stats:Esc",                 "Close it.") \
    X(TOUR_NEXT,    TOUR,    "tour next",      "",                NONE,            "any:F8 any:M-.",                    "Go on to the next part of the tour that moot demo gives; behind the last one, end it.") \
    X(TOUR_BACK,    TOUR,    "tour back",      "",                NONE,            "any:F7 any:M-,",                    "Go back to the part before.") \
    X(TOUR_PAUSE,   TOUR,    "tour pause",     "",                NONE,            "any:F9 any:M-/",                    "Stop the tour where it is, or let it go on.") \
    X(TOUR_END,     TOUR,    "tour end",       "",                NONE,            "",                                  "End the tour and go on alone.") \
    X(MESSAGE_LIST, CHAT,    "message list",    "[TEXT]",          NONE,            "",                                  "Show the newest messages of this room, or, by a number, so many.") \
    X(MESSAGE_SELECT, CHAT,    "message select",  "[TEXT]",          NONE,            "chat:C-Up message:C-Up board:C-Up", "Select the message of that number, however far back, or without one the one above, to do something with it; so does a click.") \
    X(MESSAGE_REPLY, CHAT,   "message reply",  "",                NONE,            "message:r comment:r",               "Answer the selected message, or the selected comment of the open card.") \
    X(MESSAGE_EDIT, CHAT,    "message edit",   "[TEXT]",          NONE,            "message:e comment:e",               "Edit one's own message; Up in an empty line edits the last one.") \
    X(MESSAGE_DELETE, CHAT,  "message delete", "",                NONE,            "message:d message:Del comment:d comment:Del", "Delete the message, after asking.") \
    X(MESSAGE_DELETE_SURE, CHAT, "message delete-surely", "",     NONE,            "dialog:d",                          "Delete it, as was asked.") \
    X(MESSAGE_REACT, CHAT,   "message react",  "[TEXT]",          NONE,            "message:+ comment:+",               "React to the message: with an emoji, or a name as :tada:, or pick one; again takes it back.") \
    X(MESSAGE_AGAIN, CHAT,   "message react-again", "",           NONE,            "message:= comment:=",               "React as you did last.") \
    X(MESSAGE_PIN,  CHAT,    "message pin",    "",                NONE,            "message:p comment:p",               "Pin the message, or take its pin off.") \
    X(PINS,         CHAT,    "pins",           "",                NONE,            "message:P comment:P",               "List what is pinned in this room, to go there.") \
    X(MESSAGE_UNREAD, CHAT,  "message unread", "",                NONE,            "message:u comment:u",                         "Mark the room as unread from the selected message on, on all of one's screens, until one comes back to it.") \
    X(MESSAGE_COPY, CHAT,    "message copy",   "",                NONE,            "message:y comment:y",               "Copy the message's text, for the terminal too.") \
    X(MESSAGE_FOLLOW, CHAT,  "message follow", "",                NONE,            "message:Enter message:o comment:Enter", "Go where the message leads: what it answers, a link, a card or a note; so does a click on that.") \
    X(MESSAGE_FOLD, CHAT,    "message fold",   "",                NONE,            "message:z comment:z",               "Show all of a long message, or fold it; Enter on one that is folded shows all of it too.") \
    X(EDITOR,       TYPING,  "editor",         "",                NONE,            "chat:M-e title:M-e",                "Write the message or comment in $VISUAL or $EDITOR.") \
    X(SEND,         TYPING,  "send",           "TEXT",            NONE,            "chat:Enter",                        "Send what is written.") \
    X(ACCEPT,       TYPING,  "accept",         "",                NONE,            "command:Enter filter:Enter title:Enter",         "Do what is written in the line.") \
    X(COMPLETE,     TYPING,  "complete",       "",                NONE,            "chat:Tab command:Tab filter:Tab title:Tab",                      "Complete the word, in a message a name, an :emoji or a # with a number or a word of a title; again for the next that fits.") \
    X(OLDER_LINE,   TYPING,  "older-line",     "",                NONE,            "chat:C-p command:C-p filter:C-p title:C-p",              "What you entered before; so does Up in the first line of a text.") \
    X(NEWER_LINE,   TYPING,  "newer-line",     "",                NONE,            "chat:C-n command:C-n filter:C-n title:C-n",              "What you entered after that.") \
    X(L_NEWLINE,    TYPING,  "line-break",     "",                NEWLINE,         "chat:M-Enter chat:C-j title:M-Enter title:C-j", "Begin a new line in a message or comment.") \
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
#define X(verb, name, keys, doc) ACTION_TEXT_##verb,
        TEXT_VERB_LIST(X)
#undef X
            ACTION_COUNT
};

enum action_group {
    GROUP_GENERAL,
    GROUP_MOVING,
    GROUP_BOARD,
    GROUP_ROOMS,
    GROUP_NOTES,
    GROUP_CHAT,
    GROUP_TEXT,
    GROUP_TYPING,
    GROUP_TOUR,
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
/* Changes it as a person's file says, of lines like "board:x task archive" and "board:d none":
 * the key means that, and only that, there. Blank lines and those that begin with # say
 * nothing. What is wrong is ERR_USAGE with `file` and the line; nothing is changed then. */
bool keymap_change(struct keymap *m, struct str text, const char *file, struct err *e);
/* ACTION_NONE when the key means nothing there. */
enum action_id keymap_find(const struct keymap *m, enum action_where where, struct key key);
/* Appends the keys of an action as the help shows them: "j Down". only: places that count. */
void keymap_names(const struct keymap *m, enum action_id id, unsigned only, struct buf *out);

/* The key to name in a sentence: the first that does it there, or ":name" where none does. */
struct key_words {
    char s[KEY_WORDS_MAX];
};
struct key_words keymap_key(const struct keymap *m, enum action_id id, unsigned where);

/* Appends the table for the manual, as mdoc. */
void action_mdoc(struct buf *out);

#endif
