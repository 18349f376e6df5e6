/* The only file that knows ncurses. It is used for what it is good at: finding the shortest way
 * from one screen to the next on this terminal. Input is read as bytes, see keys.h. */
#include "term.h"
#include "link_filter.h"
#include "notify_bytes.h"
#include "term_guard.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termcap.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

enum { DRAIN_MS = 2000 }; /* a terminal that takes nothing for so long is stuck */

#define MOTION_ON "\033[?1003h"
#define MOTION_OFF "\033[?1003l"
#define REPORTS_ON "\033[?1002h\033[?1006h\033[?1004h\033[?2004h"

struct term {
    int fd;
    FILE *in, *out;
    SCREEN *screen;
    struct termios before; /* modes as we found them */
    struct grid shown;     /* what ncurses was told last; links by their slots */
    struct buf unsent;     /* what the terminal has not taken yet */
    bool utf8, all;        /* all: nothing of `shown` counts */
    bool titled, motion;
    bool links, strikes;
    struct link_slots slots;
    struct link_filter filter;
    struct buf frame;                          /* of ncurses, still to be filtered */
    unsigned char slot_of[GRID_LINKS_MAX + 1]; /* by the numbers of the grid; 0: none */
};

static_assert(LINK_SLOTS <= UCHAR_MAX, "a cell has a byte for it");

/* The locale that somebody chose; NULL: nobody did. As setlocale(3) looks for it. */
static const char *chosen_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return NULL;
}

/* Where none was chosen it is a machine that nobody set up, and terminals of today take UTF-8;
 * who says C means it. The same for one that is not installed here but names UTF-8. */
bool term_locale(void)
{
    const char *chosen = chosen_locale();
    bool takes = !chosen || strcasestr(chosen, "UTF-8") || strcasestr(chosen, "utf8");
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return takes && setlocale(LC_CTYPE, "C.UTF-8");
    return true;
}

bool term_moves_cursor(void)
{
    const char *kind = getenv("TERM");
    if (!kind || tgetent(NULL, kind) != 1)
        return false;
    const char *move = tgetstr("cm", NULL);
    return move && move != (char *)-1;
}

/* What the terminal does not take now waits in t->unsent. A frame is only made when nothing
 * does, so no more than one frame ever waits, whatever happens meanwhile. */
void term_flush(struct term *t)
{
    size_t done = 0;
    while (done < t->unsent.n) {
        ssize_t n = write(t->fd, t->unsent.p + done, t->unsent.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != EAGAIN)
            done = t->unsent.n; /* it is gone: reading will tell */
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    buf_drop(&t->unsent, done);
}

bool term_is_ready(const struct term *t)
{
    return t->unsent.n == 0;
}

static void write_all(struct term *t, const char *p, size_t n)
{
    buf_add(&t->unsent, p, n);
    term_flush(t);
}

/* ncurses writes to a file in memory: to the terminal itself it would wait, and the link with
 * it, for as long as that takes nothing. */
static void take_frame(struct term *t)
{
    fflush(t->out);
    int file = fileno(t->out);
    off_t n = lseek(file, 0, SEEK_CUR);
    if (n <= 0)
        return;
    bool has_marks = t->links || t->strikes;
    struct buf *frame = has_marks ? &t->frame : &t->unsent;
    buf_reserve(frame, (size_t)n);
    ssize_t got = pread(file, frame->p + frame->n, (size_t)n, 0);
    bug_on(got != n || ftruncate(file, 0) != 0 || lseek(file, 0, SEEK_SET) != 0);
    frame->n += (size_t)n;
    if (has_marks) {
        link_filter_frame(&t->filter, buf_str(frame), &t->unsent);
        buf_clear(frame);
    }
    term_flush(t);
}

/* Before the terminal is given back: what it is to be told has to arrive, unless it is stuck.
 */
static void drain(struct term *t)
{
    struct pollfd p = {.fd = t->fd, .events = POLLOUT};
    take_frame(t);
    while (t->unsent.n && poll(&p, 1, DRAIN_MS) > 0 && !(p.revents & POLLERR))
        term_flush(t);
    buf_clear(&t->unsent);
}

/* Bytes as they come, no signals of keys, no flow control; and a return is a return. */
static void take_modes(const struct term *t)
{
    struct termios m = t->before;
    m.c_lflag &= ~(tcflag_t)(ICANON | ISIG | IEXTEN | ECHO);
    m.c_iflag &= ~(tcflag_t)(IXON | BRKINT | PARMRK | ICRNL | INLCR | IGNCR);
    m.c_oflag &= ~(tcflag_t)(ONLCR);
    m.c_cc[VMIN] = 1;
    m.c_cc[VTIME] = 0;
    tcsetattr(t->fd, TCSADRAIN, &m);
}

/* Both kinds of mouse report are one setting to most terminals: the last one counts. */
static void report(struct term *t)
{
    if (!t->motion)
        write_all(t, MOTION_OFF, sizeof MOTION_OFF - 1);
    write_all(t, REPORTS_ON, sizeof REPORTS_ON - 1);
    if (t->motion)
        write_all(t, MOTION_ON, sizeof MOTION_ON - 1);
}

static void set_up_curses(struct term *t)
{
    set_term(t->screen);
    typeahead(-1);
    nonl();
    keypad(stdscr, FALSE);
    intrflush(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    clearok(stdscr, TRUE);
}

/* Never called: whoever has a terminal has the signal blocked, and reads it. */
static void on_stop(int sig)
{
    (void)sig;
}

/* ncurses has SIGTSTP ignored while it draws, and then even one that is blocked is lost. It
 * does so only where nobody handles it. */
static void keep_stops(void)
{
    struct sigaction sa = {.sa_handler = on_stop};
    sigemptyset(&sa.sa_mask);
    sigaction(SIGTSTP, &sa, NULL);
}

/* ncurses asks its output for the size, and that is no terminal. */
static SCREEN *new_screen(struct term *t)
{
    char text[16];
    struct winsize size = {0};
    bool known = ioctl(t->fd, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row;
    snprintf(text, sizeof text, "%d", known ? size.ws_row : 24);
    setenv("LINES", text, 1);
    snprintf(text, sizeof text, "%d", known ? size.ws_col : 80);
    setenv("COLUMNS", text, 1);
    keep_stops();
    SCREEN *screen = newterm(NULL, t->out, t->in);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    return screen;
}

static bool open_terminal(struct term *t, struct err *e)
{
    t->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (t->fd < 0 || tcgetattr(t->fd, &t->before) != 0)
        return fail(
            e, ERR_USAGE,
            "the screen needs a terminal, and there is none here; moot --help lists what "
            "works without");
    fcntl(t->fd, F_SETFL, O_NONBLOCK);
    t->in = fdopen(dup(t->fd), "r");
    t->out = fdopen(memfd_create("moot", MFD_CLOEXEC), "w");
    bug_on(!t->in || !t->out);
    t->screen = new_screen(t);
    if (!t->screen) {
        const char *kind = getenv("TERM");
        return fail(e, ERR_USAGE, "the terminal (TERM=%s) is not known to ncurses",
                    kind ? kind : "");
    }
    set_term(t->screen);
    const char *move = tigetstr("cup");
    if (!move || move == (char *)-1)
        return fail(e, ERR_USAGE,
                    "the terminal cannot move its cursor, which the screen needs");
    return true;
}

/* What ncurses lets stand behind another character in one cell. */
static bool is_of_no_width(uint32_t cp)
{
    return wcwidth((wchar_t)cp) == 0;
}

/* Has terminfo this string of the terminal? */
static bool knows(const char *capability)
{
    const char *value = tigetstr(capability);
    return value && value != (char *)-1 && *value;
}

struct term *term_new(struct err *e)
{
    struct term *t = NEW(struct term);
    t->utf8 = term_locale();
    t->filter = (struct link_filter){.slots = &t->slots, .combines = is_of_no_width};
    if (!open_terminal(t, e)) {
        if (t->screen)
            endwin();
        if (t->fd >= 0)
            close(t->fd);
        free(t);
        return NULL;
    }
    term_guard_start(t->fd, true);
    take_modes(t);
    set_up_curses(t);
    t->strikes = t->utf8 && knows("smxx");
    take_frame(t);
    report(t);
    t->all = true;
    return t;
}

void term_leave(struct term *t)
{
    endwin();
    take_frame(t);
    if (t->titled)
        write_all(t, "\033[23;0t", 7);
    t->titled = false;
    drain(t);
    term_guard_reset(t->fd);
    tcsetattr(t->fd, TCSADRAIN, &t->before);
}

void term_enter(struct term *t)
{
    tcgetattr(t->fd, &t->before);
    take_modes(t);
    t->all = true;
    clearok(curscr, TRUE);
    refresh();
    take_frame(t);
    report(t);
}

void term_free(struct term *t)
{
    if (!t)
        return;
    term_leave(t);
    term_guard_stop();
    delscreen(t->screen);
    fclose(t->in);
    fclose(t->out);
    close(t->fd);
    grid_finish(&t->shown);
    link_filter_finish(&t->filter);
    link_slots_finish(&t->slots);
    buf_finish(&t->frame);
    buf_finish(&t->unsent);
    free(t);
}

int term_fd(const struct term *t)
{
    return t->fd;
}

int term_colors(const struct term *t)
{
    (void)t;
    return has_colors() ? COLORS : 0;
}

bool term_is_utf8(const struct term *t)
{
    return t->utf8;
}

bool term_strikes(const struct term *t)
{
    return t->strikes;
}

void term_links(struct term *t, bool on)
{
    t->links = on && t->utf8;
    t->all = true;
    term_guard_links(t->links);
}

void term_size(struct term *t, int *width, int *height)
{
    struct winsize size = {0};
    bool known = ioctl(t->fd, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row;
    *width = known ? MIN(size.ws_col, GRID_SIDE_MAX) : 80;
    *height = known ? MIN(size.ws_row, GRID_SIDE_MAX) : 24;
    if (is_term_resized(*height, *width)) {
        resizeterm(*height, *width);
        t->all = true;
    }
}

bool term_read(struct term *t, struct buf *out)
{
    char bytes[4096];
    ssize_t n = read(t->fd, bytes, sizeof bytes);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN;
    buf_add(out, bytes, (size_t)n);
    return n > 0;
}

/* ---- cells ---- */

/* A cluster as ncurses can hold it: a spacing character and what combines with it; and the mark
 * of its link, if it has a slot. Where the C library's idea of its width differs from ours, the
 * cells win: better a plain sign than a row that has slipped. Joiners and variation selectors
 * are left out for the same reason, and so nobody's text has a mark in it. */
static int wide_of(const struct term *t, const struct cell *c, int slot, bool is_struck,
                   wchar_t out[CCHARW_MAX + 1])
{
    enum { JOINER = 0x200d, SELECTOR = 0xfe0f, REPLACEMENT = 0xfffd };
    struct str s = {c->text, c->n};
    uint32_t cp;
    int n = 0, most = CCHARW_MAX - (slot > 0) - is_struck;
    for (size_t k; (k = utf8_next(s, &cp)) && n < most; s.p += k, s.n -= k) {
        int width = wcwidth((wchar_t)cp);
        bool is_left_out = cp == JOINER || cp == SELECTOR || link_is_mark(cp);
        if (n == 0 && !t->utf8 && cp >= 0x80)
            cp = '?';
        else if (n == 0 && (width < 1 || width > c->width))
            cp = REPLACEMENT;
        else if (n > 0 && (width != 0 || is_left_out || !t->utf8))
            break;
        out[n++] = (wchar_t)cp;
    }
    if (n == 0)
        out[n++] = L' ';
    if (is_struck)
        out[n++] = STRUCK_MARK;
    if (slot)
        out[n++] = LINK_MARK_FIRST + slot - 1;
    out[n] = 0;
    return MAX(wcwidth(out[0]), 1);
}

static attr_t attrs_of(struct style s)
{
    attr_t a = A_NORMAL;
    if (s.attrs & STYLE_BOLD)
        a |= A_BOLD;
    if (s.attrs & STYLE_DIM)
        a |= A_DIM;
    if (s.attrs & STYLE_UNDERLINE)
        a |= A_UNDERLINE;
    if (s.attrs & STYLE_REVERSE)
        a |= A_REVERSE;
    if (s.attrs & STYLE_ITALIC)
        a |= A_ITALIC;
    return a;
}

/* A terminal that takes any colour has no palette but for the first few. */
static int color_of(short color)
{
    return COLORS > 256 && color >= 8 ? color_rgb(color) : color;
}

static int pair_of(struct style s)
{
    if ((s.fg == COLOR_NONE && s.bg == COLOR_NONE) || !has_colors())
        return 0;
    int pair = alloc_pair(color_of(s.fg), color_of(s.bg));
    return pair < 0 ? 0 : pair;
}

static void draw_cell(const struct term *t, const struct cell *c, int x, int y)
{
    wchar_t wide[CCHARW_MAX + 1];
    cchar_t cell;
    const struct cell half = {.width = 1};
    int slot = t->slot_of[c->style.link];
    bool is_struck = t->strikes && c->style.attrs & STYLE_STRUCK;
    int pair = pair_of(c->style), width = wide_of(t, c, slot, is_struck, wide);
    setcchar(&cell, wide, attrs_of(c->style), 0, &pair);
    mvwadd_wchnstr(stdscr, y, x, &cell, 1);
    if (width >= c->width)
        return;
    wide_of(t, &half, slot, is_struck, wide);
    setcchar(&cell, wide, attrs_of(c->style), 0, &pair);
    mvwadd_wchnstr(stdscr, y, x + 1, &cell, 1);
}

static bool is_same(const struct term *t, const struct cell *now, const struct cell *then)
{
    return now->n == then->n && now->width == then->width && now->style.fg == then->style.fg &&
           now->style.bg == then->style.bg && now->style.attrs == then->style.attrs &&
           t->slot_of[now->style.link] == then->style.link &&
           memcmp(now->text, then->text, now->n) == 0;
}

/* What changed in a row, from the first cell to the last: a wide cluster that came or went
 * takes its neighbours along. */
static void draw_line(const struct term *t, const struct grid *g, int y)
{
    const struct cell *new = grid_at(g, 0, y), *old = grid_at(&t->shown, 0, y);
    int from = 0, end = g->w;
    while (!t->all && from < end && is_same(t, &new[from], &old[from]))
        from++;
    while (!t->all && end > from && is_same(t, &new[end - 1], &old[end - 1]))
        end--;
    if (from > 0 && from < end && new[from].width == 0)
        from--;
    for (int x = from; x < end; x++)
        if (new[x].width)
            draw_cell(t, &new[x], x, y);
}

static void number_links(struct term *t, const struct grid *g)
{
    link_slots_next(&t->slots);
    for (size_t i = 1; i <= g->links.n; i++)
        t->slot_of[i] =
            (unsigned char)(t->links ? link_slots_take(&t->slots, grid_address(g, (int)i)) : 0);
}

/* The grid's numbers hold for it alone. */
static void remember(struct term *t, const struct grid *g)
{
    size_t n = (size_t)g->w * (size_t)g->h;
    if (n)
        memcpy(t->shown.cells, g->cells, n * sizeof *g->cells);
    for (size_t i = 0; g->links.n && i < n; i++)
        t->shown.cells[i].style.link = t->slot_of[g->cells[i].style.link];
    t->all = false;
}

void term_draw(struct term *t, const struct grid *g)
{
    number_links(t, g);
    if (g->w != t->shown.w || g->h != t->shown.h)
        t->all = true;
    grid_resize(&t->shown, g->w, g->h);
    for (int y = 0; y < g->h; y++)
        if (g->w)
            draw_line(t, g, y);
    remember(t, g);
    curs_set(g->caret_x >= 0);
    if (g->caret_x >= 0)
        wmove(stdscr, g->caret_y, g->caret_x);
    wnoutrefresh(stdscr);
    doupdate();
    take_frame(t);
}

void term_redraw(struct term *t)
{
    t->all = true;
    clearok(curscr, TRUE);
}

void term_motion(struct term *t, bool on)
{
    t->motion = on;
    report(t);
}

void term_notify(struct term *t, unsigned ways, struct str title, struct str text)
{
    struct buf out = {0};
    notify_bytes(&out, ways, notify_between(getenv("TMUX"), getenv("STY"), getenv("TERM")),
                 title, text);
    if (out.n)
        write_all(t, out.p, out.n);
    buf_finish(&out);
}

/* OSC 2, the old title put on the terminal's stack the first time. */
void term_title(struct term *t, struct str title)
{
    struct buf out = {0};
    uint32_t cp;
    const char *kind = getenv("TERM");
    if (!t->utf8 || !kind || strncmp(kind, "linux", 5) == 0 || strncmp(kind, "vt", 2) == 0)
        return;
    if (!t->titled)
        buf_fmt(&out, "\033[22;0t");
    t->titled = true;
    buf_fmt(&out, "\033]2;");
    for (size_t n; (n = utf8_next(title, &cp)); title.p += n, title.n -= n)
        if (!utf8_is_unsafe(cp))
            buf_add(&out, title.p, n);
    buf_add_c(&out, '\a');
    write_all(t, out.p, out.n);
    buf_finish(&out);
}

/* RFC 4648. */
static void add_base64(struct buf *out, struct str s)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < s.n ? (unsigned char)s.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_add_c(out, i + k > s.n ? '=' : digits[group >> (18 - 6 * k) & 63]);
    }
}

void term_copy(struct term *t, struct str text)
{
    struct buf out = {0};
    const char *kind = getenv("TERM");
    if (!kind || strncmp(kind, "linux", 5) == 0 || strncmp(kind, "vt", 2) == 0)
        return;
    buf_fmt(&out, "\033]52;c;");
    add_base64(&out, text);
    buf_add_c(&out, '\a');
    write_all(t, out.p, out.n);
    buf_finish(&out);
}
