/* Where the panes are, and where in them cards and chat rows fall. Reckoned anew from the model
 * whenever it is asked for, from what is visible alone, so update (mouse, scrolling) and view
 * (drawing) agree by construction. */
#ifndef MOOT_LAYOUT_H
#define MOOT_LAYOUT_H

#include "look.h"
#include "model.h"
#include "rect.h"

/* For how long, in ms, a person has had that status. */
int64_t people_age(const struct model *m, const struct person *p);
/* Is one not to be disturbed? So said here, or, as the others see one, on another screen. */
bool people_is_dnd(const struct model *m);
/* Who stands in that row of the list of people: who is here stands first. NULL: nobody. */
const struct person *layout_person(const struct replica *r, size_t row);

/* ---- panes ---- */

struct layout {
    bool one_pane;    /* too small for more than one at a time */
    struct rect tour; /* the strip of the tour, where there is one */
    struct rect tabs; /* names of the panes, when one is shown at a time */
    struct rect rooms, people, board, chat; /* contents, without titles */
    struct rect board_bar; /* above the board, while it is filtered or sorted */
    struct rect rooms_title, people_title, chat_title;
    struct rect side_rule, chat_rule; /* columns that separate */
    struct rect input;                /* rows to type in, below the chat */
    struct rect about;                /* above it: which message is being answered or edited */
    struct rect typing;               /* who types: on the title's row where there is one */
    struct rect beside_title, beside; /* what is shown beside the board */
    struct rect beside_rule;          /* the column in front of it */
    struct rect status;
};

void layout_of(const struct model *m, struct layout *l);
/* On the tour's strip: what can be pressed, from the left. Empty where there is no room. */
enum tour_button { TOUR_BUTTON_BACK, TOUR_BUTTON_PAUSE, TOUR_BUTTON_NEXT, TOUR_BUTTONS };
void layout_tour_buttons(const struct model *m, const struct layout *l,
                         struct rect out[TOUR_BUTTONS]);
bool layout_tour_has_title(const struct model *m, const struct layout *l);
/* "F8 next" */
const char *layout_tour_label(const struct model *m, enum tour_button b);
/* How many panes the tabs name: what is beside the board is one while it is there. */
int layout_tabs(const struct model *m);
enum { INPUT_MARK_WIDTH = 2 };
/* The first room listed, so that the selected one shows. */
int layout_rooms_first(const struct model *m, const struct layout *l);

/* ---- the board ---- */

enum { CARD_ROWS_MAX = 3, COLUMN_WIDTH_MIN = 18, CARD_MARGIN = 2 };

struct card_spot {
    const struct card *card;
    struct rect rect;
};
struct column_spot {
    int index;
    struct rect head, body;
    size_t shown;      /* how many cards of the column the filter lets through */
    size_t first, end; /* of those, the ones on the screen, wholly or in part */
    size_t spot;       /* index of the first one's spot */
};
struct board_spots {
    struct column_spot columns[COLUMNS_MAX];
    int n;
    int indent; /* columns of a card's number */
    VEC(struct card_spot) cards;
};

/* Rows of a card's title in a column of that width; below it stand its badges, if any. */
int card_title_rows(const struct card *c, int width, int indent);
void board_spots_of(const struct model *m, const struct layout *l, struct board_spots *out);
void board_spots_finish(struct board_spots *s);
/* Blank rows between the cards of a column. */
int board_gap(struct rect body);

/* Where what the mouse carries would go. */
struct drop_spot {
    int column;
    int64_t after;
    bool is_sorted;  /* the place within the column is not the person's to say */
    struct rect row; /* to be underlined; with is_gap a blank one, to be filled */
    bool is_gap;
};
/* False when it is over no column. */
bool drop_spot_of(const struct model *m, const struct layout *l, struct drop_spot *out);
/* Changes the view's scrolling so that the selected card and column show. */
void board_settle(struct model *m, const struct layout *l);
/* Scrolls a column by cards. */
void board_scroll(struct model *m, int column, int delta);

/* ---- the chat ---- */

enum chat_row_kind { ROW_TEXT, ROW_DAY, ROW_UNREAD, ROW_KEPT };
struct chat_row {
    enum chat_row_kind kind;
    size_t item; /* index among the lines of the replica */
    size_t look; /* ROW_TEXT: index of its look, and the row of that */
    size_t row;
};
struct chat_rows {
    VEC(struct chat_row) rows; /* top to bottom */
    VEC(struct look) looks;
    size_t items;       /* how many there are in all */
    size_t first, last; /* items of the top and bottom rows */
    bool at_end;        /* nothing is below */
};

enum { CHAT_NAME_WIDTH = 10, CHAT_NAME_NARROW = 6, CHAT_TIME_WIDTH = 6 };
/* Columns in front of a text: time and name, the name alone, or just a mark. */
int chat_prefix(int width);
bool chat_has_time(int width);
size_t chat_items(const struct model *m);
/* The chat of the room we are in is on screen, and nothing lies on it: what comes is read
 * there, and need not be told of elsewhere. */
bool chat_is_in_view(const struct model *m, const struct layout *l);
/* Behind the last item that follows item i without a hole. */
size_t chat_end(const struct model *m, size_t i);
const struct line *chat_line(const struct model *m, size_t i);
/* Days are those of the local time zone. */
int64_t chat_day(int64_t time_ms);
void chat_rows_of(const struct model *m, const struct layout *l, struct chat_rows *out);
void chat_rows_finish(struct chat_rows *r);
const struct rich_line *chat_row_line(const struct chat_rows *r, const struct chat_row *row);
/* What stands at a place on the screen: the item there, or -1; and the piece, NULL for none.
 * Borrowed from the rows. */
ptrdiff_t chat_find(const struct layout *l, const struct chat_rows *rows, int x, int y,
                    const struct rich_piece **piece);
/* The column at which a piece of the row at y begins. */
int chat_column(const struct layout *l, const struct chat_rows *rows,
                const struct rich_piece *piece, int y);
/* Scrolls so that item i begins at the top, as far as what follows fills the pane. */
void chat_show_from(struct model *m, const struct layout *l, size_t i);
/* Scrolls so that a message shows, the whole of it if it fits. */
void chat_reveal(struct model *m, const struct layout *l, int64_t message);
/* Scrolls so that it stands at the top, with the line above it that says where one was. */
void chat_top(struct model *m, const struct layout *l, int64_t message);
enum { CHAT_KEPT_WORDS = 160 };
/* What retention made of the beginning of the chat, or will make, as "older messages were
 * removed: those of 90 days are kept"; empty: the chat is whole and stays so. */
void chat_kept(const struct replica *r, char text[CHAT_KEPT_WORDS]);
/* Where it says, in words, what is hidden below; empty when the end shows. */
struct rect chat_below(const struct model *m, const struct layout *l, char text[64]);
/* Where it says that unread messages stand above what shows, as long as the line in front of
 * them was not on screen; empty: nowhere. */
struct rect chat_above(const struct model *m, const struct layout *l,
                       const struct chat_rows *rows, char text[64]);
bool chat_has_line(const struct chat_rows *rows); /* the one in front of what is unread */
/* Scrolls by rows; positive is back in time. */
void chat_scroll(struct model *m, const struct layout *l, int rows);

/* ---- beside the board ---- */

/* Gives what is beside the board its part of the screen; false when that is all of it, and
 * nothing else shows. rest: what is left for the others. */
bool layout_beside(const struct model *m, struct layout *l, struct rect *rest);
/* Fills r with it. */
void layout_beside_all(struct layout *l, struct rect r);

/* ---- notes ---- */

enum { NOTE_MARGIN = 3, NOTE_TEXT_MAX = 120, BLAME_WIDTH = 15 };

/* Initials of who is in a row stand in the margin, who wrote it in blame. */
struct note_spots {
    struct rect margin, blame, text;
};
void note_spots_of(const struct model *m, const struct layout *l, struct note_spots *out);

/* Notes that the list shows, in the order of the replica: those before this index. */
size_t notes_listed(const struct model *m);
size_t notes_first(const struct model *m, const struct layout *l);

/* Who wrote what lies between two positions last; author empty: not known yet, or, with chars
 * 0, nobody, as nothing lies there. */
struct note_run blame_of(const struct note_blame *b, size_t start, size_t end);

/* The first version of the sitting that a version belongs to. */
int64_t history_sitting_start(const struct note_history *h, int64_t version);
struct history_spots {
    struct rect slider, about, text;
};
void history_spots_of(const struct layout *l, struct history_spots *out);
/* The column of a version on the slider, from 0; and the version at a column. */
int history_column(const struct note_history *h, int width, int64_t version);
int64_t history_version(const struct note_history *h, int width, int column);

/* ---- what went on ---- */

/* Lines of the feed pane of the room on screen. */
size_t feed_lines(const struct model *m);

/* ---- statistics ---- */

/* About as many rows as there are to show. */
int stats_rows(const struct model *m);

/* ---- the help ---- */

/* The part of the screen that the help fills, frame and all. */
struct rect help_rect(const struct model *m);
/* Where within a line of the help things stand. */
struct help_columns {
    bool names;    /* keys and names stand apart */
    bool stacked;  /* the sentence stands below the keys */
    int keys, doc; /* columns that text may take */
};
enum { HELP_KEYS = 22, HELP_NAME = 32 };
struct help_columns help_columns(const struct model *m);
/* What stands in the keys' column. */
void help_keys(const struct model *m, enum action_id id, struct buf *out);
/* The tour's only while there is one. */
bool help_has(const struct model *m, enum action_group g);
/* What it lists, in its order: that which counts where one is comes first. */
struct help_parts {
    enum action_group groups[GROUP_COUNT];
    int n;
};
struct help_parts help_parts(const struct model *m);
/* Rows of one action, and of one row of the legend, which stands behind what one does on the
 * board; and in all, with a heading and a blank for each. */
int help_action_rows(const struct model *m, enum action_id id);
struct legend_row;
int help_legend_rows(const struct model *m, const struct legend_row *row);
/* What of a line is left behind the keys' column. */
int help_legend_width(const struct model *m);
int help_rows(const struct model *m);
void help_scroll(struct model *m, int rows);
void help_turn(struct model *m); /* opens or closes it */

#endif
