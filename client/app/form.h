/* A form: labelled rows, some of which a person can step to. What stands in it is made anew
 * from whatever it shows; what the person does with it (which row, how far scrolled) is kept
 * apart, in struct form_at. Widths are handed down. A part of the screen: it knows no model and
 * no colours. */
#ifndef MOOT_FORM_H
#define MOOT_FORM_H

#include "str.h"

/* How a piece of text looks, for the view to give colours to. */
enum tone {
    TONE_TEXT,
    TONE_DIM,
    TONE_STRONG,
    TONE_GOOD,
    TONE_BAD,
    TONE_WARN,
    TONE_MARK,
    TONE_CARD,    /* a card's number */
    TONE_TIME,    /* when */
    TONE_PERSON,  /* the colour of the person whose name stands there */
    TONE_LABEL,   /* one of those colours too, by the text */
    TONE_PENDING, /* not stored yet */
    TONE_MARKDOWN /* and more: this plus enum md_kind */
};

struct form_span {
    size_t start, end; /* bytes of the form's text */
    int tone;
    int item;      /* from 1, of what can be selected by itself within the row; 0: nothing */
    struct str to; /* the address of a link; empty: it is none */
};

enum form_state { FORM_SAVED, FORM_PENDING, FORM_CONFLICT };

struct form_row {
    int64_t id; /* the caller's; 0: cannot be selected */
    struct str label;
    size_t start, end;    /* its value, bytes of the form's text; may have several lines */
    size_t first, behind; /* its spans */
    int items;            /* how many can be selected */
    bool is_wide;         /* the value stands under the label, from the left edge on */
    enum form_state state;
    struct str holder; /* who edits it */
};

struct form {
    struct buf text;
    VEC(struct form_row) rows;
    VEC(struct form_span) spans;
    struct arena arena;
};

/* Where the person is in a form. */
struct form_at {
    int64_t id;      /* of the selected row */
    int item;        /* of that row, from 1; 0: none */
    bool is_on_item; /* form_find() only: it is the very thing that is there */
    size_t top;
    bool is_scrolled; /* by hand: the selection may be out of sight until the next step */
};

void form_finish(struct form *f);
/* A new row at the end; what is said from now on is its value. The label is copied. */
struct form_row *form_add(struct form *f, int64_t id, const char *label);
/* Adds to the value of the last row. */
void form_say(struct form *f, int tone, struct str text);
void form_fmt(struct form *f, int tone, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds something that can be selected by itself. */
void form_item(struct form *f, int tone, struct str text);
/* What was said last, and was not empty, is a link to there. The address is copied. */
void form_link(struct form *f, struct str to);
/* Further pieces of the item that was added last. */
void form_item_more(struct form *f, int tone, struct str text);

const struct form_row *form_row(const struct form *f, int64_t id); /* NULL: there is none */
struct str form_value(const struct form *f, const struct form_row *r);

/* ---- in lines ---- */

enum { FORM_LEFT = 2, FORM_INDENT = 2 };

struct form_line {
    size_t row;
    struct str text; /* of the form's text */
    bool first;      /* the row's first line: the label stands here */
    bool has_text;   /* false: the label alone */
};
struct form_lines {
    VEC(struct form_line) lines;
    int label; /* columns of the labels */
};

/* Breaks a form into lines of `width` columns, its borders included. */
void form_lines_of(const struct form *f, int width, struct form_lines *out);
void form_lines_finish(struct form_lines *l);
/* The column within the form at which a row's value begins. */
int form_value_column(const struct form_lines *l, const struct form_row *r);

/* The selection is on a row that is there, and its lines are within `height`. */
void form_settle(const struct form *f, const struct form_lines *l, int height,
                 struct form_at *at);
/* Steps to the row so many selectable rows further down. */
void form_step(const struct form *f, struct form_at *at, int by);
/* The same by lines of the screen. */
void form_page(const struct form *f, const struct form_lines *l, struct form_at *at, int by);
/* Steps between the items of the selected row. */
void form_step_item(const struct form *f, struct form_at *at, int by);
/* Scrolls; the selection stays. */
void form_scroll(const struct form_lines *l, int height, struct form_at *at, int by);
/* What is at a place of the form on screen (from its top left corner): false for nothing that
 * can be selected. */
bool form_find(const struct form *f, const struct form_lines *l, const struct form_at *at,
               int x, int y, struct form_at *found);

#endif
