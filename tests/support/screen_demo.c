/* The screen without a server, to look at: a room made up, keys and mouse, nothing sent.
 *
 *     screen_demo [CARDS MESSAGES]      q leaves
 *     screen_demo --print WIDTH HEIGHT  prints one screen as text
 *     screen_demo --time CARDS MESSAGES measures a key and its frame, and memory
 */
#include "keys.h"
#include "screen_kit.h"
#include "term.h"
#include "view.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static void on_input(void *arg, const struct input *in)
{
    struct screen_kit *k = arg;
    struct input copy = *in;
    copy.now = k->now;
    update(&k->model, &copy, &k->out);
}

static bool wants_to_leave(const struct screen_kit *k)
{
    vec_each (e, &k->out.items)
        if (e->kind == EFFECT_QUIT)
            return true;
    return false;
}

static void run(struct screen_kit *k, struct term *t, const struct theme *theme)
{
    struct keys keys = {0};
    struct grid g = {0};
    struct buf bytes = {0};
    bool more = true;
    while (more && !wants_to_leave(k)) {
        int w, h;
        term_size(t, &w, &h);
        if (w != k->model.width || h != k->model.height)
            kit_resize(k, w, h);
        view(&k->model, theme, &g);
        term_draw(t, &g);
        struct pollfd p = {.fd = term_fd(t), .events = POLLIN};
        if (poll(&p, 1, keys_wait(&keys) < 0 ? 500 : keys_wait(&keys)) == 0) {
            keys_flush(&keys, on_input, k);
            kit_tick(k, 500);
            continue;
        }
        buf_clear(&bytes);
        more = term_read(t, &bytes);
        keys_feed(&keys, buf_str(&bytes), on_input, k);
    }
    keys_finish(&keys);
    grid_finish(&g);
    buf_finish(&bytes);
}

static int print(int width, int height)
{
    struct screen_kit k;
    struct buf out = {0};
    kit_init_full(&k, width, height);
    printf("%s", kit_screen(&k, &out));
    buf_finish(&out);
    kit_finish(&k);
    return 0;
}

static int number(const char *arg)
{
    int64_t n = 0;
    return str_int(str_of(arg), 0, 10000000, &n) ? (int)n : 0;
}

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int measure(int cards, int messages)
{
    static const char *const keys[] = {"j", "k",    "G",    "g", "J",   "l",         "h",
                                       "i", "PgUp", "PgUp", "x", "End", "Backspace", "Esc"};
    struct screen_kit k;
    struct grid g = {0};
    struct theme theme = {.depth = DEPTH_256};
    struct rusage usage;
    double worst = 0, sum = 0;
    enum { ROUNDS = 200 };
    kit_init_full(&k, 200, 50);
    kit_fill(&k, cards, messages);
    for (size_t i = 0; i < ROUNDS * COUNT_OF(keys); i++) {
        double start = milliseconds();
        kit_keys(&k, keys[i % COUNT_OF(keys)]);
        view(&k.model, &theme, &g);
        double took = milliseconds() - start;
        worst = MAX(worst, took);
        sum += took;
        kit_forget(&k);
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("key and frame at 200x50: %.3f ms, at worst %.3f ms; resident %ld KiB at most\n",
           sum / (ROUNDS * (double)COUNT_OF(keys)), worst, usage.ru_maxrss);
    grid_finish(&g);
    kit_finish(&k);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--print") == 0)
        return print(number(argv[2]), number(argv[3]));
    if (argc == 4 && strcmp(argv[1], "--time") == 0)
        return measure(number(argv[2]), number(argv[3]));
    struct screen_kit k;
    struct err e = {0};
    struct term *t = term_new(&e);
    if (!t) {
        fprintf(stderr, "screen_demo: %s\n", e.text);
        return err_exit(e.code);
    }
    kit_init_full(&k, 80, 24);
    if (argc == 3)
        kit_fill(&k, number(argv[1]), number(argv[2]));
    int colors = term_colors(t);
    struct theme theme = {.ascii = !term_is_utf8(t),
                          .light = getenv("LIGHT") != NULL,
                          .depth = getenv("NO_COLOR") ? DEPTH_MONO
                                   : colors >= 256    ? DEPTH_256
                                   : colors >= 16     ? DEPTH_16
                                   : colors >= 8      ? DEPTH_8
                                                      : DEPTH_MONO};
    run(&k, t, &theme);
    term_free(t);
    kit_finish(&k);
    return 0;
}
