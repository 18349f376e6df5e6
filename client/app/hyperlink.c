#include "hyperlink.h"

#include "notify_bytes.h"
#include "opt.h"
#include "utf8.h"

bool hyperlinks_from_name(struct str name, enum hyperlinks *out, struct err *e)
{
    static const char *const names[HYPERLINKS_COUNT] = {
        [HYPERLINKS_AUTO] = "auto", [HYPERLINKS_ON] = "on", [HYPERLINKS_OFF] = "off"};
    int i = opt_which("hyperlinks", name, names, HYPERLINKS_COUNT, e);
    if (i >= 0)
        *out = (enum hyperlinks)i;
    return i >= 0;
}

/* ---- the terminal ---- */

/* How the names begin of those that take such links or pass over them whole. */
static bool is_known(struct str term)
{
    static const char *const names[] = {
        "alacritty", "contour", "foot", "ghostty", "gnome", "kitty",   "konsole",
        "mintty",    "rio",     "st-",  "tmux",    "vte",   "wezterm", "xterm",
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_starts(term, names[i]))
            return true;
    return false;
}

/* Terminals of GNOME and Xfce that printed parts of what they did not know say so in COLORTERM;
 * VTE 0.50.0 crashed. A plain xterm that says nothing else may be any of them: the compiler of
 * GNU sends it none either. */
static const char *terminal_obstacle(const struct hyperlink_case *c, struct arena *a)
{
    struct str term = str_of(c->term), colors = str_of(c->colorterm);
    enum notify_between between = notify_between(c->tmux, c->sty, c->term);
    int64_t vte;
    if (between == BETWEEN_TMUX)
        return NULL; /* it drops what it cannot pass on */
    if (between == BETWEEN_SCREEN)
        return "GNU screen passes none on, and prints what is long of them";
    if (str_is(colors, "gnome-terminal") || str_is(colors, "xfce4-terminal"))
        return str_fmt(a, "COLORTERM=%s", c->colorterm).p;
    if (str_int(str_of(c->vte_version), 1, 5000, &vte))
        return str_fmt(a, "VTE_VERSION=%s", c->vte_version).p;
    if (!is_known(term) || (str_is(term, "xterm") && !colors.n))
        return str_fmt(a, "TERM=%.*s", (int)MIN(term.n, (size_t)40), term.n ? term.p : "").p;
    return NULL;
}

const char *hyperlink_obstacle(const struct hyperlink_case *c, struct arena *a)
{
    if (c->wanted == HYPERLINKS_OFF)
        return "hyperlinks = off";
    if (!c->is_utf8)
        return "its characters are not in UTF-8";
    if (c->wanted == HYPERLINKS_ON)
        return NULL;
    return c->is_ascii ? "it gets ASCII only" : terminal_obstacle(c, a);
}

/* ---- addresses ---- */

bool hyperlink_is_web(struct str address)
{
    return str_starts(address, "https://") || str_starts(address, "http://");
}

bool hyperlink_address(struct str address, struct buf *out)
{
    size_t start = out->n, n;
    uint32_t cp;
    bool ok = hyperlink_is_web(address);
    for (; ok && (n = utf8_next(address, &cp)); address.p += n, address.n -= n) {
        ok = !utf8_is_unsafe(cp) && out->n - start < HYPERLINK_MAX;
        for (size_t i = 0; ok && i < n; i++)
            if (cp > ' ' && cp < 0x7f)
                buf_add_c(out, address.p[i]);
            else
                buf_fmt(out, "%%%02X", (unsigned)(unsigned char)address.p[i]);
    }
    ok = ok && address.n == 0 && out->n - start <= HYPERLINK_MAX;
    if (!ok)
        out->n = start;
    return ok;
}
