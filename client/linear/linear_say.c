#include "emoji.h"
#include "linear_parts.h"
#include "utf8.h"
#include "width.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void add_ascii(struct str cluster, struct buf *out)
{
    struct str name = emoji_name(cluster);
    if (name.n)
        buf_fmt(out, ":%.*s:", STR_ARG(name));
    else
        buf_add_c(out, '?');
}

void say_plain(const struct linear *l, struct str text, struct buf *out)
{
    for (size_t n; text.n; text.p += n, text.n -= n) {
        int width;
        n = width_cluster(text, &width);
        bool is_end = *text.p == '\r' && (text.n == 1 || text.p[1] == '\n');
        if (is_end)
            continue;
        if (*text.p == '\n')
            buf_add_str(out, STR("\n  "));
        else if (*text.p == '\t')
            buf_add_str(out, STR("    "));
        else if (l->m->ascii && (unsigned char)*text.p >= 0x80)
            add_ascii((struct str){text.p, n}, out);
        else
            utf8_escape(out, (struct str){text.p, n});
    }
}

void say_text(struct linear *l, struct str text)
{
    while (text.n && text.p[text.n - 1] == '\n')
        text.n--;
    say_plain(l, text, &l->said);
    buf_add_c(&l->said, '\n');
}

void say(struct linear *l, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    bug_on(n < 0);
    say_text(l, (struct str){text, (size_t)n});
    free(text);
}

void say_held(struct linear *l)
{
    if (l->held.n)
        say_text(l, buf_str(&l->held));
    buf_clear(&l->held);
}

const char *clock_words(const struct linear *l, int64_t ms, char out[CLOCK_WORDS])
{
    struct tm then, now;
    time_t t = (time_t)(ms / 1000), n = (time_t)(l->m->now / 1000);
    out[0] = '\0';
    if (!localtime_r(&t, &then) || !localtime_r(&n, &now))
        return out;
    bool today = then.tm_year == now.tm_year && then.tm_yday == now.tm_yday;
    strftime(out, CLOCK_WORDS, today ? "%H:%M" : "%Y-%m-%d %H:%M", &then);
    return out;
}
