#include "notify_bytes.h"

#include "utf8.h"

/* A tmux that calls itself screen passes over what is wrapped for screen, as over what is not
 * wrapped at all. */
enum notify_between notify_between(const char *tmux, const char *sty, const char *term)
{
    struct str kind = str_of(term ? term : "");
    if (tmux && tmux[0])
        return BETWEEN_TMUX;
    if (sty && sty[0])
        return BETWEEN_SCREEN;
    return str_starts(kind, "tmux")     ? BETWEEN_TMUX
           : str_starts(kind, "screen") ? BETWEEN_SCREEN
                                        : BETWEEN_NOTHING;
}

/* What cannot end the sequence or begin another; a ';' would part fields. */
static void add_words(struct buf *out, struct str s)
{
    uint32_t cp;
    size_t start = out->n;
    for (size_t n; (n = utf8_next(s, &cp)) && out->n - start + n <= NOTIFY_TEXT_MAX;
         s.p += n, s.n -= n) {
        if (cp == ';' || cp == '\n' || cp == '\t')
            buf_add_c(out, cp == ';' ? ',' : ' ');
        else if (!utf8_is_unsafe(cp))
            buf_add(out, s.p, n);
    }
}

/* tmux: each ESC is doubled within; screen passes on what stands between DCS and ST, which then
 * must not hold an ST of its own: BEL ends the sequences in there. */
static void add_wrapped(struct buf *out, enum notify_between between, struct str bytes)
{
    if (between == BETWEEN_NOTHING) {
        buf_add_str(out, bytes);
        return;
    }
    buf_add_str(out, between == BETWEEN_TMUX ? STR("\033Ptmux;") : STR("\033P"));
    for (size_t i = 0; i < bytes.n; i++) {
        if (between == BETWEEN_TMUX && bytes.p[i] == '\033')
            buf_add_c(out, '\033');
        buf_add_c(out, bytes.p[i]);
    }
    buf_add_str(out, STR("\033\\"));
}

static void add_osc(struct buf *out, enum notify_between between, const char *head,
                    struct str title, const char *mid, struct str text)
{
    struct buf b = {0};
    buf_fmt(&b, "\033]%s", head);
    add_words(&b, title);
    buf_fmt(&b, "%s", mid);
    add_words(&b, text);
    buf_add_c(&b, '\a');
    add_wrapped(out, between, buf_str(&b));
    buf_finish(&b);
}

void notify_bytes(struct buf *out, unsigned ways, enum notify_between between, struct str title,
                  struct str text)
{
    if (ways & BY_OSC9)
        add_osc(out, between, "9;", title, ": ", text);
    if (ways & BY_OSC777)
        add_osc(out, between, "777;notify;", title, ";", text);
    if (ways & BY_OSC99)
        add_osc(out, between, "99;;", title, ": ", text);
    if (ways & BY_BELL) /* last, and by itself: tmux's monitor-bell sees it */
        buf_add_c(out, '\a');
}
