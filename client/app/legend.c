#include "legend.h"

#include "roff.h"
#include "utf8.h"

const struct legend_row legend[] = {
    {1, {SIGN_PENDING}, "", "The card has a change that the server has not stored yet."},
    {1, {SIGN_CONFLICT}, "", "Somebody else changed the same field; ! decides."},
    {1, {SIGN_MARKED}, "", "Marked, to do something to several cards at once."},
    {4,
     {SIGN_LOW, SIGN_MEDIUM, SIGN_HIGH, SIGN_URGENT},
     "",
     "Priority: low, medium, high, urgent."},
    {1, {SIGN_BLOCKED}, "", "Blocked: a card that must be done first is still on the board."},
    {0,
     {0},
     "today Fri 12d -3d",
     "When it is due: today, next Friday, in 12 days, 3 days ago."},
    {0, {0}, "A B +2", "Initials of those it is assigned to, and how many more there are."},
    {0, {0}, "2/5", "Two of five boxes in its description are ticked."},
    {1, {SIGN_SAID}, "3", "Three comments."},
    {1, {SIGN_TEXT}, "", "It has a description."},
    {1, {SIGN_PENCIL}, " ana", "Ana is editing it."},
    {0, {0}, "A", "At the right end of the title, in a colour: who has it selected or open."},
    {0,
     {0},
     "3/5",
     "Behind a column's name: its cards and its limit, with ! when there are more."},
    {2, {SIGN_UP, SIGN_DOWN}, "", "So many more cards above and below."},
    {2, {SIGN_LEFT, SIGN_RIGHT}, "", "More columns on that side."},
    {5,
     {SIGN_ONLINE, SIGN_IDLE, SIGN_AWAY, SIGN_DND, SIGN_GONE},
     "",
     "Somebody is online, idle, away, not to be disturbed, or not there."},
};
const size_t legend_count = COUNT_OF(legend);

void legend_mark(const struct legend_row *row, bool ascii, struct buf *out)
{
    for (int i = 0; i < row->n; i++)
        buf_fmt(out, "%s%s", i ? " " : "", sign_text(row->signs[i], ascii));
    buf_fmt(out, "%s", row->text);
}

/* As one word of a macro's line, in ASCII. */
static void mdoc_mark(const struct legend_row *row, bool ascii, struct buf *out)
{
    struct buf mark = {0};
    legend_mark(row, ascii, &mark);
    struct str rest = buf_str(&mark);
    uint32_t cp;
    buf_fmt(out, "\\&");
    for (size_t n; (n = utf8_next(rest, &cp)); rest.p += n, rest.n -= n) {
        if (cp == ' ' || cp == '-')
            buf_fmt(out, "\\%c", (int)cp);
        else if (cp > '~' || cp == '~' || cp == '^' || cp == '"')
            buf_fmt(out, "\\[u%04X]", (unsigned)cp);
        else
            buf_add_c(out, (char)cp);
    }
    buf_finish(&mark);
}

void legend_mdoc(struct buf *out)
{
    for (size_t i = 0; i < legend_count; i++) {
        struct buf wide = {0}, ascii = {0};
        mdoc_mark(&legend[i], false, &wide);
        mdoc_mark(&legend[i], true, &ascii);
        buf_fmt(out, ".It Li %s", buf_cstr(&wide));
        if (!str_eq(buf_str(&wide), buf_str(&ascii)))
            buf_fmt(out, " Pq in ASCII Li %s", buf_cstr(&ascii));
        buf_fmt(out, "\n");
        roff_sentences(out, str_of(legend[i].doc));
        buf_finish(&wide);
        buf_finish(&ascii);
    }
}
