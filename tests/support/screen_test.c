#include "screen_test.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct screen_kit *open_screen_of(void **state, int width, int height)
{
    struct screen_kit *k = NEW(struct screen_kit);
    kit_init_full(k, width, height);
    *state = k;
    return k;
}

int open_screen(void **state)
{
    open_screen_of(state, 80, 24);
    return 0;
}

int open_wide_screen(void **state)
{
    open_screen_of(state, 100, 40);
    return 0;
}

int close_screen(void **state)
{
    kit_finish(*state);
    free(*state);
    return 0;
}

void command_line(struct screen_kit *k, const char *line)
{
    kit_keys(k, "Esc :");
    kit_type(k, line);
    kit_keys(k, "Enter");
}

static bool has(const char *whole, const char *part, struct buf *b)
{
    bool found = strstr(whole, part);
    buf_finish(b);
    return found;
}

bool is_shown(const struct screen_kit *k, const char *part)
{
    struct buf b = {0};
    return has(kit_screen(k, &b), part, &b);
}

bool is_sent(const struct screen_kit *k, const char *part)
{
    struct buf b = {0};
    return has(kit_sent(k, &b), part, &b);
}

void shows(const struct screen_kit *k, const char *part)
{
    struct buf b = {0};
    if (!is_shown(k, part))
        fail_msg("\"%s\" is not on the screen:\n%s", part, kit_screen(k, &b));
}

void shows_not(const struct screen_kit *k, const char *part)
{
    struct buf b = {0};
    if (is_shown(k, part))
        fail_msg("\"%s\" is on the screen:\n%s", part, kit_screen(k, &b));
}

void sent(const struct screen_kit *k, const char *part)
{
    struct buf b = {0};
    if (!is_sent(k, part))
        fail_msg("\"%s\" was not sent, but:\n%s", part, kit_sent(k, &b));
}

void sent_not(const struct screen_kit *k, const char *part)
{
    struct buf b = {0};
    if (is_sent(k, part))
        fail_msg("\"%s\" was sent:\n%s", part, kit_sent(k, &b));
}

void sends(struct screen_kit *k, const char *part)
{
    sent(k, part);
    kit_forget(k);
}
