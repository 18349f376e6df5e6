#include "emoji.h"

#include "mem.h"

enum { NAME_MAX_BYTES = 32 };

const struct emoji emoji_table[] = {
#define X(name_, text_, rank_)                                                                 \
    {.name = {name_, sizeof name_ - 1}, .text = {text_, sizeof text_ - 1}, .rank = rank_},
#include "emoji.def"
#undef X
};
const size_t emoji_count = COUNT_OF(emoji_table);

struct str emoji_named(struct str name)
{
    size_t low = 0, high = emoji_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(emoji_table[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < emoji_count && str_eq(emoji_table[low].name, name))
        return emoji_table[low].text;
    return (struct str){0};
}

struct str emoji_name(struct str text)
{
    for (size_t i = 0; i < emoji_count; i++)
        if (str_eq(emoji_table[i].text, text))
            return emoji_table[i].name;
    return (struct str){0};
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
}

struct str emoji_at(struct str s)
{
    size_t n = 1;
    if (s.n == 0 || s.p[0] != ':')
        return (struct str){0};
    while (n < s.n && n <= NAME_MAX_BYTES && is_name_char(s.p[n]))
        n++;
    struct str name = {s.p + 1, n - 1};
    bool is_closed = name.n && n < s.n && s.p[n] == ':';
    return is_closed && emoji_named(name).n ? name : (struct str){0};
}

struct str emoji_of(struct str word)
{
    struct str name = emoji_at(word);
    return name.n && name.n + 2 == word.n ? emoji_named(name) : word;
}
