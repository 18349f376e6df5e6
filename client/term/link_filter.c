#include "link_filter.h"

#include "utf8.h"

#include <string.h>

enum {
    HELD_MAX = 64, /* bytes of a character with what combines; more ncurses does not write */
    PART_MAX = 64, /* of a sequence that is looked at before it is sent on */
};

enum in {
    IN_TEXT,
    IN_UTF8,     /* of a character */
    IN_ESCAPE,   /* behind ESC */
    IN_CSI,      /* as far as it is in `part` */
    IN_LONG_CSI, /* longer than that */
    IN_STRING,   /* OSC and its like */
    IN_STRING_ESCAPE,
};

void link_filter_finish(struct link_filter *f)
{
    buf_finish(&f->held);
    buf_finish(&f->part);
    *f = (struct link_filter){0};
}

static void take(struct link_filter *f, char c, struct buf *out);

/* ---- links ---- */

/* What is sent next is in the link of this number; 0: in none. The number is the id too, by
 * which a terminal knows the rows of one link. */
static void go_to(struct link_filter *f, int slot, struct buf *out)
{
    struct str address = link_slots_address(f->slots, slot);
    if (address.n == 0)
        slot = 0;
    if (slot == f->open)
        return;
    if (slot)
        buf_fmt(out, "\033]8;id=%d;%.*s\033\\", slot, STR_ARG(address));
    else
        buf_fmt(out, "\033]8;;\033\\");
    f->open = slot;
}

/* Only while letters are sent: what else ncurses writes may end it, or fill with it. */
static void strike(struct link_filter *f, bool on, struct buf *out)
{
    if (on != f->strikes)
        buf_add_str(out, on ? STR("\033[9m") : STR("\033[29m"));
    f->strikes = on;
}

static void release(struct link_filter *f, int slot, struct buf *out)
{
    if (f->held.n == 0)
        return;
    strike(f, f->is_struck, out);
    f->is_struck = false;
    go_to(f, slot, out);
    buf_add_str(out, buf_str(&f->held));
    buf_clear(&f->held);
}

/* ---- characters ---- */

static void take_character(struct link_filter *f, struct str s, struct buf *out)
{
    uint32_t cp;
    bool is_valid = utf8_next(s, &cp) > 0;
    if (is_valid && cp == STRUCK_MARK) {
        f->is_struck = f->held.n > 0;
        return;
    }
    if (is_valid && link_is_mark(cp)) {
        release(f, (int)(cp - LINK_MARK_FIRST) + 1, out);
        return;
    }
    bool combines = is_valid && f->held.n && f->held.n + s.n <= HELD_MAX && f->combines(cp);
    if (!combines)
        release(f, 0, out);
    buf_add_str(&f->held, s);
}

static size_t utf8_length(unsigned char lead)
{
    return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/* True when the byte belongs to the character. */
static bool go_on_in_utf8(struct link_filter *f, char c, struct buf *out)
{
    bool belongs = ((unsigned char)c & 0xc0) == 0x80;
    if (belongs)
        buf_add_c(&f->part, c);
    if (belongs && f->part.n < utf8_length((unsigned char)f->part.p[0]))
        return true;
    take_character(f, buf_str(&f->part), out);
    buf_clear(&f->part);
    f->in = IN_TEXT;
    return belongs;
}

/* ---- controls ---- */

static void send_part(struct link_filter *f, struct buf *out)
{
    buf_add_str(out, buf_str(&f->part));
    buf_clear(&f->part);
}

/* What it does may touch cells, and those are in no link then. */
static void pass(struct link_filter *f, struct buf *out)
{
    go_to(f, 0, out);
    send_part(f, out);
}

/* Colours, moves of the cursor and choices of a character set touch no cell: a link goes on
 * over them, from row to row, and its address is sent once. */
static bool csi_leaves_cells(struct str csi)
{
    for (size_t i = 2; i + 1 < csi.n; i++)
        if (!(csi.p[i] >= '0' && csi.p[i] <= ';'))
            return false;
    return strchr("mHABCDGd", csi.p[csi.n - 1]) != NULL;
}

static bool escape_leaves_cells(struct str escape)
{
    return escape.n == 3 && (escape.p[1] == '(' || escape.p[1] == ')');
}

static bool control_leaves_cells(char c)
{
    enum { SHIFT_OUT = 0x0e, SHIFT_IN = 0x0f };
    return c == '\r' || c == '\n' || c == '\b' || c == SHIFT_OUT || c == SHIFT_IN;
}

static void take_csi(struct link_filter *f, char c, struct buf *out)
{
    bool is_end = c >= '@' && c <= '~';
    buf_add_c(&f->part, c);
    if (is_end && csi_leaves_cells(buf_str(&f->part)))
        send_part(f, out);
    else if (is_end || f->part.n == PART_MAX)
        pass(f, out);
    if (is_end)
        f->in = IN_TEXT;
    else if (f->part.n == 0)
        f->in = IN_LONG_CSI;
}

static void take_escape(struct link_filter *f, char c, struct buf *out)
{
    buf_add_c(&f->part, c);
    if (c == '[' && f->part.n == 2) {
        f->in = IN_CSI;
        return;
    }
    if (strchr("]PX^_", c) && f->part.n == 2)
        f->in = IN_STRING;
    else if (c > '/')
        f->in = IN_TEXT;
    if (f->in == IN_TEXT && escape_leaves_cells(buf_str(&f->part)))
        send_part(f, out);
    else if (f->in != IN_ESCAPE || f->part.n == PART_MAX)
        pass(f, out);
}

/* An ESC that no '\' follows ends a string too, and begins something else. */
static void take_string(struct link_filter *f, char c, struct buf *out)
{
    enum { CAN = 0x18, SUB = 0x1a };
    if (c == '\033') {
        send_part(f, out);
        buf_add_c(&f->part, c);
        f->in = IN_STRING_ESCAPE;
    } else if (f->in == IN_STRING_ESCAPE && c != '\\') {
        f->in = IN_ESCAPE;
        take(f, c, out);
    } else {
        send_part(f, out);
        buf_add_c(out, c);
        if (f->in == IN_STRING_ESCAPE || c == '\a' || c == CAN || c == SUB)
            f->in = IN_TEXT;
    }
}

static void take_text(struct link_filter *f, char c, struct buf *out)
{
    unsigned char byte = (unsigned char)c;
    if (byte >= 0xc2 && byte <= 0xf4) {
        buf_add_c(&f->part, c);
        f->in = IN_UTF8;
        return;
    }
    if (byte >= ' ' && byte != 0x7f) {
        take_character(f, (struct str){&c, 1}, out);
        return;
    }
    release(f, 0, out);
    strike(f, false, out);
    buf_add_c(&f->part, c);
    if (c == '\033')
        f->in = IN_ESCAPE;
    else if (control_leaves_cells(c))
        send_part(f, out);
    else
        pass(f, out);
}

/* ---- bytes ---- */

/* A control in the middle of a sequence ends what we know of it. */
static bool breaks_off(const struct link_filter *f, char c)
{
    bool is_control = (unsigned char)c < ' ' || (unsigned char)c >= 0x7f;
    return is_control && (f->in == IN_ESCAPE || f->in == IN_CSI || f->in == IN_LONG_CSI);
}

static void take(struct link_filter *f, char c, struct buf *out)
{
    if (f->in == IN_UTF8 && go_on_in_utf8(f, c, out))
        return;
    if (breaks_off(f, c)) {
        pass(f, out);
        f->in = IN_TEXT;
    }
    switch ((enum in)f->in) {
    case IN_TEXT:
    case IN_UTF8:
        take_text(f, c, out);
        return;
    case IN_ESCAPE:
        take_escape(f, c, out);
        return;
    case IN_CSI:
        take_csi(f, c, out);
        return;
    case IN_LONG_CSI:
        buf_add_c(out, c);
        if (c >= '@' && c <= '~')
            f->in = IN_TEXT;
        return;
    case IN_STRING:
    case IN_STRING_ESCAPE:
        take_string(f, c, out);
        return;
    }
}

/* Takes what stands at the front and needs no second look: a character of ASCII that one more
 * follows has no mark. Returns how many bytes that are. */
static size_t take_run(struct link_filter *f, struct str bytes, struct buf *out)
{
    size_t n = 0;
    while (n < bytes.n && bytes.p[n] >= ' ' && bytes.p[n] <= '~')
        n++;
    if (n < 2)
        return 0;
    release(f, 0, out);
    strike(f, false, out);
    go_to(f, 0, out);
    buf_add(out, bytes.p, n - 1);
    return n - 1;
}

void link_filter_feed(struct link_filter *f, struct str bytes, struct buf *out)
{
    buf_reserve(out, bytes.n);
    while (bytes.n) {
        size_t n = f->in == IN_TEXT ? take_run(f, bytes, out) : 0;
        if (n == 0)
            take(f, bytes.p[n++], out);
        bytes = (struct str){bytes.p + n, bytes.n - n};
    }
}

void link_filter_settle(struct link_filter *f, struct buf *out)
{
    if (f->in == IN_UTF8) {
        take_character(f, buf_str(&f->part), out);
        buf_clear(&f->part);
        f->in = IN_TEXT;
    }
    release(f, 0, out);
    strike(f, false, out);
    if (f->in != IN_STRING && f->in != IN_STRING_ESCAPE && f->in != IN_LONG_CSI)
        go_to(f, 0, out);
}

/* 0xf3 is the first byte of every mark, and of hardly anything else. */
void link_filter_frame(struct link_filter *f, struct str bytes, struct buf *out)
{
    bool is_plain = f->in == IN_TEXT && !str_has(bytes, '\xf3');
    if (is_plain)
        buf_add_str(out, bytes);
    else
        link_filter_feed(f, bytes, out);
    link_filter_settle(f, out);
}
