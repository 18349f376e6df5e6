/* Whatever happens: random input at every size. */
#include "screen_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int sizes[][2] = {{80, 24}, {200, 50}, {40, 12}, {20, 5},  {1, 1},    {0, 0},
                               {3, 40},  {300, 2},  {72, 15}, {47, 14}, {120, 16}, {2, 3}};

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void press_something(struct screen_kit *k, uint32_t *seed)
{
    struct binding b = k->model.keys.bindings.v[next(seed) % k->model.keys.bindings.n];
    struct input in = {.kind = INPUT_KEY, .now = k->now, .key = b.key};
    int w = MAX(k->model.width, 1), h = MAX(k->model.height, 1);
    switch (next(seed) % 11) {
    case 0:
        in.key = (struct key){' ' + next(seed) % 90, 0};
        break;
    case 1:
        in.kind = INPUT_MOUSE;
        in.mouse =
            (struct mouse){next(seed) % 5, 1, (int)next(seed) % w, (int)next(seed) % h, 0};
        break;
    case 2:
        in.kind = INPUT_PASTE;
        in.text = STR("pasted \xe4\xb8\xad\n\ttext");
        break;
    case 3:
        in.kind = INPUT_RESIZE;
        in.width = sizes[next(seed) % COUNT_OF(sizes)][0];
        in.height = sizes[next(seed) % COUNT_OF(sizes)][1];
        break;
    case 4:
        if (kit_asked(k, "\"note.open\""))
            kit_text(k, next(seed) % 2 ? 20 : 12, 3,
                     "# A title\n\n- [ ] #42 \xe4\xb8\xad\n\tx\n");
        kit_forget(k);
        return;
    case 6:
        /* Somebody was faster. */
        kit_frame(k,
                  "{'type':'conflict','re':%lld,'room':'#core','task':12,'field':'%s',"
                  "'author':'bo','seq':41}",
                  kit_asked(k, "task.edit") + 1, next(seed) % 2 ? "title" : "due");
        kit_frame(k,
                  "{'type':'conflict','re':%lld,'room':'#core','task':12,'field':'%s',"
                  "'author':'bo','seq':41}",
                  MAX(kit_asked(k, "task.edit"), 1), next(seed) % 2 ? "title" : "due");
        kit_frame(k, "{'type':'error','re':%lld,'code':'conflict','message':'bo did it'}",
                  MAX(kit_asked(k, "task.edit"), 1));
        kit_tick(k, 700);
        return;
    case 5:
        if (next(seed) % 2)
            kit_edited(k, "bo", 20, 4 + (int)(next(seed) % 3), "[1,'more\\n']");
        else
            kit_keys(k, next(seed) % 2 ? "N" : "M-h");
        return;
    default:
        break;
    }
    update(&k->model, &in, &k->out);
}

static void no_input_at_any_size_breaks_the_screen(void **state)
{
    (void)state;
    struct buf out = {0};
    for (uint32_t seed = 1; seed <= 16; seed++) {
        struct screen_kit k;
        uint32_t s = seed;
        kit_init_full(&k, 80, 24);
        kit_fill(&k, 30, 60);
        for (int i = 0; i < 400; i++) {
            press_something(&k, &s);
            if (i % 3 == 0)
                kit_screen(&k, &out);
            if (i % 50 == 49)
                kit_tick(&k, 700);
        }
        kit_finish(&k);
    }
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_input_at_any_size_breaks_the_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
