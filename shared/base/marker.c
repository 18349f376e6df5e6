#include "marker.h"

#include <string.h>

/* A dot or a minus ends a sentence more often than it goes on a name. */
static bool goes_on(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

bool text_names(struct str text, struct str name)
{
    while (name.n && text.n > name.n) {
        const char *at = memchr(text.p, '@', text.n - name.n);
        if (!at)
            return false;
        text.n -= (size_t)(at + 1 - text.p);
        text.p = at + 1;
        bool is_it = memcmp(text.p, name.p, name.n) == 0;
        if (is_it && (text.n == name.n || !goes_on(text.p[name.n]))) /* @anabel is not @ana */
            return true;
    }
    return false;
}

bool text_concerns(struct str text, struct str to, struct str user)
{
    return str_eq(to, user) || text_names(text, user) || text_names(text, STR("here"));
}
