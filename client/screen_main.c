#include "screen_main.h"
#include "keys.h"
#include "launch.h"
#include "opt_file.h"
#include "paths.h"
#include "term.h"
#include "view.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MS = 16 }; /* changes by others are shown at most so often; keys at once */

struct screen {
    struct shell shell;
    struct term *term;
    struct theme theme;
    struct grid grid;
    struct keys keys;
    struct buf bytes; /* of the terminal */
    int64_t drawn_at, flush_at;
    bool dirty, echo; /* something changed; by the person's own hand */
    bool suspend;
    struct edit edit;
    bool away; /* the editor has the terminal */
};

static void on_terminal(void *arg);
static void edit_finished(void *arg);
static void resize(struct screen *s);

/* ---- inputs in, effects out ---- */

static void notify(struct screen *s, struct str room, struct str text)
{
    term_notify(s->term, s->shell.o->notify_by, room.n ? room : STR("moot"), text);
    shell_notify(&s->shell, room, text);
}

static void open_link(struct screen *s, struct str address)
{
    if (shell_open(&s->shell, address))
        return;
    term_copy(s->term, address);
    model_toast(&s->shell.model, TOAST_INFO, "Copied: %.*s", (int)MIN(address.n, 200),
                address.p);
}

/* The editor has the terminal now; the link goes on. */
static void edit_begin(struct screen *s, struct str text)
{
    struct err e = {0};
    net_unwatch(s->shell.net, term_fd(s->term));
    term_leave(s->term);
    if (edit_start(&s->edit, text, &e) &&
        net_watch(s->shell.net, s->edit.fd, edit_finished, s, &e)) {
        s->away = true;
        return;
    }
    term_enter(s->term);
    net_watch(s->shell.net, term_fd(s->term), on_terminal, s, NULL);
    model_toast(&s->shell.model, TOAST_ERROR, "%s", e.text);
}

static void effect(void *arg, const struct effect *e)
{
    struct screen *s = arg;
    if (e->kind == EFFECT_NOTIFY)
        notify(s, e->room, e->bytes);
    else if (e->kind == EFFECT_TITLE)
        term_title(s->term, e->bytes);
    else if (e->kind == EFFECT_COPY)
        term_copy(s->term, e->bytes);
    else if (e->kind == EFFECT_OPEN)
        open_link(s, e->bytes);
    else if (e->kind == EFFECT_EDITOR)
        edit_begin(s, e->bytes);
    else if (e->kind == EFFECT_MOTION)
        term_motion(s->term, e->bytes.n > 0);
    else if (e->kind == EFFECT_REDRAW)
        term_redraw(s->term);
    else if (e->kind == EFFECT_SUSPEND)
        s->suspend = true;
}

static void changed(void *arg)
{
    struct screen *s = arg;
    s->dirty = true;
}

static void on_input(void *arg, const struct input *in)
{
    struct screen *s = arg;
    s->echo = true;
    shell_give(&s->shell, *in);
}

static void on_terminal(void *arg)
{
    struct screen *s = arg;
    buf_clear(&s->bytes);
    if (!term_read(s->term, &s->bytes)) {
        s->shell.quit = true;
        return;
    }
    keys_feed(&s->keys, buf_str(&s->bytes), on_input, s);
    int wait = keys_wait(&s->keys);
    s->flush_at = wait < 0 ? INT64_MAX : shell_now(&s->shell) + wait;
}

static void edit_finished(void *arg)
{
    struct screen *s = arg;
    struct buf text = {0};
    struct err e = {0};
    net_unwatch(s->shell.net, s->edit.fd);
    bool ok = edit_end(&s->edit, model_edit_max(&s->shell.model), &text, &e);
    s->away = false;
    term_enter(s->term);
    net_watch(s->shell.net, term_fd(s->term), on_terminal, s, NULL);
    resize(s);
    if (ok)
        shell_give(&s->shell, (struct input){.kind = INPUT_EDITED, .text = buf_str(&text)});
    else
        shell_give(&s->shell, (struct input){.kind = INPUT_NOTICE, .text = str_of(e.text)});
    buf_finish(&text);
}

/* ---- signals ---- */

static void resize(struct screen *s)
{
    struct input in = {.kind = INPUT_RESIZE};
    term_size(s->term, &in.width, &in.height);
    s->echo = true;
    shell_give(&s->shell, in);
}

static void on_signal(void *arg, int signal)
{
    struct screen *s = arg;
    if (signal == SIGWINCH)
        resize(s);
    else if (signal == SIGTSTP && s->away)
        kill(getpid(), SIGSTOP); /* together with the editor */
    else if (signal == SIGINT && s->away)
        return; /* the editor's */
    else if (signal == SIGTSTP)
        s->suspend = true;
    else if (signal == SIGCONT)
        s->echo = s->dirty = true;
    else
        s->shell.quit = true; /* SIGTERM, SIGHUP, SIGINT */
}

/* The terminal goes back to the shell until it continues us. */
static void suspend(struct screen *s)
{
    s->suspend = false;
    term_leave(s->term);
    kill(getpid(), SIGSTOP);
    term_enter(s->term);
    resize(s);
}

/* ---- beginning, loop, end ---- */

static struct theme theme_of(const struct screen *s)
{
    int colors = term_colors(s->term);
    struct theme t = {.light = s->shell.o->light,
                      .ascii = s->shell.o->ascii || !term_is_utf8(s->term)};
    t.depth = !s->shell.o->color || colors < 8 ? DEPTH_MONO
              : colors >= 256                  ? DEPTH_256
              : colors >= 16                   ? DEPTH_16
                                               : DEPTH_8;
    return t;
}

static bool sends_links(const struct screen *s)
{
    struct arena a = {0};
    const struct hyperlink_case about = {.wanted = s->shell.o->hyperlinks,
                                         .is_utf8 = term_is_utf8(s->term),
                                         .is_ascii = s->theme.ascii,
                                         .term = getenv("TERM"),
                                         .colorterm = getenv("COLORTERM"),
                                         .vte_version = getenv("VTE_VERSION"),
                                         .tmux = getenv("TMUX"),
                                         .sty = getenv("STY")};
    bool sends = !hyperlink_obstacle(&about, &a);
    arena_finish(&a);
    return sends;
}

/* The person's own keys. */
static bool read_keys(struct shell *s, struct err *e)
{
    struct str path = path_in(&s->arena, PATH_CONFIG, "moot/keys");
    struct buf text = {0};
    bool ok = !path.n || (opt_file_bytes(path.p, false, &text, e) &&
                          keymap_change(&s->model.keys, buf_str(&text), path.p, e));
    buf_finish(&text);
    return ok;
}

static bool begin(struct screen *s, struct err *e)
{
    if (!shell_begin(&s->shell, e) || !read_keys(&s->shell, e))
        return false;
    s->term = term_new(e);
    if (!s->term)
        return false;
    s->theme = theme_of(s);
    s->shell.model.ascii = s->theme.ascii;
    s->shell.model.strokes = s->theme.ascii || !term_strikes(s->term);
    term_links(s->term, sends_links(s));
    return net_watch(s->shell.net, term_fd(s->term), on_terminal, s, e);
}

static int64_t clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void draw(struct screen *s)
{
    int64_t begin = clock_us();
    view(&s->shell.model, &s->theme, &s->grid);
    term_draw(s->term, &s->grid);
    hist_add(&s->shell.model.frames, (uint64_t)(clock_us() - begin));
    s->dirty = s->echo = false;
    s->drawn_at = shell_now(&s->shell);
}

/* When there is something to do even if nothing comes in. */
static int64_t next_turn(const struct screen *s)
{
    int64_t at = MIN(shell_next_turn(&s->shell, shell_now(&s->shell)), s->flush_at);
    if (!term_is_ready(s->term))
        return MIN(at, shell_now(&s->shell) + FRAME_MS);
    return s->dirty && !s->away ? MIN(at, s->drawn_at + FRAME_MS) : at;
}

static void on_time(struct screen *s)
{
    if (shell_now(&s->shell) >= s->flush_at) {
        s->flush_at = INT64_MAX;
        keys_flush(&s->keys, on_input, s);
    }
    shell_on_time(&s->shell);
}

static void loop(struct screen *s)
{
    resize(s);
    draw(s);
    shell_give(&s->shell, (struct input){.kind = INPUT_START});
    while (!s->shell.quit) {
        net_turn(s->shell.net, next_turn(s));
        on_time(s);
        if (s->suspend)
            suspend(s);
        term_flush(s->term);
        if (s->dirty && !s->shell.quit && !s->away && term_is_ready(s->term) &&
            (s->echo || shell_now(&s->shell) >= s->drawn_at + FRAME_MS))
            draw(s);
    }
}

static void finish(struct screen *s)
{
    if (s->term)
        net_unwatch(s->shell.net, term_fd(s->term));
    term_free(s->term);
    shell_finish(&s->shell);
    keys_finish(&s->keys);
    grid_finish(&s->grid);
    buf_finish(&s->bytes);
}

int screen_run(const struct shell_opts *o)
{
    struct screen s = {.flush_at = INT64_MAX};
    s.shell = (struct shell){
        .o = o, .effect = effect, .changed = changed, .on_signal = on_signal, .arg = &s};
    if (begin(&s, &s.shell.end)) {
        loop(&s);
        shell_save(&s.shell);
    }
    finish(&s);
    return shell_complain(&s.shell);
}
