#include "screen.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vterm.h>

static int on_term_prop(VTermProp prop, VTermValue *value, void *arg)
{
    struct screen *s = arg;
    if (prop == VTERM_PROP_CURSORVISIBLE)
        s->cursor_shown = value->boolean;
    return 1;
}

static int on_bell(void *arg)
{
    struct screen *s = arg;
    s->bells++;
    return 1;
}

static void on_answer(const char *bytes, size_t n, void *arg)
{
    struct screen *s = arg;
    pty_send_bytes(&s->pty, bytes, n);
}

struct screen *screen_start(const char *const argv[], char *const env[], int rows, int cols)
{
    static const VTermScreenCallbacks callbacks = {
        .settermprop = on_term_prop,
        .bell = on_bell,
    };
    struct screen *s = calloc(1, sizeof(*s));
    if (!s || !pty_start(&s->pty, argv, env, rows, cols)) {
        free(s);
        return NULL;
    }
    s->rows = rows;
    s->cols = cols;
    s->cursor_shown = true;
    s->vt = vterm_new(rows, cols);
    vterm_set_utf8(s->vt, 1);
    vterm_output_set_callback(s->vt, on_answer, s);
    s->cells = vterm_obtain_screen(s->vt);
    vterm_screen_set_callbacks(s->cells, &callbacks, s);
    vterm_screen_enable_altscreen(s->cells, 1);
    vterm_screen_reset(s->cells, 1);
    return s;
}

void screen_free(struct screen *s)
{
    if (!s)
        return;
    pty_finish(&s->pty);
    vterm_free(s->vt);
    free(s->raw);
    free(s);
}

/* ---- private modes, from the raw bytes ---- */

static void mode_set(struct screen *s, int mode, bool on)
{
    size_t i = 0;
    while (i < s->n_modes && s->modes[i] != mode)
        i++;
    if (on && i == s->n_modes && i < SCREEN_MODES_MAX)
        s->modes[s->n_modes++] = mode;
    if (!on && i < s->n_modes)
        s->modes[i] = s->modes[--s->n_modes];
}

bool screen_mode_is_on(const struct screen *s, int mode)
{
    for (size_t i = 0; i < s->n_modes; i++) {
        if (s->modes[i] == mode)
            return true;
    }
    return false;
}

/* CSI ? a ; b h or l: at points behind the question mark. Returns the first byte behind it, or
 * NULL when the end is still to come. */
static const char *scan_modes(struct screen *s, const char *at, const char *end)
{
    int v[8];
    size_t n = 0;
    for (int number = 0; at < end; at++) {
        if (*at >= '0' && *at <= '9') {
            number = number < 100000 ? number * 10 + (*at - '0') : number;
            continue;
        }
        if (n < 8)
            v[n++] = number;
        number = 0;
        if (*at == ';')
            continue;
        for (size_t i = 0; i < n && (*at == 'h' || *at == 'l'); i++)
            mode_set(s, v[i], *at == 'h');
        return at + 1;
    }
    return NULL;
}

static void note_modes(struct screen *s)
{
    const char *at = s->raw + s->scanned, *end = s->raw + s->raw_n;
    while (at < end) {
        const char *esc = memmem(at, (size_t)(end - at), "\x1b[?", 3);
        if (!esc) {
            /* the start of one may stand at the very end */
            at = end - at > 2 ? end - 2 : at;
            break;
        }
        const char *behind = scan_modes(s, esc + 3, end);
        at = behind ? behind : esc;
        if (!behind)
            break;
    }
    s->scanned = (size_t)(at - s->raw);
}

/* ---- output ---- */

static void take(struct screen *s, const char *bytes, size_t n)
{
    if (s->raw_n + n + 1 > s->raw_cap) {
        s->raw_cap = (s->raw_n + n + 1) * 2;
        s->raw = realloc(s->raw, s->raw_cap);
        if (!s->raw)
            abort();
    }
    memcpy(s->raw + s->raw_n, bytes, n);
    s->raw_n += n;
    s->raw[s->raw_n] = '\0';
    note_modes(s);
    vterm_input_write(s->vt, bytes, n);
    vterm_screen_flush_damage(s->cells);
}

bool screen_pump(struct screen *s, int64_t ms)
{
    char bytes[65536];
    struct pollfd fds[2] = {{.fd = s->pty.fd, .events = POLLIN},
                            {.fd = s->pty.ended ? -1 : s->pty.reports, .events = POLLIN}};
    if (s->pty.fd < 0) {
        poll(fds, 2, (int)ms);
        pty_update(&s->pty);
        return false;
    }
    if (poll(fds, 2, (int)ms) <= 0)
        return true;
    pty_update(&s->pty);
    for (;;) {
        ssize_t n = read(s->pty.fd, bytes, sizeof(bytes));
        if (n > 0)
            take(s, bytes, (size_t)n);
        if (n < 0 && errno == EAGAIN)
            return true;
        if (n <= 0)
            return false; /* EIO: nobody holds the other side any more */
    }
}

void screen_type(struct screen *s, const char *keys)
{
    pty_send(&s->pty, keys);
}

void screen_mouse(struct screen *s, int button, bool down, int row, int col)
{
    char keys[64];
    snprintf(keys, sizeof(keys), "\x1b[<%d;%d;%d%c", button, col + 1, row + 1,
             down ? 'M' : 'm');
    pty_send(&s->pty, keys);
}

void screen_resize(struct screen *s, int rows, int cols)
{
    s->rows = rows;
    s->cols = cols;
    vterm_set_size(s->vt, rows, cols);
    pty_resize(&s->pty, rows, cols);
}

/* ---- reading back ---- */

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* One row into line, NUL-terminated; for each byte in cols, when wanted, its column. Combining
 * characters stay with theirs as far as there is room. */
static size_t read_row(struct screen *s, int row, char *line, size_t room, int *cols)
{
    size_t n = 0, end = 0;
    for (int col = 0; col < s->cols && n + 8 < room;) {
        VTermScreenCell cell;
        vterm_screen_get_cell(s->cells, (VTermPos){.row = row, .col = col}, &cell);
        size_t from = n;
        if (cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1)
            line[n++] = ' ';
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && n + 5 < room; i++) {
            if (cell.chars[i] != (uint32_t)-1)
                n += put_utf8(line + n, cell.chars[i]);
        }
        for (size_t i = from; cols && i < n; i++)
            cols[i] = col;
        if (line[n - 1] != ' ')
            end = n;
        col += cell.width > 1 ? cell.width : 1;
    }
    line[end] = '\0';
    return end;
}

const char *screen_text(struct screen *s)
{
    size_t n = 0;
    for (int row = 0; row < s->rows && row < SCREEN_ROWS_MAX; row++) {
        n += read_row(s, row, s->text + n, sizeof(s->text) - n - 2, NULL);
        s->text[n++] = '\n';
    }
    s->text[n] = '\0';
    return s->text;
}

bool screen_shows(struct screen *s, const char *text)
{
    return strstr(screen_text(s), text) != NULL;
}

bool screen_find(struct screen *s, const char *text, int *row, int *col)
{
    static const size_t room = SCREEN_COLS_MAX * 4 + 16;
    char line[SCREEN_COLS_MAX * 4 + 16];
    int cols[SCREEN_COLS_MAX * 4 + 16];
    for (int r = 0; r < s->rows; r++) {
        read_row(s, r, line, room, cols);
        const char *at = strstr(line, text);
        if (!at)
            continue;
        *row = r;
        *col = cols[at - line];
        return true;
    }
    return false;
}

struct screen_style screen_style_at(struct screen *s, int row, int col)
{
    VTermScreenCell cell;
    vterm_screen_get_cell(s->cells, (VTermPos){.row = row, .col = col}, &cell);
    struct screen_style style = {
        .bold = cell.attrs.bold,
        .underline = cell.attrs.underline != 0,
        .reverse = cell.attrs.reverse,
        .italic = cell.attrs.italic,
        .struck = cell.attrs.strike,
        .blink = cell.attrs.blink,
        .fg_default = VTERM_COLOR_IS_DEFAULT_FG(&cell.fg),
        .bg_default = VTERM_COLOR_IS_DEFAULT_BG(&cell.bg),
    };
    vterm_screen_convert_color_to_rgb(s->cells, &cell.fg);
    vterm_screen_convert_color_to_rgb(s->cells, &cell.bg);
    memcpy(style.fg, (uint8_t[]){cell.fg.rgb.red, cell.fg.rgb.green, cell.fg.rgb.blue}, 3);
    memcpy(style.bg, (uint8_t[]){cell.bg.rgb.red, cell.bg.rgb.green, cell.bg.rgb.blue}, 3);
    return style;
}

bool screen_cursor(struct screen *s, int *row, int *col)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &at);
    *row = at.row;
    *col = at.col;
    return s->cursor_shown;
}

bool screen_is_restored(struct screen *s)
{
    static const int modes[] = {MODE_MOUSE_CLICK, MODE_MOUSE_DRAG, MODE_MOUSE_MOVE, MODE_FOCUS,
                                MODE_MOUSE_SGR,   MODE_ALTERNATE,  MODE_PASTE};
    bool restored = true;
    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
        if (!screen_mode_is_on(s, modes[i]))
            continue;
        fprintf(stderr, "mode %d was left on\n", modes[i]);
        restored = false;
    }
    if (!s->cursor_shown)
        fprintf(stderr, "the cursor was left hidden\n");
    bool cooked = s->pty.fd < 0 || pty_is_cooked(&s->pty);
    if (!cooked)
        fprintf(stderr, "the line settings were left raw\n");
    return restored && s->cursor_shown && cooked;
}

/* ---- waiting ---- */

static void complain(struct screen *s, const char *what, int64_t ms)
{
    fprintf(stderr, "waited %lld ms for %s; program %s; screen %dx%d:\n%s----\n", (long long)ms,
            what,
            s->pty.ended     ? "ended"
            : s->pty.stopped ? "stopped"
                             : "runs",
            s->cols, s->rows, screen_text(s));
}

bool screen_wait_until(struct screen *s, bool (*holds)(struct screen *s, void *arg), void *arg,
                       const char *what, int64_t ms)
{
    int64_t end = clock_ms() + ms;
    for (;;) {
        bool more = screen_pump(s, 0);
        if (holds(s, arg))
            return true;
        int64_t left = end - clock_ms();
        if (left <= 0 || (!more && s->pty.ended)) {
            complain(s, what, ms);
            return false;
        }
        screen_pump(s, left < 50 ? left : 50);
    }
}

static bool shows(struct screen *s, void *text)
{
    return screen_shows(s, text);
}

static bool shows_not(struct screen *s, void *text)
{
    return !screen_shows(s, text);
}

static bool has_ended(struct screen *s, void *unused)
{
    (void)unused;
    return s->pty.ended;
}

static bool has_stopped(struct screen *s, void *unused)
{
    (void)unused;
    return s->pty.stopped;
}

bool screen_wait(struct screen *s, const char *text, int64_t ms)
{
    return screen_wait_until(s, shows, (void *)text, text, ms);
}

bool screen_wait_gone(struct screen *s, const char *text, int64_t ms)
{
    return screen_wait_until(s, shows_not, (void *)text, "something to go away", ms);
}

bool screen_wait_end(struct screen *s, int64_t ms)
{
    bool ended = screen_wait_until(s, has_ended, NULL, "the end of the program", ms);
    while (ended && s->pty.fd >= 0 && screen_pump(s, 0)) {
        /* its last words: pump says false once all of them were read, or there is no more */
        struct pollfd more = {.fd = s->pty.fd, .events = POLLIN};
        if (poll(&more, 1, 0) <= 0)
            break;
    }
    return ended;
}

bool screen_wait_stop(struct screen *s, int64_t ms)
{
    return screen_wait_until(s, has_stopped, NULL, "the program to stop", ms);
}
