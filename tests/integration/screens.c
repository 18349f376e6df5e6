#include "screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

int world_set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    *state = w;
    bool ok = w && rig_start(&w->rig) && rig_me(&w->rig, &w->me) &&
              rig_person(&w->rig, &w->ana, "ana");
    return ok ? 0 : -1;
}

int world_tear_down(void **state)
{
    struct world *w = *state;
    screens_close(w);
    person_finish(&w->me);
    person_finish(&w->ana);
    rig_finish(&w->rig);
    free(w);
    return 0;
}

struct screen *screen_of(const struct person *p, int rows, int cols)
{
    const char *const argv[] = {rig_moot, "--room", "#lobby", NULL};
    return screen_start(argv, p->env.v, rows, cols);
}

struct screen *screen_online(const struct person *p, int rows, int cols)
{
    struct screen *s = screen_of(p, rows, cols);
    assert_non_null(s);
    assert_true(screen_wait(s, "online", SOON));
    assert_true(screen_wait(s, "Todo", SOON));
    return s;
}

void world_screens(struct world *w)
{
    w->mine = screen_online(&w->me, WIDE_ROWS, WIDE_COLS);
    w->hers = screen_online(&w->ana, WIDE_ROWS, WIDE_COLS);
}

void screens_close(struct world *w)
{
    screen_free(w->mine);
    screen_free(w->hers);
    w->mine = w->hers = NULL;
}

/* ---- what a person does ---- */

/* The last hint of the status line tells where the focus is: in the chat ? is only a character.
 */
void focus_board(struct screen *s)
{
    if (screen_shows(s, "F1 help"))
        screen_type(s, "\x1b");
    assert_true(screen_wait(s, "? help", SOON));
}

void focus_chat(struct screen *s)
{
    if (!screen_shows(s, "F1 help"))
        screen_type(s, "i");
    assert_true(screen_wait(s, "F1 help", SOON));
}

/* Not the title in the prompt, where the cursor would show. */
static bool is_on_board(struct screen *s, void *title)
{
    return !s->cursor_shown && screen_shows(s, title);
}

void add_card(struct screen *s, const char *title)
{
    focus_board(s);
    screen_type(s, "a");
    screen_type(s, title);
    screen_type(s, "\r");
    assert_true(screen_wait_until(s, is_on_board, (void *)title, title, SOON));
}

void say(struct screen *s, const char *text)
{
    focus_chat(s);
    screen_type(s, text);
    screen_type(s, "\r");
    assert_true(screen_wait(s, "to #lobby", SOON)); /* the input is empty again */
}

void quit(struct screen *s)
{
    focus_board(s);
    screen_type(s, ":quit\r");
    assert_true(screen_wait_end(s, SOON));
    assert_true(screen_is_restored(s));
    assert_true(WIFEXITED(s->pty.status));
    assert_int_equal(WEXITSTATUS(s->pty.status), 0);
}

void back_online(struct screen *s)
{
    focus_board(s);
    for (int tries = 0; tries < 50 && !screen_shows(s, " online"); tries++) {
        screen_type(s, "R");
        screen_pump(s, 200);
    }
    assert_true(screen_wait(s, " online", 3 * SOON));
}

void all_saved(struct screen *s)
{
    assert_true(screen_wait_gone(s, "unsaved", 3 * SOON));
}

/* ---- what is seen ---- */

const char *column_of_card(struct screen *s, const char *title)
{
    static const char *const names[] = {"Todo", "Doing", "Done"};
    const char *found = "";
    int row, col, head_row, head_col, best = -1;
    if (!screen_find(s, title, &row, &col))
        return "";
    for (size_t i = 0; i < 3; i++) {
        if (!screen_find(s, names[i], &head_row, &head_col) || head_col > col ||
            head_col <= best)
            continue;
        best = head_col;
        found = names[i];
    }
    return found;
}

struct place {
    const char *title, *column;
};

static bool is_in_column(struct screen *s, void *arg)
{
    const struct place *p = arg;
    return strcmp(column_of_card(s, p->title), p->column) == 0;
}

bool wait_column(struct screen *s, const char *title, const char *column, int64_t ms)
{
    struct place p = {title, column};
    char what[128];
    snprintf(what, sizeof(what), "%s in %s", title, column);
    return screen_wait_until(s, is_in_column, &p, what, ms);
}

/* ---- what the command line says ---- */

struct run moot_says(const struct person *p, const char *input, const char *const args[])
{
    struct run r;
    assert_true(rig_moot_run(p, &r, input, args));
    if (r.status != 0)
        fprintf(stderr, "moot %s: status %d: %s%s", args[0], r.status, r.out, r.err);
    assert_int_equal(r.status, 0);
    return r;
}

static int count(const char *in, const char *what)
{
    int n = 0;
    for (; (in = strstr(in, what)) != NULL; in += strlen(what))
        n++;
    return n;
}

static int times_in_output(struct world *w, const char *text, const char *const args[])
{
    struct run r = moot_says(&w->me, NULL, args);
    int n = count(r.out, text);
    run_finish(&r);
    return n;
}

int times_said(struct world *w, const char *text)
{
    return times_in_output(w, text, (const char *const[]){"tail", "#lobby", NULL});
}

int times_on_board(struct world *w, const char *text)
{
    return times_in_output(w, text, (const char *const[]){"task", "list", "#lobby", NULL});
}
