#include "line_term.h"

#include "term_guard.h"
#include "width.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { COLUMNS_MIN = 16, COLUMNS_USUAL = 80 };

struct line_term {
    bool keys, echoes, gone;
    struct termios before; /* modes as we found them */
    struct buf shown;      /* the row that stands there, */
    size_t caret;          /* its caret, in bytes */
    bool cut;              /* the row is not all of the line */
    struct buf out;
};

/* ---- modes ---- */

/* Keys one by one, and Enter told apart from a newline; ^C and ^Z are still signals. */
static void take(struct line_term *t)
{
    struct termios modes;
    if (!t->keys || tcgetattr(STDIN_FILENO, &t->before) != 0)
        return;
    modes = t->before;
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    modes.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

struct line_term *line_term_new(void)
{
    struct line_term *t = NEW(struct line_term);
    struct termios modes;
    t->keys = isatty(STDOUT_FILENO) && tcgetattr(STDIN_FILENO, &modes) == 0;
    t->echoes = t->keys && (modes.c_lflag & ECHO);
    if (t->keys)
        term_guard_start(STDIN_FILENO, false);
    take(t);
    return t;
}

void line_term_leave(struct line_term *t)
{
    if (t->keys)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &t->before);
}

void line_term_enter(struct line_term *t)
{
    take(t);
}

void line_term_free(struct line_term *t)
{
    if (!t)
        return;
    line_term_leave(t);
    if (t->keys)
        term_guard_stop();
    buf_finish(&t->shown);
    buf_finish(&t->out);
    free(t);
}

bool line_term_has_keys(const struct line_term *t)
{
    return t->keys;
}

bool line_term_echoes(const struct line_term *t)
{
    return t->echoes;
}

/* ---- bytes ---- */

bool line_term_read(struct line_term *t, struct buf *out)
{
    char bytes[4096];
    (void)t;
    ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN;
    buf_add(out, bytes, (size_t)n);
    return n > 0;
}

static void flush(struct line_term *t)
{
    const char *p = t->out.p;
    size_t n = t->out.n;
    while (n && !t->gone) {
        ssize_t done = write(STDOUT_FILENO, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        t->gone = done <= 0;
        p += MAX(done, 0);
        n -= (size_t)MAX(done, 0);
    }
    buf_clear(&t->out);
}

static int columns(void)
{
    struct winsize size = {0};
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col;
    return known ? MAX(size.ws_col, COLUMNS_MIN) : COLUMNS_USUAL;
}

static void add_times(struct buf *out, char c, int n)
{
    for (; n > 0; n--)
        buf_add_c(out, c);
}

/* ---- the row ---- */

/* As much of a line as a row takes, with the caret in it. It moves by half rows, so that not
 * every key paints all of it anew. */
static bool window(struct str front, struct str back, struct buf *row, size_t *caret)
{
    int room = columns() - 1, wide = width_of(front), half = MAX(room / 2, 1);
    int over = wide - (room - 2);
    size_t drop = over > 0 ? width_fit(front, (over + half - 1) / half * half) : 0;
    if (drop)
        buf_add_c(row, '<');
    buf_add(row, front.p + drop, front.n - drop);
    *caret = row->n;
    int left = room - width_of(buf_str(row));
    size_t fits = width_fit(back, left);
    if (back.n)
        buf_add(row, back.p, fits);
    return drop || fits < back.n;
}

/* From what stands there to what shall: one more character at the end, or one less, is just
 * that; anything else is written again from the left edge. */
static void change(struct line_term *t, struct str row, size_t caret)
{
    struct str old = buf_str(&t->shown);
    bool at_ends = t->caret == old.n && caret == row.n;
    size_t both = MIN(old.n, row.n);
    bool same = at_ends && both && memcmp(row.p, old.p, both) == 0;
    bool grows = same && row.n >= old.n, shrinks = same && row.n < old.n;
    if (old.n == 0 || grows) {
        buf_add(&t->out, row.p + old.n, row.n - old.n);
        if (old.n == 0)
            add_times(&t->out, '\b', width_of((struct str){row.p + caret, row.n - caret}));
    } else if (shrinks) {
        int gone = width_of((struct str){old.p + row.n, old.n - row.n});
        add_times(&t->out, '\b', gone);
        add_times(&t->out, ' ', gone);
        add_times(&t->out, '\b', gone);
    } else {
        int rest = MAX(width_of(old) - width_of(row), 0);
        buf_add_c(&t->out, '\r');
        buf_add_str(&t->out, row);
        add_times(&t->out, ' ', rest);
        add_times(&t->out, '\b', rest + width_of((struct str){row.p + caret, row.n - caret}));
    }
}

void line_term_show(struct line_term *t, struct str front, struct str back)
{
    struct buf row = {0};
    size_t caret;
    if (!t->echoes)
        return;
    t->cut = window(front, back, &row, &caret);
    if (!str_eq(buf_str(&row), buf_str(&t->shown)) || caret != t->caret) {
        change(t, buf_str(&row), caret);
        flush(t);
    }
    buf_clear(&t->shown);
    buf_add_str(&t->shown, buf_str(&row));
    t->caret = caret;
    buf_finish(&row);
}

static void erase(struct line_term *t)
{
    if (t->shown.n == 0)
        return;
    buf_add_c(&t->out, '\r');
    add_times(&t->out, ' ', width_of(buf_str(&t->shown)));
    buf_add_c(&t->out, '\r');
    buf_clear(&t->shown);
    t->caret = 0;
}

bool line_term_print(struct line_term *t, struct str lines)
{
    erase(t);
    buf_add_str(&t->out, lines);
    flush(t);
    return !t->gone;
}

void line_term_finish_line(struct line_term *t, struct str front, struct str back)
{
    if (!t->echoes)
        return;
    line_term_show(t, front, back);
    if (t->cut) {
        erase(t);
        buf_add_str(&t->out, front);
        buf_add_str(&t->out, back);
    }
    buf_add_c(&t->out, '\n');
    buf_clear(&t->shown);
    t->caret = 0;
    flush(t);
}

void line_term_ring(struct line_term *t)
{
    if (t->keys)
        buf_add_c(&t->out, '\a');
    flush(t);
}
