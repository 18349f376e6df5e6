#include "mark_read.h"
#include "opt.h"

bool mark_read_from_name(struct str name, enum mark_read *out, struct err *e)
{
    static const char *const names[MARK_READ_COUNT] = {
        [MARK_SEEN] = "seen", [MARK_OPEN] = "open", [MARK_MANUAL] = "manual"};
    int i = opt_which("mark-read", name, names, MARK_READ_COUNT, e);
    if (i >= 0)
        *out = (enum mark_read)i;
    return i >= 0;
}
