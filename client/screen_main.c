#include "screen_main.h"
#include "filters_file.h"
#include "keys.h"
#include "launch.h"
#include "paths.h"
#include "private_file.h"
#include "screen_place.h"
#include "term.h"
#include "uplink.h"
#include "utf8.h"
#include "view.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    FRAME_MS = 16,        /* changes by others are shown at most so often; keys at once */
    SAVE_AFTER_MS = 2000, /* read marks and drafts are written so long after a change */
};

struct screen {
    const struct screen_opts *o;
    struct net *net;
    struct uplink *uplink;
    struct term *term;
    struct model model;
    struct theme theme;
    struct grid grid;
    struct keys keys;
    struct effects out;
    struct buf bytes, place; /* of the terminal; of the file */
    struct arena arena;
    struct str dir, place_path, filters_path;
    int signals;     /* signalfd */
    sigset_t before; /* mask of whoever called */
    int64_t drawn_at, flush_at, save_at;
    bool dirty, echo; /* something changed; by the person's own hand */
    bool quit, suspend, cached, was_online;
    struct edit edit;
    bool away;      /* the editor has the terminal */
    struct err end; /* why it ended, if not by the person */
};

static void on_terminal(void *arg);
static void edit_finished(void *arg);
static void resize(struct screen *s);

static int64_t now_of(struct screen *s)
{
    return net_now(s->net);
}

/* ---- saved filters ---- */

static void take_filter(void *arg, struct str name, struct str text)
{
    model_put_filter(arg, name, text);
}

static void load_filters(struct screen *s)
{
    struct err e = {0};
    if (s->filters_path.n && !filters_read(s->filters_path.p, take_filter, &s->model, &e))
        model_toast(&s->model, TOAST_ERROR, "Saved filters cannot be read: %s", e.text);
}

static void save_filter(struct screen *s, struct str name, struct str text)
{
    struct err e = {0};
    if (!s->filters_path.n)
        model_toast(&s->model, TOAST_ERROR, "There is no folder to save filters in.");
    else if (!filters_put(s->filters_path.p, name, text, &e) && e.code != ERR_NOT_FOUND)
        model_toast(&s->model, TOAST_ERROR, "The filter is not saved: %s", e.text);
    else
        load_filters(s); /* with what others did to it */
}

/* ---- inputs in, effects out ---- */

static void notify(struct screen *s, struct str room, struct str text)
{
    term_notify(s->term, s->o->notify_by, room.n ? room : STR("moot"), text);
    if (!s->o->notify_command)
        return;
    struct arena a = {0};
    launch((char *[]){(char *)(uintptr_t)s->o->notify_command,
                      (char *)(uintptr_t)str_keep(&a, room).p,
                      (char *)(uintptr_t)str_keep(&a, text).p, NULL});
    arena_finish(&a);
}

/* Only what is an address of the web is handed to a program. */
static void open_link(struct screen *s, struct str address)
{
    bool is_web = str_starts(address, "https://") || str_starts(address, "http://");
    if (is_web && s->o->open) {
        launch_words(s->o->open, address);
        return;
    }
    term_copy(s->term, address);
    model_toast(&s->model, TOAST_INFO, "Copied: %.*s", (int)MIN(address.n, 200), address.p);
}

/* The editor has the terminal now; the link goes on. */
static void edit_begin(struct screen *s, struct str text)
{
    struct err e = {0};
    net_unwatch(s->net, term_fd(s->term));
    term_leave(s->term);
    if (edit_start(&s->edit, text, &e) && net_watch(s->net, s->edit.fd, edit_finished, s, &e)) {
        s->away = true;
        return;
    }
    term_enter(s->term);
    net_watch(s->net, term_fd(s->term), on_terminal, s, NULL);
    model_toast(&s->model, TOAST_ERROR, "%s", e.text);
}

/* Without the demo the tour goes on alone; nothing happens in it then. */
static void send_cue(struct screen *s, struct str line)
{
    if (write(s->o->tour_fd, line.p, line.n) != (ssize_t)line.n)
        model_toast(&s->model, TOAST_ERROR, "The demo has gone; nobody acts any more.");
}

static void carry_out(struct screen *s, const struct effect *e)
{
    if (uplink_do(s->uplink, &s->model.session, e))
        return;
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
    else if (e->kind == EFFECT_FILTER)
        save_filter(s, e->room, e->bytes);
    else if (e->kind == EFFECT_CUE)
        send_cue(s, e->bytes);
    else if (e->kind == EFFECT_MOTION)
        term_motion(s->term, e->bytes.n > 0);
    else if (e->kind == EFFECT_REDRAW)
        term_redraw(s->term);
    else if (e->kind == EFFECT_SUSPEND)
        s->suspend = true;
    else if (e->kind == EFFECT_QUIT)
        s->quit = true;
}

static void give(struct screen *s, struct input in)
{
    in.now = now_of(s);
    update(&s->model, &in, &s->out);
    for (size_t i = 0; i < s->out.items.n; i++)
        carry_out(s, &s->out.items.v[i]);
    effects_clear(&s->out);
    uplink_flush(s->uplink, &s->model.session);
    s->dirty = true;
    if (s->save_at == INT64_MAX)
        s->save_at = in.now + SAVE_AFTER_MS;
}

static void on_input(void *arg, const struct input *in)
{
    struct screen *s = arg;
    s->echo = true;
    give(s, *in);
}

static void on_terminal(void *arg)
{
    struct screen *s = arg;
    buf_clear(&s->bytes);
    if (!term_read(s->term, &s->bytes)) {
        s->quit = true;
        return;
    }
    keys_feed(&s->keys, buf_str(&s->bytes), on_input, s);
    int wait = keys_wait(&s->keys);
    s->flush_at = wait < 0 ? INT64_MAX : now_of(s) + wait;
}

static void edit_finished(void *arg)
{
    struct screen *s = arg;
    struct buf text = {0};
    struct err e = {0};
    net_unwatch(s->net, s->edit.fd);
    bool ok = edit_end(&s->edit, TEXT_MAX, &text, &e);
    s->away = false;
    term_enter(s->term);
    net_watch(s->net, term_fd(s->term), on_terminal, s, NULL);
    resize(s);
    if (ok)
        give(s, (struct input){.kind = INPUT_EDITED, .text = buf_str(&text)});
    else
        give(s, (struct input){.kind = INPUT_NOTICE, .text = str_of(e.text)});
    buf_finish(&text);
}

static void on_opened(void *arg)
{
    give(arg, (struct input){.kind = INPUT_OPENED});
}

static void on_frame(void *arg, struct str bytes)
{
    struct screen *s = arg;
    give(s, (struct input){.kind = INPUT_FRAME, .text = bytes});
    s->was_online = s->was_online || s->model.session.state == SESSION_ONLINE;
}

/* With nothing to show and nobody to show it there is no point in an empty screen. */
static void on_lost(void *arg, const struct err *why)
{
    struct screen *s = arg;
    give(s, (struct input){.kind = INPUT_LOST, .why = why});
    if (s->cached || s->was_online)
        return;
    s->end = *why;
    s->quit = true;
}

/* ---- signals ---- */

static void resize(struct screen *s)
{
    struct input in = {.kind = INPUT_RESIZE};
    term_size(s->term, &in.width, &in.height);
    s->echo = true;
    give(s, in);
}

static void on_signal(void *arg)
{
    struct screen *s = arg;
    struct signalfd_siginfo info;
    while (read(s->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGWINCH)
            resize(s);
        else if (info.ssi_signo == SIGTSTP && s->away)
            kill(getpid(), SIGSTOP); /* together with the editor */
        else if (info.ssi_signo == SIGINT && s->away)
            continue; /* the editor's */
        else if (info.ssi_signo == SIGTSTP)
            s->suspend = true;
        else if (info.ssi_signo == SIGCONT)
            s->echo = s->dirty = true;
        else
            s->quit = true; /* SIGTERM, SIGHUP, SIGINT */
    }
}

static bool watch_signals(struct screen *s, struct err *e)
{
    static const int wanted[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        sigaddset(&set, wanted[i]);
    sigprocmask(SIG_BLOCK, &set, &s->before);
    s->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (s->signals < 0)
        return fail(e, ERR_IO, "signals cannot be watched");
    return net_watch(s->net, s->signals, on_signal, s, e);
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

/* ---- files ---- */

static void load_place(struct screen *s, struct str *here)
{
    struct err e = {0};
    *here = (struct str){0};
    if (s->place_path.n && access(s->place_path.p, F_OK) == 0 &&
        private_file_read(s->place_path.p, PLACE_BYTES_MAX, &s->place, &e))
        place_read(&s->model, buf_str(&s->place), here);
}

static void save_place(struct screen *s)
{
    struct buf out = {0};
    s->save_at = INT64_MAX;
    place_write(&s->model, &out);
    bool same = str_eq(buf_str(&out), buf_str(&s->place));
    if (s->place_path.n && !same && out.n) {
        private_file_write(s->place_path.p, buf_str(&out), NULL);
        buf_clear(&s->place);
        buf_add_str(&s->place, buf_str(&out));
    }
    buf_finish(&out);
}

struct loading {
    struct screen *s;
};

static void load_room(void *arg, struct str room)
{
    struct loading *l = arg;
    struct screen *s = l->s;
    if (!uplink_load(s->uplink, &s->model.session, room))
        return;
    s->cached = true;
    struct effects none = {0};
    model_open(&s->model, room, &none);
    effects_finish(&none);
}

/* Everything that is known without a server. */
static void load(struct screen *s)
{
    struct str here;
    load_place(s, &here);
    load_filters(s);
    size_t broken = uplink_prepare(s->uplink, &s->model.session);
    uplink_cached_rooms(s->uplink, load_room, &(struct loading){s});
    place_drafts(&s->model, buf_str(&s->place));
    if (s->o->room)
        here = str_of(s->o->room);
    memcpy(s->model.wanted, here.p ? here.p : "", MIN(here.n, (size_t)ROOM_NAME_MAX));
    if (broken)
        model_toast(&s->model, TOAST_ERROR,
                    "%zu unsent changes could not be read; they were put aside in %s", broken,
                    s->dir.p);
}

/* ---- beginning, loop, end ---- */

static struct theme theme_of(const struct screen *s)
{
    int colors = term_colors(s->term);
    struct theme t = {.light = s->o->light, .ascii = s->o->ascii || !term_is_utf8(s->term)};
    t.depth = !s->o->color || colors < 8 ? DEPTH_MONO
              : colors >= 256            ? DEPTH_256
              : colors >= 16             ? DEPTH_16
                                         : DEPTH_8;
    return t;
}

static void find_folders(struct screen *s)
{
    struct buf name = {0};
    buf_fmt(&name, "moot/");
    url_slug(str_of(s->o->server), &name);
    buf_fmt(&name, "/place");
    s->dir = path_in(&s->arena, PATH_STATE, "moot");
    s->place_path = path_in(&s->arena, PATH_STATE, buf_cstr(&name));
    s->filters_path = filters_path(&s->arena, s->o->server);
    buf_finish(&name);
}

static void begin_model(struct screen *s)
{
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        seed = (uint64_t)now_of(s);
    model_init(&s->model, uplink_client(s->uplink), 1, seed);
    s->model.now = now_of(s);
    s->model.people.opts = (struct people_opts){.idle_ms = s->o->idle_ms,
                                                .send_typing = s->o->send_typing,
                                                .show_typing = s->o->show_typing};
    s->model.rules = s->o->rules;
    s->model.tour.on = s->o->tour_fd >= 0;
    load(s);
}

static bool begin(struct screen *s, struct err *e)
{
    struct url url;
    if (!url_parse(str_of(s->o->server), &url, e))
        return false;
    find_folders(s);
    s->net = net_new();
    s->uplink = uplink_new(&(struct uplink_config){
        .net = s->net,
        .server = s->o->server,
        .url = url,
        .token = s->o->token,
        .ca_file = s->o->ca_file,
        .dir = s->dir.n ? s->dir.p : NULL,
        .listener = {.opened = on_opened, .frame = on_frame, .lost = on_lost, .arg = s},
    });
    net_ready(s->net, &url, NULL); /* what it said stands in the terminal, or comes again */
    begin_model(s);
    if (!watch_signals(s, e))
        return false;
    s->term = term_new(e);
    if (!s->term)
        return false;
    s->theme = theme_of(s);
    s->model.ascii = s->theme.ascii;
    return net_watch(s->net, term_fd(s->term), on_terminal, s, e);
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
    view(&s->model, &s->theme, &s->grid);
    term_draw(s->term, &s->grid);
    hist_add(&s->model.frames, (uint64_t)(clock_us() - begin));
    s->dirty = s->echo = false;
    s->drawn_at = now_of(s);
}

/* When there is something to do even if nothing comes in. */
static int64_t next_turn(const struct screen *s, int64_t now)
{
    int64_t at = MIN(model_next_tick(&s->model), uplink_next_tick(s->uplink, now));
    at = MIN(at, MIN(s->flush_at, s->save_at));
    if (s->dirty && !s->away)
        at = MIN(at, s->drawn_at + FRAME_MS);
    return at;
}

static void on_time(struct screen *s)
{
    int64_t now = now_of(s);
    if (now >= s->flush_at) {
        s->flush_at = INT64_MAX;
        keys_flush(&s->keys, on_input, s);
    }
    if (now >= model_next_tick(&s->model))
        give(s, (struct input){.kind = INPUT_TICK});
    if (now >= uplink_next_tick(s->uplink, now))
        uplink_tick(s->uplink, &s->model.session, now);
    if (now >= s->save_at)
        save_place(s);
}

static void loop(struct screen *s)
{
    resize(s);
    draw(s);
    give(s, (struct input){.kind = INPUT_START});
    while (!s->quit) {
        net_turn(s->net, next_turn(s, now_of(s)));
        on_time(s);
        if (s->suspend)
            suspend(s);
        if (s->dirty && !s->quit && !s->away &&
            (s->echo || now_of(s) >= s->drawn_at + FRAME_MS))
            draw(s);
    }
}

static void finish(struct screen *s)
{
    if (s->net && s->signals > 0)
        net_unwatch(s->net, s->signals);
    if (s->term)
        net_unwatch(s->net, term_fd(s->term));
    term_free(s->term);
    if (s->signals > 0)
        close(s->signals);
    sigprocmask(SIG_SETMASK, &s->before, NULL);
    uplink_free(s->uplink);
    model_finish(&s->model);
    net_free(s->net);
    keys_finish(&s->keys);
    effects_finish(&s->out);
    grid_finish(&s->grid);
    buf_finish(&s->bytes);
    buf_finish(&s->place);
    arena_finish(&s->arena);
}

/* Words for whoever stands before a shell again. */
static int complain(const struct screen_opts *o, const struct err *e)
{
    struct buf text = {0};
    utf8_escape(&text, str_of(e->text));
    fprintf(stderr, "moot: %.*s\n", STR_ARG(buf_str(&text)));
    if (e->code == ERR_UNREACHABLE)
        fprintf(stderr,
                "moot: there is no answer from %s; mootd starts a server on this machine, "
                "moot demo one to try, and --server URL names another\n",
                o->server);
    buf_finish(&text);
    return err_exit(e->code);
}

int screen_run(const struct screen_opts *o)
{
    struct screen s = {.o = o, .flush_at = INT64_MAX, .save_at = INT64_MAX};
    sigprocmask(SIG_SETMASK, NULL, &s.before);
    if (begin(&s, &s.end)) {
        loop(&s);
        save_place(&s);
    }
    finish(&s);
    return s.end.code ? complain(o, &s.end) : 0;
}
