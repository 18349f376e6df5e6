#include "keys.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Inputs written down in words, one behind the other. */
static void write_down(void *arg, const struct input *in)
{
    static const char *const mouse[] = {"press", "drag", "release", "up", "down"};
    struct buf *out = arg;
    char name[KEY_NAME_MAX];
    if (out->n)
        buf_add_c(out, ' ');
    if (in->kind == INPUT_KEY) {
        key_name(in->key, name);
        buf_fmt(out, "%s", name);
    } else if (in->kind == INPUT_PASTE) {
        buf_fmt(out, "[%.*s]", STR_ARG(in->text));
    } else if (in->kind == INPUT_MOUSE) {
        buf_fmt(out, "%s%d@%d,%d", mouse[in->mouse.kind], in->mouse.button, in->mouse.x,
                in->mouse.y);
    } else if (in->kind == INPUT_FOCUS) {
        buf_fmt(out, "%s", in->on ? "in" : "out");
    }
}

static const struct {
    const char *bytes, *inputs;
} rows[] = {
    {"aZ\xc3\xa9\xe4\xb8\xad", "a Z \xc3\xa9 \xe4\xb8\xad"},
    {"\r\t\x7f\x08 ", "Enter Tab Backspace Backspace Space"},
    {"\x01\x12\x1f\n", "C-a C-r C-_ C-j"},
    {"\033[A\033[B\033[C\033[D\033[H\033[F", "Up Down Right Left Home End"},
    {"\033OA\033OP\033OS\033OM", "Up F1 F4 Enter"},
    {"\033[5~\033[6~\033[3~\033[1~\033[15~\033[24~", "PgUp PgDn Del Home F5 F12"},
    {"\033[1;5C\033[1;3D\033[1;2A\033[3;5~", "C-Right M-Left S-Up C-Del"},
    {"\033[Z", "S-Tab"},
    {"\033b\033\x7f\033\r\033<", "M-b M-Backspace M-Enter M-<"},
    {"\033[97;5u\033[27;5;13~\033[65;6u", "C-a C-Enter C-a"},
    {"\033[<0;3;4M\033[<32;5;4M\033[<0;5;4m\033[<65;1;1M\033[<64;1;1M",
     "press1@2,3 drag1@4,3 release1@4,3 down0@0,0 up0@0,0"},
    {"\033[I\033[O", "in out"},
    {"\033[200~two\r\nlines\033[201~x", "[two\nlines] x"},
    {"\033[200~\033[31mred\033[201~", "[[31mred]"},
    {"\033[200~a\xff\033[201~", "[a\xef\xbf\xbd]"},
    {"\033]11;rgb:0000/0000/0000\033\\a", "a"},
    {"\033]0;title\aa", "a"},
    {"\033P1$r0m\033\\a", "a"},
    {"\033[?62;22ca", "a"},
    {"\xff\xfe\x80 a", "Space a"},
    {"\xe4\xb8 a", "Space a"},
    {"\xe2\x80\xae\xc2\x85 a", "Space a"},
    {"\033[\033[A", "Up"},
    {"\033[999999999999999999;5~a", "a"},
    {"\033[1;1;1;1;1;1;1;1;1;1;1Aa", "Up a"},
    {"\033\033[A", "Esc Up"},
};

static void check_row(size_t i, size_t slice)
{
    struct keys k = {0};
    struct buf out = {0};
    struct str bytes = str_of(rows[i].bytes);
    for (size_t at = 0; at < bytes.n; at += slice)
        keys_feed(&k, (struct str){bytes.p + at, MIN(slice, bytes.n - at)}, write_down, &out);
    keys_flush(&k, write_down, &out);
    if (!str_is(buf_str(&out), rows[i].inputs))
        fail_msg("row %zu in slices of %zu: \"%s\", not \"%s\"", i, slice, buf_cstr(&out),
                 rows[i].inputs);
    buf_finish(&out);
    keys_finish(&k);
}

static void bytes_become_keys_wherever_they_are_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t slice = 1; slice < 40; slice++)
            check_row(i, slice);
}

static void lone_escape_is_a_key_after_a_wait(void **state)
{
    (void)state;
    struct keys k = {0};
    struct buf out = {0};
    assert_int_equal(keys_wait(&k), -1);
    keys_feed(&k, STR("\033"), write_down, &out);
    assert_int_equal(out.n, 0);
    assert_int_equal(keys_wait(&k), KEYS_ESCAPE_MS);
    keys_flush(&k, write_down, &out);
    assert_string_equal(buf_cstr(&out), "Esc");
    assert_int_equal(keys_wait(&k), -1);
    keys_feed(&k, STR("\033["), write_down, &out);
    keys_flush(&k, write_down, &out);
    assert_string_equal(buf_cstr(&out), "Esc M-[");
    buf_finish(&out);
}

static void paste_without_an_end_is_given_up_and_bounded(void **state)
{
    (void)state;
    struct keys k = {0};
    struct buf out = {0};
    static char block[128 * 1024];
    memset(block, 'x', sizeof block);
    keys_feed(&k, STR("\033[200~"), write_down, &out);
    for (size_t n = 0; n <= KEYS_PASTE_MAX; n += sizeof block)
        keys_feed(&k, (struct str){block, sizeof block}, write_down, &out);
    assert_int_equal(keys_wait(&k), KEYS_PASTE_MS);
    keys_flush(&k, write_down, &out);
    assert_int_equal(out.n, KEYS_PASTE_MAX + 2);
    buf_clear(&out);
    keys_feed(&k, STR("q"), write_down, &out);
    assert_string_equal(buf_cstr(&out), "q");
    buf_finish(&out);
    keys_finish(&k);
}

static void endless_sequence_does_not_swallow_the_keyboard(void **state)
{
    (void)state;
    struct keys k = {0};
    struct buf out = {0};
    keys_feed(&k, STR("\033["), write_down, &out);
    for (int i = 0; i < 1000; i++)
        keys_feed(&k, STR("1;"), write_down, &out);
    keys_flush(&k, write_down, &out);
    buf_clear(&out);
    keys_feed(&k, STR("q"), write_down, &out);
    assert_string_equal(buf_cstr(&out), "q");
    buf_finish(&out);
}

static void names_are_read_as_they_are_written(void **state)
{
    (void)state;
    const char *names[] = {"a", "C-r", "M-Enter", "S-Tab", "F12", "PgUp", "C-M-x",
                           "-", "C--", ":",       "Space", "C-_", "M-<",  "\xc3\xa9"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct key k;
        char name[KEY_NAME_MAX];
        assert_true(key_parse(str_of(names[i]), &k));
        key_name(k, name);
        assert_string_equal(name, names[i]);
    }
    struct key k;
    assert_false(key_parse(STR(""), &k));
    assert_false(key_parse(STR("PgUpp"), &k));
    assert_false(key_parse(STR("F13"), &k));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_keys_wherever_they_are_cut),
        cmocka_unit_test(lone_escape_is_a_key_after_a_wait),
        cmocka_unit_test(paste_without_an_end_is_given_up_and_bounded),
        cmocka_unit_test(endless_sequence_does_not_swallow_the_keyboard),
        cmocka_unit_test(names_are_read_as_they_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
