#include "keys.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define PASTE_END "\033[201~"

struct sink {
    keys_each *each;
    void *arg;
};

static void put_key(struct sink s, uint32_t code, unsigned mods)
{
    struct input in = {.kind = INPUT_KEY, .key = {code, mods}};
    s.each(s.arg, &in);
}

static void put_focus(struct sink s, bool on)
{
    struct input in = {.kind = INPUT_FOCUS, .on = on};
    s.each(s.arg, &in);
}

/* ---- single bytes ---- */

static struct key key_of_control(unsigned char c)
{
    switch (c) {
    case 0x00:
        return (struct key){' ', MOD_CTRL};
    case 0x09:
        return (struct key){K_TAB, 0};
    case 0x0d:
        return (struct key){K_ENTER, 0};
    case 0x1b:
        return (struct key){K_ESCAPE, 0};
    case 0x08:
    case 0x7f:
        return (struct key){K_BACKSPACE, 0};
    default:
        if (c <= 0x1a)
            return (struct key){(uint32_t)c + 'a' - 1, MOD_CTRL};
        return (struct key){(uint32_t)c + '@', MOD_CTRL};
    }
}

/* Bytes that the character at the front of s needs: 0 if it can be none. */
static size_t char_length(unsigned char c)
{
    if (c < 0x80)
        return 1;
    return c >= 0xf0 && c <= 0xf4  ? 4
           : c >= 0xe0 && c < 0xf0 ? 3
           : c >= 0xc2 && c < 0xe0 ? 2
                                   : 0;
}

/* Takes one character off s: returns its bytes, 0 if more are needed. */
static size_t take_char(struct str s, unsigned mods, struct sink out)
{
    unsigned char c = (unsigned char)s.p[0];
    if (c < 0x20 || c == 0x7f) {
        struct key k = key_of_control(c);
        put_key(out, k.code, k.mods | mods);
        return 1;
    }
    uint32_t cp;
    size_t n = utf8_next(s, &cp);
    if (n) {
        if (!utf8_is_unsafe(cp))
            put_key(out, cp, mods);
        return n;
    }
    size_t want = char_length(c);
    if (want <= s.n)
        return 1; /* not UTF-8: dropped */
    for (size_t i = 1; i < s.n; i++)
        if (((unsigned char)s.p[i] & 0xc0) != 0x80)
            return i;
    return 0;
}

/* ---- control sequences ---- */

enum { CSI_PARAMS = 6 };

struct csi {
    char prefix; /* one of < = > ? or 0 */
    int param[CSI_PARAMS];
    int n;
    char final;
};

static int param_at(const struct csi *c, int i, int fallback)
{
    return i < c->n && c->param[i] > 0 ? c->param[i] : fallback;
}

static unsigned mods_of(int param)
{
    int bits = param - 1;
    unsigned mods = 0;
    if (bits <= 0 || bits > 255)
        return 0;
    if (bits & 1)
        mods |= MOD_SHIFT;
    if (bits & (2 | 8))
        mods |= MOD_ALT;
    if (bits & 4)
        mods |= MOD_CTRL;
    return mods;
}

static uint32_t code_of_letter(char final)
{
    switch (final) {
    case 'A':
        return K_UP;
    case 'B':
        return K_DOWN;
    case 'C':
        return K_RIGHT;
    case 'D':
        return K_LEFT;
    case 'F':
        return K_END;
    case 'H':
        return K_HOME;
    case 'M':
        return K_ENTER;
    case 'P':
    case 'Q':
    case 'R':
    case 'S':
        return K_F1 + (uint32_t)(final - 'P');
    default:
        return K_NONE;
    }
}

static uint32_t code_of_number(int n)
{
    static const uint32_t codes[] = {
        [1] = K_HOME,      [2] = K_INSERT,  [3] = K_DELETE,  [4] = K_END,      [5] = K_PAGE_UP,
        [6] = K_PAGE_DOWN, [7] = K_HOME,    [8] = K_END,     [11] = K_F1,      [12] = K_F1 + 1,
        [13] = K_F1 + 2,   [14] = K_F1 + 3, [15] = K_F1 + 4, [17] = K_F1 + 5,  [18] = K_F1 + 6,
        [19] = K_F1 + 7,   [20] = K_F1 + 8, [21] = K_F1 + 9, [23] = K_F1 + 10, [24] = K_F12,
    };
    return n > 0 && (size_t)n < COUNT_OF(codes) ? codes[n] : K_NONE;
}

/* CSI u and modifyOtherKeys name a key by its Unicode value. */
static void put_coded(struct sink s, int code, unsigned mods)
{
    if (code == 127 || (code >= 0 && code < 0x20)) {
        struct key k = key_of_control((unsigned char)code);
        put_key(s, k.code, k.mods | mods);
        return;
    }
    char room[4];
    if (code < 0 || code >= K_ENTER || !utf8_put(room, (uint32_t)code) ||
        utf8_is_unsafe((uint32_t)code))
        return;
    if (mods & MOD_CTRL && code >= 'A' && code <= 'Z')
        code += 'a' - 'A';
    put_key(s, (uint32_t)code, mods & ~(unsigned)MOD_SHIFT);
}

/* SGR mouse: button bits, column, row; M pressed, m released. */
static void put_mouse(struct sink s, const struct csi *c)
{
    enum { SHIFT = 4, ALT = 8, CTRL = 16, MOTION = 32, WHEEL = 64, MORE = 128 };
    int b = c->n > 0 ? c->param[0] : 0;
    struct input in = {.kind = INPUT_MOUSE};
    struct mouse *m = &in.mouse;
    m->x = param_at(c, 1, 1) - 1;
    m->y = param_at(c, 2, 1) - 1;
    m->mods =
        (b & SHIFT ? MOD_SHIFT : 0u) | (b & ALT ? MOD_ALT : 0u) | (b & CTRL ? MOD_CTRL : 0u);
    if (b & MORE || m->x > 10000 || m->y > 10000)
        return;
    if (b & WHEEL) {
        if ((b & 3) > 1)
            return; /* sideways */
        m->kind = b & 1 ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP;
    } else {
        m->button = (b & 3) == 3 ? 0 : (b & 3) + 1;
        m->kind = c->final == 'm' ? MOUSE_RELEASE : b & MOTION ? MOUSE_DRAG : MOUSE_PRESS;
        if (m->button == 0 && m->kind != MOUSE_DRAG)
            return;
        if (m->button == 0)
            m->kind = MOUSE_MOVE;
    }
    s.each(s.arg, &in);
}

static void put_tilde(struct keys *k, struct sink s, const struct csi *c)
{
    int n = param_at(c, 0, 0);
    unsigned mods = mods_of(param_at(c, 1, 1));
    if (n == 200)
        k->in_paste = true;
    else if (n == 27 && c->n >= 3)
        put_coded(s, c->param[2], mods);
    else if (code_of_number(n))
        put_key(s, code_of_number(n), mods);
}

static void put_csi(struct keys *k, struct sink s, const struct csi *c)
{
    if (c->prefix == '<' && (c->final == 'M' || c->final == 'm'))
        put_mouse(s, c);
    if (c->prefix)
        return;
    unsigned mods = mods_of(param_at(c, 1, 1));
    if (c->final == '~')
        put_tilde(k, s, c);
    else if (c->final == 'u')
        put_coded(s, param_at(c, 0, 0), mods);
    else if (c->final == 'Z')
        put_key(s, K_TAB, MOD_SHIFT);
    else if (c->final == 'I' || c->final == 'O')
        put_focus(s, c->final == 'I');
    else if (c->final != 'M' && code_of_letter(c->final))
        put_key(s, code_of_letter(c->final), mods);
}

static void csi_digit(struct csi *c, char digit)
{
    if (c->n == 0)
        c->n = 1;
    if (c->n <= CSI_PARAMS && c->param[c->n - 1] < 1000000)
        c->param[c->n - 1] = c->param[c->n - 1] * 10 + digit - '0';
}

/* s begins behind ESC [. False when its end is not there yet; else *taken bytes are done with,
 * which is up to a byte that cannot stand in a sequence when there is one. */
static bool take_csi(struct keys *k, struct str s, struct sink out, size_t *taken)
{
    struct csi c = {0};
    for (size_t i = 0; i < s.n; i++) {
        char b = s.p[i];
        *taken = i;
        if (b >= '0' && b <= '9') {
            csi_digit(&c, b);
        } else if (b == ';' || b == ':') {
            c.n = c.n == 0 ? 2 : MIN(c.n + 1, CSI_PARAMS);
        } else if (b >= '<' && b <= '?') {
            c.prefix = b;
        } else if (b >= 0x40 && b <= 0x7e) {
            c.final = b;
            put_csi(k, out, &c);
            *taken = i + 1;
            return true;
        } else if ((unsigned char)b < 0x20 || (unsigned char)b > 0x7e) {
            return true;
        }
    }
    return false;
}

/* ---- what begins with ESC ---- */

static bool opens_string(char c)
{
    return c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X';
}

/* s.p[0] is ESC. Returns the bytes taken, 0 if more are needed. */
static size_t take_escape(struct keys *k, struct str s, struct sink out)
{
    if (s.n == 1)
        return 0;
    struct str rest = {s.p + 2, s.n - 2};
    if (s.p[1] == '[') {
        size_t n = 0;
        return take_csi(k, rest, out, &n) ? n + 2 : 0;
    }
    if (s.p[1] == 'O') {
        if (rest.n == 0)
            return 0;
        if (code_of_letter(rest.p[0]))
            put_key(out, code_of_letter(rest.p[0]), 0);
        return 3;
    }
    if (opens_string(s.p[1]) && rest.n) {
        k->in_string = true;
        return 2;
    }
    if (opens_string(s.p[1]))
        return 0;
    if (s.p[1] == '\033') {
        put_key(out, K_ESCAPE, 0);
        return 1;
    }
    size_t n = take_char((struct str){s.p + 1, s.n - 1}, MOD_ALT, out);
    return n ? n + 1 : 0;
}

/* ---- strings and pastes, which have an end of their own ---- */

static size_t skip_string(struct keys *k, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool st = s.p[i] == '\033' && i + 1 < s.n && s.p[i + 1] == '\\';
        if (s.p[i] == '\a' || st || s.p[i] == 0x18 || s.p[i] == 0x1a) {
            k->in_string = false;
            return i + 1 + st;
        }
        if (s.p[i] == '\033' && i + 1 == s.n)
            return i; /* the half of an end */
    }
    return s.n;
}

/* Pasted text as it goes into an editor: one kind of line end, no other controls, UTF-8. */
static void clean_paste(struct buf *out, struct str s)
{
    uint32_t cp;
    for (size_t i = 0, n; i < s.n; i += n) {
        n = utf8_next((struct str){s.p + i, s.n - i}, &cp);
        if (n == 0) {
            n = 1;
            buf_add(out, "\xef\xbf\xbd", 3);
        } else if (cp == '\r') {
            if (i + 1 == s.n || s.p[i + 1] != '\n')
                buf_add_c(out, '\n');
        } else if (cp == '\n' || cp == '\t' || !utf8_is_unsafe(cp)) {
            buf_add(out, s.p + i, n);
        }
    }
}

static void end_paste(struct keys *k, struct sink s)
{
    struct buf clean = {0};
    clean_paste(&clean, buf_str(&k->paste));
    struct input in = {.kind = INPUT_PASTE, .text = buf_str(&clean)};
    k->in_paste = false;
    buf_finish(&k->paste);
    if (clean.n)
        s.each(s.arg, &in);
    buf_finish(&clean);
}

static void add_to_paste(struct keys *k, struct str s)
{
    buf_add(&k->paste, s.p, MIN(s.n, KEYS_PASTE_MAX - k->paste.n));
}

static size_t take_paste(struct keys *k, struct str s, struct sink out)
{
    size_t end_n = sizeof PASTE_END - 1;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\033')
            continue;
        size_t n = MIN(end_n, s.n - i);
        if (memcmp(s.p + i, PASTE_END, n) != 0)
            continue;
        add_to_paste(k, (struct str){s.p, i});
        if (n < end_n)
            return i; /* the half of an end: kept */
        end_paste(k, out);
        return i + end_n;
    }
    add_to_paste(k, s);
    return s.n;
}

/* ---- the door ---- */

static size_t take(struct keys *k, struct str s, struct sink out)
{
    if (k->in_paste)
        return take_paste(k, s, out);
    if (k->in_string)
        return skip_string(k, s);
    if (s.p[0] == '\033')
        return take_escape(k, s, out);
    return take_char(s, 0, out);
}

/* Works through s; returns how much of it was taken. */
static size_t take_all(struct keys *k, struct str s, struct sink out)
{
    size_t done = 0;
    while (done < s.n) {
        size_t n = take(k, (struct str){s.p + done, s.n - done}, out);
        if (n == 0)
            break;
        done += n;
    }
    return done;
}

void keys_feed(struct keys *k, struct str bytes, keys_each *each, void *arg)
{
    struct sink out = {each, arg};
    while (bytes.n) {
        /* The held bytes and as many new ones as fit are looked at together. */
        size_t add = MIN(bytes.n, sizeof k->held - k->n);
        memcpy(k->held + k->n, bytes.p, add);
        k->n += add;
        bytes.p += add;
        bytes.n -= add;
        size_t done = take_all(k, (struct str){k->held, k->n}, out);
        if (done == 0 && k->n == sizeof k->held)
            done = k->n; /* longer than any sequence we know */
        memmove(k->held, k->held + done, k->n - done);
        k->n -= done;
    }
}

int keys_wait(const struct keys *k)
{
    if (k->in_paste || k->in_string)
        return KEYS_PASTE_MS;
    return k->n ? KEYS_ESCAPE_MS : -1;
}

void keys_flush(struct keys *k, keys_each *each, void *arg)
{
    struct sink out = {each, arg};
    bool fresh = !k->in_paste && !k->in_string;
    if (k->in_paste) {
        add_to_paste(k, (struct str){k->held, k->n});
        end_paste(k, out);
    }
    k->in_string = false;
    if (fresh && k->n == 1 && k->held[0] == '\033')
        put_key(out, K_ESCAPE, 0);
    else if (fresh && k->n == 2 && k->held[0] == '\033')
        put_key(out, (unsigned char)k->held[1], MOD_ALT);
    k->n = 0;
}

void keys_finish(struct keys *k)
{
    buf_finish(&k->paste);
}

/* ---- names ---- */

static const struct {
    const char *name;
    uint32_t code;
} key_names[] = {
    {"Enter", K_ENTER},  {"Tab", K_TAB},        {"Esc", K_ESCAPE},  {"Backspace", K_BACKSPACE},
    {"Up", K_UP},        {"Down", K_DOWN},      {"Right", K_RIGHT}, {"Left", K_LEFT},
    {"Home", K_HOME},    {"End", K_END},        {"Ins", K_INSERT},  {"Del", K_DELETE},
    {"PgUp", K_PAGE_UP}, {"PgDn", K_PAGE_DOWN}, {"Space", ' '},
};

static void name_of_code(uint32_t code, char out[KEY_NAME_MAX])
{
    for (size_t i = 0; i < COUNT_OF(key_names); i++)
        if (key_names[i].code == code) {
            snprintf(out, KEY_NAME_MAX, "%s", key_names[i].name);
            return;
        }
    if (code >= K_F1 && code <= K_F12) {
        snprintf(out, KEY_NAME_MAX, "F%d", (int)(code - K_F1) + 1);
        return;
    }
    out[utf8_put(out, code)] = '\0';
}

void key_name(struct key key, char out[KEY_NAME_MAX])
{
    char base[KEY_NAME_MAX];
    name_of_code(key.code, base);
    snprintf(out, KEY_NAME_MAX, "%s%s%s%.15s", key.mods & MOD_CTRL ? "C-" : "",
             key.mods & MOD_ALT ? "M-" : "", key.mods & MOD_SHIFT ? "S-" : "", base);
}

static unsigned mod_of(char c)
{
    return c == 'C' ? MOD_CTRL : c == 'M' ? MOD_ALT : c == 'S' ? MOD_SHIFT : 0;
}

bool key_parse(struct str name, struct key *out)
{
    *out = (struct key){0};
    while (name.n > 2 && name.p[1] == '-' && mod_of(name.p[0])) {
        out->mods |= mod_of(name.p[0]);
        name.p += 2;
        name.n -= 2;
    }
    for (size_t i = 0; i < COUNT_OF(key_names); i++)
        if (str_is(name, key_names[i].name)) {
            out->code = key_names[i].code;
            return true;
        }
    int64_t f;
    if (name.n > 1 && name.p[0] == 'F' &&
        str_int((struct str){name.p + 1, name.n - 1}, 1, 12, &f)) {
        out->code = K_F1 + (uint32_t)f - 1;
        return true;
    }
    return name.n && utf8_next(name, &out->code) == name.n && !utf8_is_unsafe(out->code);
}

bool key_is(struct key a, struct key b)
{
    return a.code == b.code && a.mods == b.mods;
}
