#include "mark_read.h"

bool mark_read_from_name(struct str name, enum mark_read *out, struct err *e)
{
    static const char *const names[MARK_READ_COUNT] = {
        [MARK_SEEN] = "seen", [MARK_OPEN] = "open", [MARK_MANUAL] = "manual"};
    for (int i = 0; i < MARK_READ_COUNT; i++)
        if (str_is(name, names[i])) {
            *out = (enum mark_read)i;
            return true;
        }
    return fail(e, ERR_USAGE, "mark-read: '%.*s' is not one of seen, open, manual",
                (int)MIN(name.n, (size_t)40), name.p);
}
