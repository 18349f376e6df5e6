#include "theme.h"
#include "replica.h"

#include <assert.h>

#define N COLOR_NONE

/* clang-format off */
static const struct {
    short dark_fg, dark_bg, light_fg, light_bg, fg16, bg16;
    unsigned char attrs, mono;
} styles[MEAN_COUNT] = {
#define X(name, df, db, lf, lb, f, b, a, m) [MEAN_##name] = {df, db, lf, lb, f, b, a, m},
    THEME_LIST(X)
#undef X
};

/* Six hues and then six more of the same, lighter or darker; see theme_person(). */
static const short people_dark[] = {45, 35, 220, 201, 33, 203, 50, 118, 136, 218, 147, 216};
static const short people_light[] = {24, 22, 94, 163, 20, 131, 23, 29, 58, 53, 63, 52};
static const short people_dark_16[] = {14, 10, 11, 13, 12, 9};
static const short people_light_16[] = {5, 4, 1, 12, 9};
static const short people_dark_8[] = {6, 2, 3, 5, 1};
static const short people_light_8[] = {5, 4, 1};
/* clang-format on */

/* Eight colours have no bright ones: grey is dim white, and white is bold. */
static struct style of_eight(struct style s)
{
    if (s.fg == 8) {
        s.fg = COLOR_NONE;
        s.attrs |= STYLE_DIM;
    } else if (s.fg == 15) {
        s.fg = 7;
        s.attrs |= STYLE_BOLD;
    }
    return s;
}

static struct style of_sixteen(const struct theme *t, enum meaning what)
{
    struct style s = {styles[what].fg16, styles[what].bg16, styles[what].attrs, 0};
    /* On light ground white letters and black bars are turned round. */
    if (t->light) {
        s.fg = s.fg == 7 || s.fg == 15 ? (s.bg > 0 ? s.fg : 0) : s.fg;
        s.bg = s.bg == 0 ? 7 : s.bg;
    }
    return s;
}

struct style theme_style(const struct theme *t, enum meaning what)
{
    switch (t->depth) {
    case DEPTH_MONO:
        return (struct style){COLOR_NONE, COLOR_NONE, styles[what].mono, 0};
    case DEPTH_8:
        return of_eight(of_sixteen(t, what));
    case DEPTH_16:
        return of_sixteen(t, what);
    case DEPTH_256:
        break;
    }
    return t->light ? (struct style){styles[what].light_fg, styles[what].light_bg,
                                     styles[what].attrs, 0}
                    : (struct style){styles[what].dark_fg, styles[what].dark_bg,
                                     styles[what].attrs, 0};
}

static_assert(COUNT_OF(people_dark) == PEOPLE_COLORS && COUNT_OF(people_light) == PEOPLE_COLORS,
              "a colour of its own for each");

/* Where there are fewer colours than people have, they come again with other attributes. */
static struct style one_of(const short *colors, size_t n, unsigned color)
{
    static const unsigned char attrs[] = {0, STYLE_UNDERLINE, STYLE_BOLD,
                                          STYLE_BOLD | STYLE_UNDERLINE};
    return (struct style){colors[color % n], COLOR_NONE, attrs[color / n % COUNT_OF(attrs)], 0};
}

struct style theme_person(const struct theme *t, unsigned color)
{
#define ONE_OF(list) one_of(list, COUNT_OF(list), color)
    switch (t->depth) {
    case DEPTH_MONO:
        break;
    case DEPTH_8:
        return t->light ? ONE_OF(people_light_8) : ONE_OF(people_dark_8);
    case DEPTH_16:
        return t->light ? ONE_OF(people_light_16) : ONE_OF(people_dark_16);
    case DEPTH_256:
        return t->light ? ONE_OF(people_light) : ONE_OF(people_dark);
    }
#undef ONE_OF
    return (struct style){COLOR_NONE, COLOR_NONE, STYLE_BOLD, 0};
}

const char *theme_sign(const struct theme *t, enum sign s)
{
    return sign_text(s, t->ascii);
}
