#include "screen_test.h"
#include "view.h"

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

static bool stands_at(const struct grid *g, int x, int y, const char *words)
{
    for (; *words; words++, x++) {
        const struct cell *c = grid_at(g, x, y);
        if (!c || (c->n ? c->text[0] : ' ') != *words)
            return false;
    }
    return true;
}

/* The address of each cell from (x, y) on. */
static void lead(const struct grid *g, int x, int y, const char *words, const char *address)
{
    for (int i = 0; words[i]; i++) {
        struct str to = grid_address(g, grid_at(g, x + i, y)->style.link);
        if (!str_is(to, address))
            fail_msg("\"%s\" leads to \"%.*s\" at %d, not to \"%s\"", words, STR_ARG(to), i,
                     address);
    }
}

void leads(const struct screen_kit *k, const char *words, const char *address)
{
    struct grid g = {0};
    struct theme t = {.depth = DEPTH_256};
    view(&k->model, &t, &g);
    int at = 0, n = g.w * g.h;
    while (at < n && !stands_at(&g, at % g.w, at / g.w, words))
        at++;
    if (at == n)
        shows(k, words);
    lead(&g, at % g.w, at / g.w, words, address);
    grid_finish(&g);
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
