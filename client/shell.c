#include "shell.h"
#include "filters_file.h"
#include "launch.h"
#include "paths.h"
#include "place_lines.h"
#include "private_file.h"
#include "screen_place.h"
#include "token_file.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SAVE_AFTER_MS = 2000, /* read marks and drafts are written so long after a change */
    TOKEN_EVERY_MS = 5000,
};

int64_t shell_now(const struct shell *s)
{
    return net_now(s->net);
}

/* ---- saved filters ---- */

static void take_filter(void *arg, struct str name, struct str text)
{
    model_put_filter(arg, name, text);
}

/* The person's other screens and the command line save filters too: read when the file is
 * another than it was. */
static void read_filters(struct shell *s)
{
    struct err e = {0};
    struct stat is;
    if (!s->filters_path.n || stat(s->filters_path.p, &is) != 0)
        return;
    if (is.st_ino == s->filters_ino && is.st_mtim.tv_sec == s->filters_time.tv_sec &&
        is.st_mtim.tv_nsec == s->filters_time.tv_nsec)
        return;
    s->filters_ino = is.st_ino;
    s->filters_time = is.st_mtim;
    model_forget_filters(&s->model);
    if (!filters_read(s->filters_path.p, take_filter, &s->model, &e))
        model_toast(&s->model, TOAST_ERROR, "Saved filters cannot be read: %s", e.text);
}

static void save_filter(struct shell *s, struct str name, struct str text)
{
    struct err e = {0};
    if (!s->filters_path.n)
        model_toast(&s->model, TOAST_ERROR, "There is no folder to save filters in.");
    else if (!filters_put(s->filters_path.p, name, text, &e) && e.code != ERR_NOT_FOUND)
        model_toast(&s->model, TOAST_ERROR, "The filter is not saved: %s", e.text);
    else
        read_filters(s); /* with what others did to it */
}

/* ---- inputs in, effects out ---- */

/* Without the demo the tour goes on alone; nothing happens in it then. */
static void send_cue(struct shell *s, struct str line)
{
    if (write(s->o->tour_fd, line.p, line.n) != (ssize_t)line.n)
        model_toast(&s->model, TOAST_ERROR, "The demo has gone; nobody acts any more.");
}

static void carry_out(struct shell *s, const struct effect *e)
{
    if (uplink_do(s->uplink, &s->model.session, e))
        return;
    if (e->kind == EFFECT_FILTER)
        save_filter(s, e->room, e->bytes);
    else if (e->kind == EFFECT_CUE)
        send_cue(s, e->bytes);
    else if (e->kind == EFFECT_QUIT)
        s->quit = true;
    else
        s->effect(s->arg, e);
}

void shell_give(struct shell *s, struct input in)
{
    in.now = shell_now(s);
    if (in.kind == INPUT_KEY)
        read_filters(s);
    update(&s->model, &in, &s->out);
    for (size_t i = 0; i < s->out.items.n; i++)
        carry_out(s, &s->out.items.v[i]);
    effects_clear(&s->out);
    uplink_flush(s->uplink, &s->model.session);
    if (s->save_at == INT64_MAX)
        s->save_at = in.now + SAVE_AFTER_MS;
    s->changed(s->arg);
}

void shell_notify(const struct shell *s, struct str room, struct str text)
{
    if (!s->o->notify_command)
        return;
    struct arena a = {0};
    launch((char *[]){(char *)(uintptr_t)s->o->notify_command,
                      (char *)(uintptr_t)str_keep(&a, room).p,
                      (char *)(uintptr_t)str_keep(&a, text).p, NULL});
    arena_finish(&a);
}

/* Only what is an address of the web is handed to a program. */
bool shell_open(const struct shell *s, struct str address)
{
    if (!hyperlink_is_web(address) || !s->o->open)
        return false;
    launch_words(s->o->open, address);
    return true;
}

static void on_opened(void *arg)
{
    shell_give(arg, (struct input){.kind = INPUT_OPENED});
}

static void on_frame(void *arg, struct str bytes)
{
    struct shell *s = arg;
    shell_give(s, (struct input){.kind = INPUT_FRAME, .text = bytes});
    s->was_online = s->was_online || s->model.session.state == SESSION_ONLINE;
}

/* With nothing to show and nobody to show it there is no point in an empty screen. */
static void on_lost(void *arg, const struct err *why)
{
    struct shell *s = arg;
    shell_give(s, (struct input){.kind = INPUT_LOST, .why = why});
    if (s->cached || s->was_online)
        return;
    s->end = *why;
    s->quit = true;
}

/* ---- files ---- */

static bool read_place(const struct shell *s, struct buf *out)
{
    struct err e = {0};
    return s->place_path.n && access(s->place_path.p, F_OK) == 0 &&
           private_file_read(s->place_path.p, PLACE_BYTES_MAX, out, &e);
}

static void load_place(struct shell *s, struct str *here)
{
    *here = (struct str){0};
    if (read_place(s, &s->place))
        place_read(&s->model, buf_str(&s->place), here);
}

/* Other screens of the person may have written meanwhile: only what changed here is put in. */
static void write_place(struct shell *s, struct str mine)
{
    struct buf disk = {0}, out = {0};
    int lock = private_file_lock(s->place_path.p, NULL);
    bool is_there = read_place(s, &disk);
    place_merge(buf_str(&s->place), mine, is_there ? buf_str(&disk) : buf_str(&s->place), &out);
    bool ok = str_eq(buf_str(&out), buf_str(&disk)) ||
              private_file_write(s->place_path.p, buf_str(&out), NULL);
    if (lock >= 0)
        close(lock);
    if (ok) {
        buf_clear(&s->place);
        buf_add_str(&s->place, mine);
        place_adopt(&s->model, &s->place, buf_str(&out));
        s->changed(s->arg);
    }
    buf_finish(&disk);
    buf_finish(&out);
}

void shell_save(struct shell *s)
{
    struct buf mine = {0};
    s->save_at = INT64_MAX;
    place_write(&s->model, &mine);
    if (s->place_path.n && !str_eq(buf_str(&mine), buf_str(&s->place)))
        write_place(s, buf_str(&mine));
    buf_finish(&mine);
}

static void on_place(void *arg)
{
    struct shell *s = arg;
    struct buf disk = {0};
    _Alignas(struct inotify_event) char bytes[4096];
    bool is_new = false;
    for (ssize_t n; (n = read(s->place_watch, bytes, sizeof bytes)) > 0;)
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *e = (const void *)(bytes + at);
            is_new |= e->len && strcmp(e->name, "place") == 0;
            at += (ssize_t)(sizeof *e + e->len);
        }
    if (is_new && read_place(s, &disk)) {
        place_adopt(&s->model, &s->place, buf_str(&disk));
        s->changed(s->arg);
    }
    buf_finish(&disk);
}

/* Where that cannot be had, what others wrote is seen when this screen writes. */
static void watch_place(struct shell *s)
{
    struct arena a = {0};
    struct str slash = s->place_path;
    while (slash.n && slash.p[slash.n - 1] != '/')
        slash.n--;
    s->place_watch = slash.n ? inotify_init1(IN_CLOEXEC | IN_NONBLOCK) : -1;
    if (s->place_watch >= 0 && path_make_parent(s->place_path.p, NULL)) {
        inotify_add_watch(s->place_watch, str_keep(&a, slash).p, IN_MOVED_TO);
        net_watch(s->net, s->place_watch, on_place, s, NULL);
    }
    arena_finish(&a);
}

static void load_room(void *arg, struct str room)
{
    struct shell *s = arg;
    if (!uplink_load(s->uplink, &s->model.session, room))
        return;
    s->cached = true;
    struct effects none = {0};
    model_open(&s->model, room, &none);
    effects_finish(&none);
}

/* Everything that is known without a server. */
static void load(struct shell *s)
{
    struct str here;
    load_place(s, &here);
    if (s->o->room)
        here = str_of(s->o->room);
    memcpy(s->model.wanted, here.p ? here.p : "", MIN(here.n, (size_t)ROOM_NAME_MAX));
    read_filters(s);
    size_t broken = uplink_prepare(s->uplink, &s->model.session);
    uplink_cached_rooms(s->uplink, load_room, s);
    place_drafts(&s->model, buf_str(&s->place));
    buf_clear(&s->place);
    place_write(&s->model, &s->place);
    if (broken)
        model_toast(&s->model, TOAST_ERROR,
                    "%zu unsent changes could not be read; they were put aside in %s", broken,
                    s->dir.p);
}

/* ---- signals ---- */

static void read_signals(void *arg)
{
    struct shell *s = arg;
    struct signalfd_siginfo info;
    while (read(s->signals, &info, sizeof info) == sizeof info)
        s->on_signal(s->arg, (int)info.ssi_signo);
}

static bool watch_signals(struct shell *s, struct err *e)
{
    static const int wanted[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        sigaddset(&set, wanted[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    s->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (s->signals < 0)
        return fail(e, ERR_IO, "signals cannot be watched");
    return net_watch(s->net, s->signals, read_signals, s, e);
}

/* ---- beginning and end ---- */

static void orphan_refused(void *arg, struct str why)
{
    struct shell *s = arg;
    model_toast(&s->model, TOAST_ERROR,
                "What a killed moot had not sent is refused now, and kept (`moot outbox` says "
                "where): %.*s",
                STR_ARG(why));
}

static void find_folders(struct shell *s)
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

static void begin_model(struct shell *s)
{
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        seed = (uint64_t)shell_now(s);
    model_init(&s->model, uplink_client(s->uplink), 1, seed);
    s->model.now = shell_now(s);
    s->model.people.opts = (struct people_opts){.idle_ms = s->o->idle_ms,
                                                .send_typing = s->o->send_typing,
                                                .show_typing = s->o->show_typing};
    s->model.rules = s->o->rules;
    s->model.mark_read = s->o->mark_read;
    s->model.tour = (struct tour){.on = s->o->tour_fd >= 0, .home = TOUR_ROOM};
    load(s);
}

/* A token that ends is replaced in its file, by a person or by whatever gets it: nobody has to
 * leave for that. */
static void look_at_token(struct shell *s, int64_t now)
{
    struct buf token = {0};
    s->token_at = now + TOKEN_EVERY_MS;
    /* While there is none the old one is better than that. */
    if (token_find(s->o->sign_in, &token, NULL) && token.n &&
        uplink_token(s->uplink, buf_str(&token)))
        shell_give(s, (struct input){.kind = INPUT_TOKEN, .text = buf_str(&token)});
    buf_finish(&token);
}

bool shell_begin(struct shell *s, struct err *e)
{
    struct url url;
    struct buf token = {0};
    s->save_at = INT64_MAX;
    sigprocmask(SIG_SETMASK, NULL, &s->before);
    if (!url_parse(str_of(s->o->server), &url, e) || !token_find(s->o->sign_in, &token, e)) {
        buf_finish(&token);
        return false;
    }
    find_folders(s);
    s->net = net_new();
    s->uplink = uplink_new(&(struct uplink_config){
        .net = s->net,
        .server = s->o->server,
        .url = url,
        .token = buf_str(&token),
        .ca_file = s->o->ca_file,
        .dir = s->dir.n ? s->dir.p : NULL,
        .listener = {.opened = on_opened, .frame = on_frame, .lost = on_lost, .arg = s},
        .orphans = {.refused = orphan_refused, .arg = s},
    });
    buf_finish(&token);
    net_ready(s->net, &url, NULL); /* what it said stands in the terminal, or comes again */
    begin_model(s);
    watch_place(s);
    return watch_signals(s, e);
}

int64_t shell_next_turn(const struct shell *s, int64_t now)
{
    int64_t at = MIN(model_next_tick(&s->model), uplink_next_tick(s->uplink, now));
    return MIN(at, MIN(s->save_at, s->token_at));
}

void shell_on_time(struct shell *s)
{
    int64_t now = shell_now(s);
    if (now >= model_next_tick(&s->model))
        shell_give(s, (struct input){.kind = INPUT_TICK});
    if (now >= uplink_next_tick(s->uplink, now))
        uplink_tick(s->uplink, &s->model.session, now);
    if (now >= s->token_at)
        look_at_token(s, now);
    if (now >= s->save_at)
        shell_save(s);
}

void shell_finish(struct shell *s)
{
    if (s->signals > 0) {
        net_unwatch(s->net, s->signals);
        close(s->signals);
    }
    if (s->place_watch > 0) {
        net_unwatch(s->net, s->place_watch);
        close(s->place_watch);
    }
    sigprocmask(SIG_SETMASK, &s->before, NULL);
    uplink_free(s->uplink);
    model_finish(&s->model);
    net_free(s->net);
    effects_finish(&s->out);
    buf_finish(&s->place);
    arena_finish(&s->arena);
}

int shell_complain(const struct shell *s)
{
    struct buf text = {0};
    if (!s->end.code)
        return 0;
    utf8_escape(&text, str_of(s->end.text));
    fprintf(stderr, "moot: %.*s\n", STR_ARG(buf_str(&text)));
    if (s->end.code == ERR_UNREACHABLE)
        fprintf(stderr,
                "moot: there is no answer from %s; mootd starts a server on this machine, "
                "moot demo one to try, and --server URL names another\n",
                s->o->server);
    buf_finish(&text);
    return err_exit(s->end.code);
}
