/* Any bytes as an operation's text form. What is read is canonical, prints to something that
 * reads the same, and splits into pieces that make it up; what is refused leaves nothing. */
#include "fuzz.h"
#include "op.h"

static void check_print(const struct op *o)
{
    struct op again = {0};
    struct buf first = {0}, second = {0};
    op_print(o, &first);
    bug_on(!op_parse(&again, buf_str(&first), first.n, NULL) || !op_eq(o, &again));
    op_print(&again, &second);
    bug_on(!str_eq(buf_str(&first), buf_str(&second)));
    bug_on(op_parse(&again, buf_str(&first), first.n - 1, NULL));
    op_finish(&again);
    buf_finish(&first);
    buf_finish(&second);
}

static void check_split(const struct op *o, size_t wire)
{
    struct op front = {0}, rest = {0}, both = {0};
    struct buf json = {0};
    op_split(o, wire, &front, &rest);
    op_compose(&front, &rest, &both);
    op_print(&front, &json);
    bug_on(json.n > wire || !op_eq(&both, o) || (op_is_empty(&front) && !op_is_empty(o)));
    bug_on(!op_is_sound(&front) || !op_is_sound(&rest));
    op_finish(&front);
    op_finish(&rest);
    op_finish(&both);
    buf_finish(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct op o = {0};
    struct err e = {0};
    if (op_parse(&o, (struct str){(const char *)data, size}, OP_OUT_MAX, &e)) {
        bug_on(!op_is_sound(&o));
        bug_on(!op_check(&o, op_consumed(&o), &e) && e.code != ERR_LIMIT);
        check_print(&o);
        check_split(&o, 64 + size % 64);
    } else {
        bug_on(e.code == ERR_NONE || !e.text[0] || o.n || o.text.n);
    }
    op_finish(&o);
    return 0;
}
