/* What a key costs in texts that were made to cost much. The bounds are generous, for slow and
 * instrumented builds; what they catch is work that grows with the square of something. The
 * figures are printed. */
#include "note_kit.h"

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The quickest of some rounds: the machine has other things to do, too. */
static double key_and_frame(struct screen_kit *k, const char *keys)
{
    struct grid g = {0};
    struct theme t = {.depth = DEPTH_256};
    double best = 1e9;
    for (int i = 0; i < 8; i++) {
        double start = milliseconds();
        kit_keys(k, keys);
        view(&k->model, &t, &g);
        best = MIN(best, milliseconds() - start);
    }
    grid_finish(&g);
    return best;
}

static void a_text_that_was_made_to_cost_much_costs_little(void **state)
{
    static const struct {
        const char *what, *of;
        size_t times, lines;
    } rows[] = {
        {"stars", "*a* ", 4000, 3},     {"names", "@a#1 ", 3200, 3},
        {"backquotes", "`", 16000, 3},  {"brackets", "[", 16000, 3},
        {"blank lines", "", 0, 140000}, {"wide", "\xe6\x97\xa5", 16000, 3},
    };
    struct screen_kit *k = *state;
    kit_resize(k, 200, 50);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf text = {0};
        for (size_t l = 0; l < rows[i].lines; l++) {
            for (size_t n = 0; n < rows[i].times; n++)
                buf_add_str(&text, str_of(rows[i].of));
            buf_add_c(&text, '\n');
        }
        open_plan(k, "");
        kit_keys(k, "M-a Del");
        kit_paste(k, buf_cstr(&text));
        kit_keys(k, "C-End");
        double took = key_and_frame(k, "Left");
        print_message("%s: %.2f ms\n", rows[i].what, took);
        assert_true(took < 100);
        buf_finish(&text);
    }
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(a_text_that_was_made_to_cost_much_costs_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
