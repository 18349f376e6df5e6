#include "direct.h"
#include "msg.h"

#include <stdlib.h>

enum { TYPED_SHOWN = 40 }; /* bytes of what was typed that an error repeats */

bool room_is_direct(struct str room)
{
    return str_starts(room, "@");
}

struct str direct_next(struct str *people)
{
    if (str_starts(*people, "@"))
        *people = (struct str){people->p + 1, people->n - 1};
    return people->n ? str_cut(people, '+') : (struct str){0};
}

static bool is_user(struct str s)
{
    return s.n <= USER_NAME_MAX && str_follows(s, RULE_USER);
}

bool direct_is_name(struct str room)
{
    struct str last = {0}, user;
    size_t n = 0;
    if (!room_is_direct(room) || room.p[room.n - 1] == '+')
        return false;
    room = (struct str){room.p + 1, room.n - 1};
    if (str_has(room, '@'))
        return false;
    for (; room.n; last = user, n++) {
        user = direct_next(&room);
        if (!is_user(user) || (n && str_cmp(last, user) >= 0))
            return false;
    }
    return n >= 2 && n <= DIRECT_MAX;
}

bool direct_has(struct str room, struct str user)
{
    while (room.n)
        if (str_eq(direct_next(&room), user))
            return true;
    return false;
}

bool founder_next(struct founder *f, struct str room, struct str author)
{
    bool is_first = !f->role;
    if (!room_is_direct(room)) {
        *f = (struct founder){.user = author, .role = ROLE_OWNER};
        return is_first;
    }
    if (is_first)
        *f = (struct founder){.role = ROLE_MEMBER, .rest = room};
    f->user = direct_next(&f->rest);
    return f->user.n > 0;
}

/* ---- as people type and read it ---- */

struct people {
    struct str v[DIRECT_MAX];
    size_t n;
};

static bool add(struct people *p, struct str user, struct err *e)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i], user))
            return true;
    if (p->n == DIRECT_MAX)
        return fail(e, ERR_USAGE, "a direct conversation has at most %d people, oneself too",
                    DIRECT_MAX);
    p->v[p->n++] = user;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool direct_room(struct str typed, struct str me, struct buf *out, struct err *e)
{
    struct people p = {.v = {me}, .n = 1};
    struct str rest = typed;
    bool is_cut = typed.n && typed.p[typed.n - 1] == '+';
    do {
        struct str user = direct_next(&rest);
        if (is_cut || !is_user(user))
            return fail(e, ERR_USAGE, "'%.*s': '%.*s' is no name of a person: at most %d of %s",
                        (int)MIN(typed.n, (size_t)TYPED_SHOWN), typed.p,
                        (int)MIN(user.n, (size_t)TYPED_SHOWN), user.n ? user.p : "",
                        USER_NAME_MAX, str_rule_sentence(RULE_USER));
        if (!add(&p, user, e))
            return false;
    } while (rest.n);
    if (p.n < 2)
        return fail(e, ERR_USAGE, "a direct conversation takes somebody else than oneself");
    qsort(p.v, p.n, sizeof *p.v, by_name);
    for (size_t i = 0; i < p.n; i++)
        buf_fmt(out, "%c%.*s", i ? '+' : '@', STR_ARG(p.v[i]));
    return true;
}

void room_label(struct str room, struct str me, struct buf *out)
{
    char mark = '@';
    if (!room_is_direct(room)) {
        buf_add_str(out, room);
        return;
    }
    while (room.n) {
        struct str user = direct_next(&room);
        if (str_eq(user, me))
            continue;
        buf_fmt(out, "%c%.*s", mark, STR_ARG(user));
        mark = '+';
    }
}
