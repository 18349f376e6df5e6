/* What the files of the view share: what is drawn, in which colours, where. */
#ifndef MOOT_VIEW_PARTS_H
#define MOOT_VIEW_PARTS_H

#include "layout.h"
#include "view.h"

struct canvas {
    const struct model *m;
    const struct theme *t;
    struct grid *g;
    struct layout l;
    bool names_typists; /* on the line of the layout that has room for them */
};

void view_rooms(struct canvas *c);
void view_people(struct canvas *c);
void view_board(struct canvas *c);
void view_board_bar(struct canvas *c);
/* What can be written into the filter's line, or what it lacks; and the line itself where the
 * board has no row for it. */
void view_filter(struct canvas *c);
void view_drag(struct canvas *c);
void view_badges(struct canvas *c, struct rect r, const struct card *card,
                 const struct style *bar);
void view_chat(struct canvas *c);
void view_input(struct canvas *c);
void view_note(struct canvas *c);
void view_feed(struct canvas *c);
void view_search(struct canvas *c);
void view_stats(struct canvas *c);
void view_card(struct canvas *c);
void view_pointers(struct canvas *c);
void view_tour(struct canvas *c);
void view_status(struct canvas *c);
void view_command(struct canvas *c);
void view_title_box(struct canvas *c);
void view_find(struct canvas *c);
void view_toasts(struct canvas *c);
void view_help(struct canvas *c);

static inline struct style style_of(const struct canvas *c, enum meaning what)
{
    return theme_style(c->t, what);
}
/* The colour of a person of the room on screen. */
struct style person_style(const struct canvas *c, struct str user);
/* The same as a ground, for initials. */
struct style person_block(const struct canvas *c, struct str user);
/* One letter, or two where the first is not enough to know the person by. */
struct str person_initials(const struct canvas *c, struct str user, char out[3]);
/* How the person is, as a sign; and whether it types in the room. */
struct str person_sign(const struct canvas *c, const struct person *p);
bool person_types(const struct canvas *c, const struct replica *r, const struct person *p);
bool person_is_me(const struct canvas *c, const char *user);
enum meaning status_meaning(enum status s);
/* s in the ground of another style, for what stands on a bar. */
struct style style_on(struct style s, struct style ground);
struct str sign_of(const struct canvas *c, enum sign s);
/* Draws from (r.x, r.y), cut at the edge of r. Returns the column behind it. */
int draw(struct canvas *c, struct rect r, enum meaning what, struct str text);
int draw_style(struct canvas *c, struct rect r, struct style s, struct str text);
/* The same, ending at the right edge of r. Returns the column it begins at. */
int draw_right(struct canvas *c, struct rect r, struct style s, struct str text);
int draw_fmt(struct canvas *c, struct rect r, enum meaning what, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* r without its first `by` columns. */
struct rect rect_from(struct rect r, int x);
/* Draws an editor's text over rows of r and puts the caret there when it is wanted. */
void draw_editor(struct canvas *c, struct rect r, const struct lineedit *l, bool caret);
/* The words that the line being written could go on with, in one row. */
void draw_completions(struct canvas *c, struct rect r);
/* A frame around r's edge with a title in it. */
void draw_box(struct canvas *c, struct rect r, struct str title);

/* In place of what of the room on screen is not here: that it is on its way, or cannot be. */
struct str lacking(const struct canvas *c, const char *on_its_way);

/* "^2 v31": how much of a list is above and below what shows, ending at the right edge of r,
 * which gets narrower by that. */
void draw_more(struct canvas *c, struct rect *r, size_t above, size_t below);

/* "3", "99+", and with a sign in front where one is mentioned: "@3". */
enum { COUNT_TEXT = 8 };
void count_say(struct unread_count n, char out[COUNT_TEXT]);

#endif
