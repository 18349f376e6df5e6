#include "made_from.h"

#include "diff.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHANCE_BYTES = 8,  /* so many bytes are not the same by chance, */
    CHANCE_LINE = 24,  /* nor is a whole line so long, which may be a heading else */
    LIKELY_LOOKED = 4, /* so many saves are looked at line by line */
};

/* ---- distances ---- */

static size_t distance(struct str from, struct str to)
{
    struct op o = {0};
    diff_op_words(from, to, &o);
    size_t n = op_inserted(&o) + op_deleted(&o);
    op_finish(&o);
    return n;
}

struct pieces {
    struct str *v;
    size_t n, cap;
};

static int by_text(const void *pa, const void *pb)
{
    return str_cmp(*(const struct str *)pa, *(const struct str *)pb);
}

static void sort(struct pieces *p)
{
    if (p->n)
        qsort(p->v, p->n, sizeof *p->v, by_text);
}

static void cut_lines(struct str text, struct pieces *out)
{
    while (text.n)
        vec_push(out, str_cut(&text, '\n'));
    sort(out);
}

/* How many lines only one of the two has. */
static size_t lines_apart(struct str a, struct str b)
{
    struct pieces la = {0}, lb = {0};
    size_t i = 0, k = 0, apart = 0;
    cut_lines(a, &la);
    cut_lines(b, &lb);
    while (i < la.n && k < lb.n) {
        int order = str_cmp(la.v[i], lb.v[k]);
        i += order <= 0;
        k += order >= 0;
        apart += order != 0;
    }
    apart += la.n - i + lb.n - k;
    vec_finish(&la);
    vec_finish(&lb);
    return apart;
}

/* Do lines that came with `text` behind `before` stand in `saved`, more than by chance? */
static bool has_new_lines(struct str saved, struct str text, struct str before)
{
    struct pieces have = {0}, new = {0}, old = {0};
    size_t i = 0, k = 0, bytes = 0, lines = 0;
    cut_lines(saved, &have);
    cut_lines(text, &new);
    cut_lines(before, &old);
    for (size_t n = 0; n < new.n; n++) {
        while (i < old.n && str_cmp(old.v[i], new.v[n]) < 0)
            i++;
        while (k < have.n && str_cmp(have.v[k], new.v[n]) < 0)
            k++;
        bool is_new = i == old.n || !str_eq(old.v[i], new.v[n]);
        bool stays = is_new && k < have.n && str_eq(have.v[k], new.v[n]);
        bytes += stays ? new.v[n].n : 0;
        lines += stays && new.v[n].n > 0;
    }
    vec_finish(&have);
    vec_finish(&new);
    vec_finish(&old);
    return bytes >= (lines > 1 ? CHANCE_BYTES : CHANCE_LINE);
}

static bool is_in_word(char c)
{
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return letter || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static void cut_words(struct str text, struct pieces *out)
{
    for (size_t i = 0; i < text.n;) {
        size_t start = i;
        while (i < text.n && is_in_word(text.p[i]))
            i++;
        if (i > start)
            vec_push(out, (struct str){text.p + start, i - start});
        i += i == start;
    }
    sort(out);
}

/* Goes to the end of the words that are w; how many are there? */
static size_t count_word(const struct pieces *p, size_t *at, struct str w)
{
    size_t n = 0;
    while (*at < p->n && str_cmp(p->v[*at], w) < 0)
        (*at)++;
    for (; *at < p->n && str_eq(p->v[*at], w); (*at)++)
        n++;
    return n;
}

struct share {
    size_t found, all; /* bytes of words */
};

/* Of these words, those that are in `text`, and more often than in `without`. */
static struct share share_of_words(struct str text, struct str words, struct str without)
{
    struct pieces w = {0}, have = {0}, had = {0};
    struct share share = {0};
    size_t i = 0, k = 0, l = 0;
    cut_words(words, &w);
    cut_words(text, &have);
    cut_words(without, &had);
    while (i < w.n) {
        struct str word = w.v[i];
        size_t wanted = count_word(&w, &i, word), now = count_word(&have, &k, word),
               before = count_word(&had, &l, word);
        share.all += wanted * word.n;
        share.found += MIN(wanted, now > before ? now - before : 0) * word.n;
    }
    vec_finish(&w);
    vec_finish(&have);
    vec_finish(&had);
    return share;
}

static bool has_most_words(struct str text, struct str words, struct str without)
{
    struct share share = share_of_words(text, words, without);
    return share.all && share.found * 2 >= share.all;
}

static bool has_all_words(struct str text, struct str words, struct str without)
{
    struct share share = share_of_words(text, words, without);
    return share.all && share.found == share.all;
}

/* ---- the choice ---- */

struct choice {
    const struct had_text *at; /* NULL: none */
    size_t cost;
    struct buf text;
};

struct search {
    struct str saved;
    enum habit habit;
    struct tally tally;          /* of saved */
    struct choice near, any;     /* the best up to the wall, and of all */
    const struct had_text *wall; /* the newest that the same program may have saved */
    struct buf wall_text, news;  /* and what that brought */
    bool has_news, has_its_lines;
    const struct had_text *likely; /* a wall, if the saved text has lines that came with it */
    struct buf likely_text;
    int looked;
};

static void choose(struct choice *c, struct past_walk *w, size_t cost)
{
    c->at = w->at;
    c->cost = cost;
    buf_clear(&c->text);
    buf_add_str(&c->text, past_text(w));
}

/* Whoever saves in this way now may have saved that text, and has nothing older then. */
static bool may_be_his(const struct had_text *t, enum habit habit)
{
    return t->how == HAD_SAVED &&
           (t->habit == habit || t->habit == HABIT_UNKNOWN || habit == HABIT_UNKNOWN);
}

static bool is_in_place(enum habit h)
{
    return h == HABIT_IN_PLACE || h == HABIT_IN_PLACE_READ;
}

/* Somebody had read the file before one of the two saves, and not before the other one: who
 * makes backups reads it each time, but who does not may have loaded it just then. */
static bool differs_in_reading(const struct had_text *t, enum habit habit)
{
    return t->how == HAD_SAVED && t->habit != HABIT_UNKNOWN && habit != HABIT_UNKNOWN &&
           t->habit != habit && is_in_place(t->habit) == is_in_place(habit);
}

static void set_wall(struct search *s, const struct had_text *t, struct str text)
{
    s->wall = t;
    buf_add_str(&s->wall_text, text);
}

/* Now that the text before it is known. */
static void settle_likely(struct search *s, struct past_walk *w)
{
    struct str text = buf_str(&s->likely_text);
    if (s->likely && !s->wall && has_new_lines(s->saved, text, past_text(w)))
        set_wall(s, s->likely, text);
    s->likely = NULL;
}

static void learn_news(struct search *s, struct past_walk *w)
{
    struct op o = {0};
    diff_op_words(past_text(w), buf_str(&s->wall_text), &o);
    buf_add_str(&s->news, buf_str(&o.text));
    op_finish(&o);
    s->has_news = true;
    s->has_its_lines = has_new_lines(s->saved, buf_str(&s->wall_text), past_text(w));
}

static void consider(struct search *s, struct past_walk *w)
{
    bool may_be = tally_apart(&w->tally, &s->tally) < s->any.cost;
    size_t cost = may_be ? distance(past_text(w), s->saved) : SIZE_MAX;
    if (cost < s->any.cost)
        choose(&s->any, w, cost);
    if (!s->wall && cost < s->near.cost)
        choose(&s->near, w, cost);
    if (!s->wall && may_be_his(w->at, s->habit)) {
        set_wall(s, w->at, past_text(w));
    } else if (!s->wall && s->looked < LIKELY_LOOKED && differs_in_reading(w->at, s->habit)) {
        s->looked++;
        s->likely = w->at;
        buf_clear(&s->likely_text);
        buf_add_str(&s->likely_text, past_text(w));
    }
}

static bool has_most_news(const struct search *s, struct str from, struct str to)
{
    struct op o = {0};
    diff_op_words(from, to, &o);
    bool most = has_most_words(s->saved, buf_str(&o.text), buf_str(&s->any.text));
    op_finish(&o);
    return most;
}

/* Another program of the same habit may have a text from in front of the wall, when it knows
 * nothing of what came into the file with that; and others must have written since: before the
 * wall, or behind it, of which it knows nothing either. */
static bool may_pass_wall(const struct search *s)
{
    if (!s->wall || s->any.at >= s->wall || s->has_its_lines ||
        has_most_words(s->saved, buf_str(&s->news), buf_str(&s->any.text)))
        return false;
    return s->any.at->ours < s->wall->ours ||
           (s->near.at->ours > s->wall->ours &&
            !has_most_news(s, buf_str(&s->wall_text), buf_str(&s->near.text)));
}

/* Of the texts that somebody had, as far as we know. */
static void search_known(const struct past *p, struct search *s)
{
    struct past_walk w = {.past = p};
    while (s->any.cost && past_older(&w)) {
        settle_likely(s, &w);
        if (s->wall && !s->has_news)
            learn_news(s, &w);
        if (w.at->how != HAD_OURS)
            consider(s, &w);
    }
    past_walk_finish(&w);
}

static size_t common_start(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

bool made_by_appending(struct str text, struct str older, struct str saved)
{
    if (!text.n || common_start(text, saved) < text.n)
        return false;
    return text.p[text.n - 1] == '\n' || text.n - common_start(older, text) >= CHANCE_BYTES;
}

/* A script that takes out what came since it was there last, and nothing else: what it saves is
 * what there was. An editor that saves the same twice, while somebody reads, is none. */
static bool takes_out_news(const struct choice *known)
{
    return known->cost == 0 &&
           (known->at->how == HAD_READ || known->at->habit == HABIT_NEW_READ);
}

/* Each word that came with the newest text is there, and in its place. */
static bool knows_newest(struct str newest, struct str saved, const struct choice *known)
{
    struct str old = buf_str(&known->text);
    struct op o = {0};
    diff_op_words(old, newest, &o);
    bool all = has_all_words(saved, buf_str(&o.text), old);
    op_finish(&o);
    return all && distance(newest, saved) < known->cost;
}

/* Nobody has had the newest text for long, but this may have been made of it all the same: by
 * appending, or by who read it just now. Such a one is a script, which then puts another file
 * in its place or has changed little, or somebody quick, who loaded it, or an editor that made
 * a backup of what it did not look at: in its file the lines are missing that came with the
 * newest text. */
static bool is_of_newest(const struct past *p, struct search *s, const struct choice *known)
{
    struct str newest = buf_str(&p->newest), old = buf_str(&known->text);
    if (past_newest(p)->how != HAD_OURS || !known->at)
        return !known->at;
    if (made_by_appending(newest, old, s->saved))
        return true;
    if (!p->read_at)
        return false;
    if (s->habit == HABIT_NEW_READ)
        return takes_out_news(known) || distance(newest, s->saved) < known->cost;
    return lines_apart(newest, s->saved) <= lines_apart(old, s->saved) ||
           knows_newest(newest, s->saved, known);
}

/* The saved text is one that the file had. To save an old text without a change is strange, to
 * take out what just came is not: that is meant where others have changed the file only once
 * since, and somebody has seen that. Who had saved the text before may save it again without a
 * thought, and has to do it twice. Where nothing of others is in question, it is meant. */
static bool is_meant(struct past *p, const struct search *s, const struct choice *known)
{
    const struct had_text *newest = past_newest(p), *old = known->at;
    bool again = str_eq(s->saved, buf_str(&p->overruled));
    bool seen = newest->how == HAD_READ && newest->ours == old->ours + 1;
    bool meant = !p->in_doubt && old != newest && newest->how != HAD_OURS && !known->cost &&
                 (newest->ours == old->ours || (seen && (again || old->how == HAD_READ)));
    buf_clear(&p->overruled);
    if (!meant && old != newest)
        buf_add_str(&p->overruled, s->saved);
    return meant;
}

void made_from(struct past *p, struct str saved, enum habit habit, struct buf *base)
{
    struct search s = {
        .saved = saved, .habit = habit, .near.cost = SIZE_MAX, .any.cost = SIZE_MAX};
    bug_on(!p->texts.n);
    tally_add(&s.tally, saved, 1);
    search_known(p, &s);
    bool all = !s.near.at || (p->in_doubt && !s.any.cost) || may_pass_wall(&s);
    const struct choice *known = all ? &s.any : &s.near;
    bool newest = is_of_newest(p, &s, known);
    newest |= !newest && is_meant(p, &s, known);
    buf_add_str(base, newest ? buf_str(&p->newest) : buf_str(&known->text));
    buf_finish(&s.near.text);
    buf_finish(&s.any.text);
    buf_finish(&s.wall_text);
    buf_finish(&s.likely_text);
    buf_finish(&s.news);
}
