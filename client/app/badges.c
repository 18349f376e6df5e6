#include "badges.h"

#include "day.h"
#include "utf8.h"
#include "wrap.h"

#include <stdio.h>

enum { PEOPLE_SHOWN = 3, LABEL_WIDTH = 12 };

int priority_tone(struct str priority)
{
    static const int tones[] = {TONE_DIM, TONE_DIM, TONE_TEXT, TONE_WARN, TONE_BAD};
    return tones[card_priority_rank(priority)];
}

int due_tone(int64_t day, int64_t today)
{
    return day < today ? TONE_BAD : day <= today + 1 ? TONE_WARN : TONE_TEXT;
}

bool card_has_badges(const struct replica *r, const struct card *c)
{
    struct card_counts n = replica_counts(r, c->number);
    return c->values.n > 0 || n.boxes > 0 || n.comments > 0;
}

/* ---- those that fit ---- */

struct row {
    struct badges *out;
    int left; /* columns */
};

/* False when there is no room for it. */
static bool add(struct row *row, const struct badge *b, int width)
{
    int gap = row->out->n > 0;
    if (row->out->n == BADGES_MAX || width + gap > row->left)
        return false;
    row->out->v[row->out->n++] = *b;
    row->left -= width + gap;
    return true;
}

static void add_due(struct row *row, struct str due, int64_t today)
{
    struct badge b = {.kind = BADGE_DUE};
    int64_t day;
    if (!day_read(due, &day))
        return;
    b.tone = due_tone(day, today);
    day_say_short(day, today, b.text);
    add(row, &b, glyphs_width(str_of(b.text)));
}

static void add_person(struct row *row, struct str user)
{
    struct badge b = {.kind = BADGE_PERSON, .tone = TONE_PERSON, .of = user};
    uint32_t cp = '?';
    utf8_next(user, &cp);
    if (cp >= 'a' && cp <= 'z')
        cp -= 'a' - 'A';
    b.text[utf8_put(b.text, cp)] = '\0';
    add(row, &b, glyphs_width(str_of(b.text)));
}

static void add_people(struct row *row, const struct card *c)
{
    size_t n = 0, all = card_count(c, CARD_ASSIGNEE);
    vec_each (v, &c->values)
        if (v->field == CARD_ASSIGNEE && n++ < PEOPLE_SHOWN)
            add_person(row, str_of(v->value));
    if (all <= PEOPLE_SHOWN)
        return;
    struct badge b = {.kind = BADGE_MORE, .tone = TONE_DIM};
    snprintf(b.text, sizeof b.text, "+%zu", all - PEOPLE_SHOWN);
    add(row, &b, glyphs_width(str_of(b.text)));
}

static void add_labels(struct row *row, const struct card *c)
{
    vec_each (v, &c->values) {
        struct badge b = {.kind = BADGE_LABEL, .tone = TONE_LABEL, .of = str_of(v->value)};
        if (v->field != CARD_LABEL)
            continue;
        struct str text = b.of;
        text.n = glyphs_fit(text, LABEL_WIDTH);
        snprintf(b.text, sizeof b.text, "%.*s", STR_ARG(text));
        add(row, &b, glyphs_width(text));
    }
}

static void add_boxes(struct row *row, const struct card_counts *n)
{
    struct badge b = {.kind = BADGE_BOXES, .tone = n->done == n->boxes ? TONE_GOOD : TONE_TEXT};
    if (n->boxes == 0)
        return;
    snprintf(b.text, sizeof b.text, "%lld/%lld", (long long)n->done, (long long)n->boxes);
    add(row, &b, glyphs_width(str_of(b.text)));
}

/* The view puts a sign in front. */
static void add_said(struct row *row, const struct card_counts *n)
{
    struct badge b = {.kind = BADGE_SAID, .tone = TONE_DIM};
    if (n->comments == 0)
        return;
    snprintf(b.text, sizeof b.text, "%lld", (long long)n->comments);
    add(row, &b, glyphs_width(str_of(b.text)) + 1);
}

void card_badges(const struct replica *r, const struct card *c, int64_t today, int width,
                 struct badges *out)
{
    struct card_counts counts = replica_counts(r, c->number);
    struct row row = {out, width};
    struct str priority = card_scalar(c, CARD_PRIORITY);
    *out = (struct badges){0};
    if (board_is_blocked(&r->board, c))
        add(&row, &(struct badge){.kind = BADGE_BLOCKED, .tone = TONE_BAD}, 1);
    if (priority.n)
        add(&row,
            &(struct badge){.kind = BADGE_PRIORITY,
                            .rank = card_priority_rank(priority),
                            .tone = priority_tone(priority)},
            1);
    add_due(&row, card_scalar(c, CARD_DUE), today);
    add_people(&row, c);
    add_boxes(&row, &counts);
    add_said(&row, &counts);
    add_labels(&row, c);
}
