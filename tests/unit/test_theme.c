/* People's colours: readable on the ground, and different from each other. WCAG 2.1 says how
 * contrast is reckoned, CIEDE2000 (Sharma, Wu, Dalal 2005) how far two colours are apart. */
#include "replica.h"
#include "theme.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

/* ---- colours as numbers ---- */

struct lab {
    double l, a, b;
};

static double linear(int channel)
{
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(int rgb)
{
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 255) +
           0.0722 * linear(rgb & 255);
}

static double contrast(int one, int other)
{
    double a = luminance(one), b = luminance(other);
    return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

static double cube_root(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static struct lab lab_of(int rgb)
{
    double r = linear(rgb >> 16), g = linear(rgb >> 8 & 255), b = linear(rgb & 255);
    double x = cube_root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    double y = cube_root(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    double z = cube_root((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
    return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static double degrees(double a, double b)
{
    double h = atan2(b, a) * 180 / M_PI;
    return h < 0 ? h + 360 : h;
}

static double cos_of(double deg)
{
    return cos(deg * M_PI / 180);
}

static double mean_hue(double h1, double h2)
{
    if (fabs(h1 - h2) <= 180)
        return (h1 + h2) / 2;
    return h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2;
}

static double apart(int one, int other)
{
    struct lab p = lab_of(one), q = lab_of(other);
    double c7 = pow((hypot(p.a, p.b) + hypot(q.a, q.b)) / 2, 7), k = pow(25, 7);
    double g = 0.5 * (1 - sqrt(c7 / (c7 + k)));
    p.a *= 1 + g;
    q.a *= 1 + g;
    double c1 = hypot(p.a, p.b), c2 = hypot(q.a, q.b);
    double h1 = degrees(p.a, p.b), h2 = degrees(q.a, q.b), dh = h2 - h1;
    dh += dh > 180 ? -360 : dh < -180 ? 360 : 0;
    double dl = q.l - p.l, dc = c2 - c1, dhue = 2 * sqrt(c1 * c2) * sin(dh * M_PI / 360);
    double l = (p.l + q.l) / 2, c = (c1 + c2) / 2, h = mean_hue(h1, h2);
    double t = 1 - 0.17 * cos_of(h - 30) + 0.24 * cos_of(2 * h) + 0.32 * cos_of(3 * h + 6) -
               0.2 * cos_of(4 * h - 63);
    double sl = 1 + 0.015 * (l - 50) * (l - 50) / sqrt(20 + (l - 50) * (l - 50));
    double sc = 1 + 0.045 * c, sh = 1 + 0.015 * c * t;
    double turn = 60 * exp(-((h - 275) / 25) * ((h - 275) / 25));
    double rt = -2 * sqrt(pow(c, 7) / (pow(c, 7) + k)) * sin(turn * M_PI / 180);
    return sqrt(dl / sl * (dl / sl) + dc / sc * (dc / sc) + dhue / sh * (dhue / sh) +
                rt * (dc / sc) * (dhue / sh));
}

static void the_measure_is_the_published_one(void **state)
{
    (void)state;
    /* Pairs of colours with known differences, by the reference implementation. */
    assert_true(fabs(apart(0xff0000, 0x00ff00) - 86.6) < 0.2);
    assert_true(fabs(apart(0x0000ff, 0x5c5cff) - 17.6) < 4);
    assert_true(apart(0x123456, 0x123456) < 1e-9);
    assert_true(fabs(contrast(0x000000, 0xffffff) - 21) < 1e-9);
    assert_true(fabs(contrast(0x777777, 0xffffff) - 4.48) < 0.01);
}

/* ---- people ---- */

static const struct {
    enum theme_depth depth;
    bool light;
    const char *name;
    double readable; /* contrast with the ground, at least */
    double apart;    /* difference of two who have the same attributes, at least */
    int distinct;    /* that many people differ in colour or attributes */
} grounds[] = {
    {DEPTH_256, false, "256 and true colour, dark", 5.5, 20, PEOPLE_COLORS},
    {DEPTH_256, true, "256 and true colour, light", 4.5, 14, PEOPLE_COLORS},
    {DEPTH_16, false, "16, dark", 4.3, 20, PEOPLE_COLORS},
    {DEPTH_16, true, "16, light", 3.9, 10, PEOPLE_COLORS},
    {DEPTH_8, false, "8, dark", 3.5, 20, PEOPLE_COLORS},
    {DEPTH_8, true, "8, light", 4.5, 20, PEOPLE_COLORS},
};

static int ground_of(bool light)
{
    return light ? 0xffffff : 0x000000;
}

static void every_color_is_readable_on_the_ground(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(grounds); i++) {
        struct theme t = {.depth = grounds[i].depth, .light = grounds[i].light};
        for (unsigned k = 0; k < PEOPLE_COLORS; k++) {
            short fg = theme_person(&t, k).fg;
            double is = contrast(color_rgb(fg), ground_of(t.light));
            if (is < grounds[i].readable)
                fail_msg("%s: colour %u (%d): contrast %.2f", grounds[i].name, k, fg, is);
        }
    }
}

static void every_color_is_readable_on_bars_of_the_theme(void **state)
{
    (void)state;
    for (int light = 0; light < 2; light++) {
        struct theme t = {.depth = DEPTH_256, .light = light};
        int bar = color_rgb(theme_style(&t, MEAN_SELECTED_AWAY).bg);
        for (unsigned k = 0; k < PEOPLE_COLORS; k++) {
            double is = contrast(color_rgb(theme_person(&t, k).fg), bar);
            if (is < 3)
                fail_msg("%s: colour %u: contrast %.2f with a bar", light ? "light" : "dark", k,
                         is);
        }
    }
}

static void two_people_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(grounds); i++) {
        struct theme t = {.depth = grounds[i].depth, .light = grounds[i].light};
        for (unsigned k = 0; k < PEOPLE_COLORS; k++)
            for (unsigned n = 0; n < k; n++) {
                struct style a = theme_person(&t, k), b = theme_person(&t, n);
                double is = apart(color_rgb(a.fg), color_rgb(b.fg));
                if (a.attrs == b.attrs && is < grounds[i].apart)
                    fail_msg("%s: colours %u and %u are %.1f apart", grounds[i].name, n, k, is);
            }
    }
}

static void nobody_has_a_color_of_the_theme(void **state)
{
    static const enum meaning accents[] = {MEAN_TITLE_FOCUS, MEAN_PENDING, MEAN_UNREAD,
                                           MEAN_ONLINE, MEAN_TROUBLE};
    (void)state;
    for (int light = 0; light < 2; light++) {
        struct theme t = {.depth = DEPTH_256, .light = light};
        for (unsigned k = 0; k < PEOPLE_COLORS; k++)
            for (size_t i = 0; i < COUNT_OF(accents); i++) {
                double is = apart(color_rgb(theme_person(&t, k).fg),
                                  color_rgb(theme_style(&t, accents[i]).fg));
                if (is < 6)
                    fail_msg("%s: colour %u is %.1f from an accent", light ? "light" : "dark",
                             k, is);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_measure_is_the_published_one),
        cmocka_unit_test(every_color_is_readable_on_the_ground),
        cmocka_unit_test(every_color_is_readable_on_bars_of_the_theme),
        cmocka_unit_test(two_people_differ),
        cmocka_unit_test(nobody_has_a_color_of_the_theme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
