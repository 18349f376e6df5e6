#include "sign.h"

static const struct {
    const char *wide, *ascii;
} signs[SIGN_COUNT] = {
#define X(name, w, a) [SIGN_##name] = {w, a},
    SIGN_LIST(X)
#undef X
};

const char *sign_text(enum sign s, bool ascii)
{
    return ascii ? signs[s].ascii : signs[s].wide;
}
