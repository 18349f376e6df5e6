#include "err.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *sentence;
    int exit;
    bool passing;
} rows[ERR_COUNT] = {
#define X(code, wire, status, retry, doc)                                                      \
    [ERR_##code] = {.name = wire, .exit = status, .passing = retry, .sentence = doc},
    ERR_LIST(X)
#undef X
};

/* vsnprintf cuts by bytes; the text must stay UTF-8. */
static void trim_to_utf8(char *text)
{
    struct str s = str_of(text);
    uint32_t cp;
    size_t good = 0;
    for (size_t n; good < s.n; good += n)
        if ((n = utf8_next((struct str){s.p + good, s.n - good}, &cp)) == 0)
            break;
    text[good] = '\0';
}

bool fail(struct err *e, enum err_code code, const char *fmt, ...)
{
    if (!e)
        return false;
    va_list ap;
    va_start(ap, fmt);
    e->code = code;
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    trim_to_utf8(e->text);
    return false;
}

const char *err_name(enum err_code code)
{
    return rows[code].name;
}

int err_exit(enum err_code code)
{
    return rows[code].exit;
}

bool err_is_passing(enum err_code code)
{
    return rows[code].passing;
}

const char *err_sentence(enum err_code code)
{
    return rows[code].sentence;
}

enum err_code err_from_name(struct str name)
{
    for (int i = 0; i < ERR_COUNT; i++)
        if (str_is(name, rows[i].name))
            return (enum err_code)i;
    return ERR_INTERNAL;
}
