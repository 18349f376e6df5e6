#include "fold.h"

#include <utf8proc.h>

uint32_t fold_char(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
}
