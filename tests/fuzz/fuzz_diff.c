/* Two texts with a NUL between them: the operation makes the second of the first. */
#include "diff.h"
#include "fuzz.h"
#include "utf8.h"

#include <stdlib.h>

static void expect(struct str from, struct str to, const struct op *o)
{
    struct rope *r = rope_of(from);
    bug_on(!op_is_sound(o) || !op_check(o, rope_chars(r), NULL));
    op_apply(o, r);
    bug_on(!rope_is(r, to));
    rope_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str to = {(const char *)data, size}, from = str_cut(&to, '\0');
    if (!utf8_is_valid(from) || !utf8_is_valid(to) || str_has(to, '\0'))
        return 0;
    struct op o = {0};
    struct diff_lines d = {0};
    diff_op(from, to, &o);
    expect(from, to, &o);
    diff_op_words(from, to, &o);
    expect(from, to, &o);
    diff_lines(from, to, &d);
    vec_finish(&d.lines);
    op_finish(&o);
    return 0;
}
