/* A kept blame from any bytes, the first two of which say for how long a text: what is taken is
 * printed as it came, and takes an edit. */
#include "blame.h"
#include "fuzz.h"

#include <stdlib.h>

static void edit(struct blame *b)
{
    struct op o = {0};
    size_t chars = blame_chars(b);
    op_skip(&o, chars / 3);
    op_insert(&o, STR("xy"));
    op_delete(&o, chars / 2);
    blame_apply(b, &o, STR("ana"), 1, 1);
    bug_on(blame_chars(b) != op_result(&o, chars));
    op_finish(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct str form = {(const char *)data + 2, size - 2};
    struct blame *b = blame_parse(form, data[0] * 256u + data[1], NULL);
    if (!b)
        return 0;
    struct buf out = {0};
    blame_print(b, &out);
    bug_on(!str_eq(buf_str(&out), form));
    edit(b);
    buf_finish(&out);
    blame_free(b);
    return 0;
}
