#include "linear_main.h"
#include "launch.h"
#include "line_term.h"
#include "linear.h"
#include "term.h"
#include "utf8.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    WIDTH = 100, /* what the model takes the window for: lines need none */
    HEIGHT = 40,
    LINE_MAX_BYTES = 64 * 1024, /* of a line of the input; what is longer is refused whole */
    LEAVE_MS = 2000,            /* so long one who leaves waits for what is under way */
};

struct lines {
    struct shell shell;
    struct linear linear;
    struct line_term *term;
    struct keys keys;
    struct buf bytes, input; /* input: of a line that has not ended yet */
    int64_t flush_at, leave_at;
    bool watched, ended; /* the input */
    bool too_long, suspend, interrupted;
    struct edit edit;
    bool no_editor;
    bool away; /* the editor has the terminal */
};

static void on_input(void *arg);
static void edit_finished(void *arg);

/* ---- what shows ---- */

static void show_line(struct lines *s)
{
    struct buf front = {0}, back = {0};
    linear_line(&s->linear, &front, &back);
    line_term_show(s->term, buf_str(&front), buf_str(&back));
    buf_finish(&front);
    buf_finish(&back);
}

static void finish_line(struct lines *s)
{
    struct buf front = {0}, back = {0};
    linear_line(&s->linear, &front, &back);
    line_term_finish_line(s->term, buf_str(&front), buf_str(&back));
    buf_finish(&front);
    buf_finish(&back);
}

/* Where what is typed is shown by somebody else, a line of ours would tear it. */
static bool must_wait(const struct lines *s)
{
    return line_term_has_keys(s->term) && !line_term_echoes(s->term) &&
           linear_is_writing(&s->linear) && !s->linear.in_dialog && !s->linear.in_picker;
}

static void show(struct lines *s)
{
    if (s->away || must_wait(s))
        return;
    if (s->linear.said.n && !line_term_print(s->term, buf_str(&s->linear.said)))
        s->shell.quit = true;
    buf_clear(&s->linear.said);
    show_line(s);
}

/* ---- inputs in, effects out ---- */

static void changed(void *arg)
{
    struct lines *s = arg;
    linear_settle(&s->linear);
}

static void open_link(struct lines *s, struct str address)
{
    if (!shell_open(&s->shell, address))
        model_toast(&s->shell.model, TOAST_INFO, "It leads to %.*s",
                    (int)MIN(address.n, (size_t)400), address.p);
}

static void edit_begin(struct lines *s, struct str text)
{
    struct err e = {0};
    if (!line_term_has_keys(s->term)) {
        s->no_editor = true;
        return;
    }
    net_unwatch(s->shell.net, STDIN_FILENO);
    s->watched = false;
    line_term_leave(s->term);
    if (edit_start(&s->edit, text, &e) &&
        net_watch(s->shell.net, s->edit.fd, edit_finished, s, &e)) {
        s->away = true;
        return;
    }
    line_term_enter(s->term);
    model_toast(&s->shell.model, TOAST_ERROR, "%s", e.text);
}

static void effect(void *arg, const struct effect *e)
{
    struct lines *s = arg;
    if (e->kind == EFFECT_NOTIFY) {
        if (s->shell.o->notify_by & BY_BELL)
            line_term_ring(s->term);
        shell_notify(&s->shell, e->room, e->bytes);
    } else if (e->kind == EFFECT_OPEN) {
        open_link(s, e->bytes);
    } else if (e->kind == EFFECT_EDITOR) {
        edit_begin(s, e->bytes);
    } else if (e->kind == EFFECT_SUSPEND) {
        s->suspend = true;
    }
}

static void edit_finished(void *arg)
{
    struct lines *s = arg;
    struct buf text = {0};
    struct err e = {0};
    net_unwatch(s->shell.net, s->edit.fd);
    bool ok = edit_end(&s->edit, model_edit_max(&s->shell.model), &text, &e);
    s->away = false;
    line_term_enter(s->term);
    shell_give(&s->shell, (struct input){.kind = ok ? INPUT_EDITED : INPUT_NOTICE,
                                         .text = ok ? buf_str(&text) : str_of(e.text)});
    buf_finish(&text);
}

/* ---- keys ---- */

static bool is_ctrl(const struct input *in, char c)
{
    return in->kind == INPUT_KEY && in->key.code == (uint32_t)c && in->key.mods == MOD_CTRL;
}

static void escape(struct lines *s)
{
    shell_give(&s->shell, (struct input){.kind = INPUT_KEY, .key = {K_ESCAPE, 0}});
}

static bool line_is_empty(struct lines *s)
{
    const struct lineedit *l = model_line(&s->shell.model);
    return !l || l->text.n == 0;
}

static bool is_asked(const struct lines *s)
{
    const struct model *m = &s->shell.model;
    return m->dialog.is_open || m->picker.is_open || m->prompt != PROMPT_NONE ||
           (m->here && (m->here->chat.at || m->here->chat.answering || m->here->chat.editing));
}

static void leave(struct lines *s)
{
    shell_give(&s->shell, (struct input){.kind = INPUT_COMMAND, .text = STR("quit")});
}

/* ^D in an empty line ends it, as in a shell; a newline is as good as Enter. */
static void on_key(void *arg, const struct input *in)
{
    struct lines *s = arg;
    struct input key = *in;
    if (is_ctrl(in, 'd') && line_is_empty(s)) {
        if (is_asked(s))
            escape(s);
        else
            leave(s);
        return;
    }
    if (is_ctrl(in, 'j'))
        key.key = (struct key){K_ENTER, 0};
    if (key.kind == INPUT_KEY && key.key.code == K_ENTER && key.key.mods == 0)
        finish_line(s);
    if (key.kind == INPUT_KEY || key.kind == INPUT_PASTE)
        shell_give(&s->shell, key);
}

/* ---- whole lines ---- */

static void give(void *arg, const struct input *in)
{
    struct lines *s = arg;
    shell_give(&s->shell, *in);
}

static void take_line(struct lines *s, struct str line)
{
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    if (s->too_long || line.n > LINE_MAX_BYTES)
        model_toast(&s->shell.model, TOAST_ERROR,
                    "A line was too long, at most %d bytes fit; it was not sent.",
                    LINE_MAX_BYTES);
    else if (!utf8_is_valid(line) || str_has(line, '\0'))
        model_toast(&s->shell.model, TOAST_ERROR, "A line was not UTF-8; it was not sent.");
    else
        linear_typed(&s->linear, line, give, s);
    s->too_long = false;
}

static bool has_no_link(const struct lines *s)
{
    enum session_state state = s->shell.model.session.state;
    return state == SESSION_WAITING || state == SESSION_REFUSED;
}

/* A line may be about what the one before it made, so that has to be there. */
static bool may_take(const struct lines *s)
{
    return !s->shell.model.is_elsewhere &&
           (has_no_link(s) ||
            (s->linear.entered && session_unsaved(&s->shell.model.session) == 0 &&
             s->shell.model.errands.n == 0 && !s->linear.asked && !s->linear.opening));
}

static void take_lines(struct lines *s)
{
    while (may_take(s) && !s->shell.quit) {
        char *end = s->input.n ? memchr(s->input.p, '\n', s->input.n) : NULL;
        if (!end && !(s->ended && s->input.n))
            break;
        struct str line = {s->input.p, end ? (size_t)(end - s->input.p) : s->input.n};
        size_t used = line.n + (end != NULL);
        struct arena a = {0};
        line = str_keep(&a, line);
        buf_drop(&s->input, used);
        take_line(s, line);
        arena_finish(&a);
    }
    if (s->input.n > LINE_MAX_BYTES && !memchr(s->input.p, '\n', s->input.n)) {
        s->too_long = true;
        buf_clear(&s->input);
    }
}

/* More is read only when what was read is done with. */
static void watch_input(struct lines *s)
{
    bool wanted = !s->ended && !s->away &&
                  (line_term_has_keys(s->term) || s->input.n == 0 ||
                   !memchr(s->input.p, '\n', s->input.n));
    if (wanted == s->watched)
        return;
    s->watched = wanted;
    if (wanted)
        net_watch(s->shell.net, STDIN_FILENO, on_input, s, NULL);
    else
        net_unwatch(s->shell.net, STDIN_FILENO);
}

/* Who leaves waits a moment for what is under way, and the end of a script for all of it; what
 * cannot be saved now is kept, and that is said. */
static void settle_leaving(struct lines *s)
{
    size_t unsaved = session_unsaved(&s->shell.model.session);
    bool is_script = s->ended && s->input.n == 0;
    bool asks = s->shell.model.errands.n || s->linear.asked || s->linear.opening;
    if (s->shell.model.is_elsewhere && !line_term_has_keys(s->term)) {
        fail(&s->shell.end, ERR_FORBIDDEN,
             "you are not in that room: nothing more of the input was taken");
        s->linear.leaving = true;
        leave(s);
        return;
    }
    if (is_script && !unsaved && !s->linear.entered && !has_no_link(s))
        return;
    if (!is_script && !s->linear.leaving)
        return;
    s->leave_at = MIN(s->leave_at, shell_now(&s->shell) + LEAVE_MS);
    bool may_wait = !has_no_link(s) && (is_script || shell_now(&s->shell) < s->leave_at);
    if ((unsaved || asks) && may_wait)
        return;
    const char *words = unsaved == 1 ? "change is" : "changes are";
    if (unsaved && is_script)
        fail(&s->shell.end, ERR_UNREACHABLE,
             "%zu %s not saved yet: kept, and sent when moot is opened the next time", unsaved,
             words);
    else if (unsaved)
        model_toast(&s->shell.model, TOAST_INFO,
                    "%zu %s not saved yet: kept, and sent when moot is opened the next time.",
                    unsaved, words);
    s->linear.leaving = true;
    leave(s);
}

/* Told when the effects are done with. */
static void refuse_editor(struct lines *s)
{
    if (s->no_editor)
        shell_give(&s->shell,
                   (struct input){.kind = INPUT_NOTICE,
                                  .text = STR("There is no terminal for an editor.")});
    s->no_editor = false;
}

static void on_input(void *arg)
{
    struct lines *s = arg;
    buf_clear(&s->bytes);
    if (!line_term_read(s->term, &s->bytes)) {
        s->ended = true;
        s->shell.quit = s->shell.quit || line_term_has_keys(s->term); /* it hung up */
        return;
    }
    if (!line_term_has_keys(s->term)) {
        buf_add_str(&s->input, buf_str(&s->bytes));
        return;
    }
    keys_feed(&s->keys, buf_str(&s->bytes), on_key, s);
    int wait = keys_wait(&s->keys);
    s->flush_at = wait < 0 ? INT64_MAX : shell_now(&s->shell) + wait;
}

/* ---- signals ---- */

/* ^C drops what is being written or asked, and ends moot when that is nothing. */
static void interrupt(struct lines *s)
{
    struct room_view *v = s->shell.model.here;
    if (!is_asked(s) && line_is_empty(s)) {
        s->interrupted = true;
        leave(s);
        return;
    }
    finish_line(s);
    if (is_asked(s)) {
        escape(s);
    } else if (v) {
        line_history_add(&v->sent, lineedit_text(&v->input)); /* Up brings it back */
        lineedit_set(&v->input, (struct str){0});
        shell_give(&s->shell, (struct input){.kind = INPUT_TICK});
    }
}

static void on_signal(void *arg, int signal)
{
    struct lines *s = arg;
    if (signal == SIGINT && s->away)
        return; /* the editor's */
    if (signal == SIGTSTP && s->away)
        kill(getpid(), SIGSTOP); /* together with the editor */
    else if (signal == SIGTSTP)
        s->suspend = true;
    else if (signal == SIGINT)
        interrupt(s);
    else if (signal == SIGTERM || signal == SIGHUP)
        s->shell.quit = true;
}

static void suspend(struct lines *s)
{
    s->suspend = false;
    line_term_print(s->term, (struct str){0});
    line_term_leave(s->term);
    kill(getpid(), SIGSTOP);
    line_term_enter(s->term);
    show_line(s);
}

/* ---- beginning, loop, end ---- */

static bool begin(struct lines *s, struct err *e)
{
    bool utf8 = term_locale();
    if (!shell_begin(&s->shell, e))
        return false;
    s->shell.model.ascii = s->shell.o->ascii || !utf8;
    s->term = line_term_new();
    linear_init(&s->linear, &s->shell.model);
    return true;
}

static int64_t next_turn(const struct lines *s)
{
    int64_t at = MIN(shell_next_turn(&s->shell, shell_now(&s->shell)), s->flush_at);
    return MIN(MIN(at, s->leave_at), linear_next_tick(&s->linear));
}

static void on_time(struct lines *s)
{
    int64_t now = shell_now(&s->shell);
    if (now >= s->flush_at) {
        s->flush_at = INT64_MAX;
        keys_flush(&s->keys, on_key, s);
    }
    if (now >= linear_next_tick(&s->linear))
        shell_give(&s->shell, (struct input){.kind = INPUT_TICK});
    shell_on_time(&s->shell);
}

static void loop(struct lines *s)
{
    shell_give(&s->shell,
               (struct input){.kind = INPUT_RESIZE, .width = WIDTH, .height = HEIGHT});
    shell_give(&s->shell, (struct input){.kind = INPUT_START});
    while (!s->shell.quit) {
        watch_input(s);
        show(s);
        net_turn(s->shell.net, next_turn(s));
        on_time(s);
        take_lines(s);
        refuse_editor(s);
        settle_leaving(s);
        if (s->suspend)
            suspend(s);
    }
    linear_settle(&s->linear);
    if (s->linear.said.n)
        line_term_print(s->term, buf_str(&s->linear.said));
    finish_line(s);
}

/* A script is told also by its status. */
static int status_of(const struct lines *s, bool is_script)
{
    if (s->shell.end.code || !is_script || !s->linear.failed)
        return shell_complain(&s->shell);
    fputs("moot: not all of the input could be done; what was not is said above\n", stderr);
    return 1;
}

int linear_run(const struct shell_opts *o)
{
    struct lines s = {.flush_at = INT64_MAX, .leave_at = INT64_MAX};
    s.shell = (struct shell){
        .o = o, .effect = effect, .changed = changed, .on_signal = on_signal, .arg = &s};
    if (begin(&s, &s.shell.end)) {
        loop(&s);
        shell_save(&s.shell);
    }
    int status = status_of(&s, s.term && !line_term_has_keys(s.term));
    line_term_free(s.term);
    linear_finish(&s.linear);
    shell_finish(&s.shell);
    keys_finish(&s.keys);
    buf_finish(&s.bytes);
    buf_finish(&s.input);
    return s.interrupted && !s.shell.end.code ? 130 : status;
}
