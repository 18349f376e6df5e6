#include "scope.h"

static const char *const names[SCOPE_COUNT] = {
    [SCOPE_READ] = "read",   [SCOPE_CHAT] = "chat",   [SCOPE_BOARD] = "board",
    [SCOPE_NOTES] = "notes", [SCOPE_ROOMS] = "rooms",
};

const char *scope_name(enum scope s)
{
    return names[s];
}

bool scope_allows(scope_set has, enum scope needed)
{
    return has == 0 || needed == SCOPE_ANY || (has & 1U << needed && needed != SCOPE_NONE);
}

static enum scope find(struct str name)
{
    int i = str_which(name, names, SCOPE_COUNT);
    return i >= 0 ? (enum scope)i : SCOPE_NONE;
}

static bool is_separator(char c)
{
    return c == ',' || c == ' ';
}

bool scope_parse(struct str list, scope_set *out, struct err *e)
{
    *out = 0;
    while (list.n) {
        size_t n = 0;
        while (n < list.n && !is_separator(list.p[n]))
            n++;
        struct str name = {list.p, n};
        size_t used = MIN(n + 1, list.n);
        list = (struct str){list.p + used, list.n - used};
        enum scope s = n ? find(name) : SCOPE_ANY;
        if (s == SCOPE_NONE)
            return fail(e, ERR_BAD_FIELD,
                        "there is no scope %.*s: read, chat, board, notes and rooms are all",
                        (int)MIN(name.n, 40), name.p);
        if (s != SCOPE_ANY)
            *out |= 1U << s;
    }
    return true;
}

void scope_print(struct buf *out, scope_set set, char between)
{
    bool is_first = true;
    for (int i = 0; i < SCOPE_COUNT; i++) {
        if (!names[i] || !(set & 1U << i))
            continue;
        if (!is_first)
            buf_add_c(out, between);
        buf_add_str(out, str_of(names[i]));
        is_first = false;
    }
}
