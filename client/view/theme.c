#include "theme.h"

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

static const struct {
    const char *wide, *ascii;
} signs[SIGN_COUNT] = {
#define X(name, w, a) [SIGN_##name] = {w, a},
    SIGN_LIST(X)
#undef X
};

static const short people_dark[] = {75, 114, 179, 176, 80, 209, 147, 150, 217, 116, 222, 183};
static const short people_light[] = {25, 28, 130, 90, 30, 166, 61, 64, 125, 31, 94, 97};
static const short people_8[] = {6, 2, 3, 5, 4, 1};
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
    struct style s = {styles[what].fg16, styles[what].bg16, styles[what].attrs};
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
        return (struct style){COLOR_NONE, COLOR_NONE, styles[what].mono};
    case DEPTH_8:
        return of_eight(of_sixteen(t, what));
    case DEPTH_16:
        return of_sixteen(t, what);
    case DEPTH_256:
        break;
    }
    return t->light
               ? (struct style){styles[what].light_fg, styles[what].light_bg,
                                styles[what].attrs}
               : (struct style){styles[what].dark_fg, styles[what].dark_bg, styles[what].attrs};
}

/* FNV-1a. */
static uint32_t hash(struct str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h ^ (h >> 15);
}

struct style theme_person(const struct theme *t, struct str user)
{
    struct style s = {COLOR_NONE, COLOR_NONE, 0};
    uint32_t h = hash(user);
    if (t->depth == DEPTH_256)
        s.fg = t->light ? people_light[h % COUNT_OF(people_light)]
                        : people_dark[h % COUNT_OF(people_dark)];
    else if (t->depth != DEPTH_MONO)
        s.fg = people_8[h % COUNT_OF(people_8)];
    else
        s.attrs = STYLE_BOLD;
    return s;
}

const char *theme_sign(const struct theme *t, enum sign s)
{
    return t->ascii ? signs[s].ascii : signs[s].wide;
}
