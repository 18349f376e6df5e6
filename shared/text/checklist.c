#include "checklist.h"

enum { DIGITS_MAX = 9 };

static char at(struct str s, size_t i)
{
    return i < s.n ? s.p[i] : '\0';
}

/* Behind the list mark and its blanks; 0: the line has none. */
static size_t behind_mark(struct str s)
{
    size_t i = 0, digits = 0;
    while (at(s, i) == ' ' || at(s, i) == '\t' || at(s, i) == '>')
        i++;
    while (digits < DIGITS_MAX && at(s, i) >= '0' && at(s, i) <= '9') {
        digits++;
        i++;
    }
    char c = at(s, i);
    bool is_mark = digits ? c == '.' || c == ')' : c == '-' || c == '*' || c == '+';
    if (!is_mark || at(s, i + 1) != ' ')
        return 0;
    i++;
    while (at(s, i) == ' ')
        i++;
    return i;
}

static void count_line(struct str s, struct checklist *c)
{
    size_t i = behind_mark(s);
    char mark = at(s, i + 1);
    bool is_box = i && at(s, i) == '[' && at(s, i + 2) == ']' &&
                  (mark == ' ' || mark == 'x' || mark == 'X') &&
                  (i + 3 >= s.n || at(s, i + 3) == ' ');
    c->all += is_box;
    c->done += is_box && mark != ' ';
}

void checklist_count(struct str text, struct checklist *c)
{
    while (text.n)
        count_line(str_cut(&text, '\n'), c);
}
