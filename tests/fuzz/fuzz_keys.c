/* Any bytes as a terminal's input, cut at any place: inputs come out well-formed, and nothing
 * keeps the keyboard for ever. */
#include "keys.h"
#include "utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(void *arg, const struct input *in)
{
    (void)arg;
    char name[KEY_NAME_MAX];
    struct key again;
    if (in->kind == INPUT_KEY) {
        bug_on(in->key.code >= K_COUNT || in->key.code == K_NONE);
        bug_on(in->key.code < K_ENTER && utf8_is_unsafe(in->key.code));
        key_name(in->key, name);
        bug_on(!key_parse(str_of(name), &again));
    } else if (in->kind == INPUT_PASTE) {
        bug_on(!utf8_is_valid(in->text) || str_has(in->text, '\033') ||
               str_has(in->text, '\r'));
    } else if (in->kind == INPUT_MOUSE) {
        bug_on(in->mouse.x < 0 || in->mouse.y < 0);
    }
}

/* The first byte says how long the slices are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keys k = {0};
    if (size == 0)
        return 0;
    size_t slice = data[0] % 64 + 1u;
    for (size_t at = 1; at < size; at += slice)
        keys_feed(&k, (struct str){(const char *)data + at, MIN(slice, size - at)}, check,
                  NULL);
    while (keys_wait(&k) >= 0)
        keys_flush(&k, check, NULL);
    keys_finish(&k);
    return 0;
}
