/* The longest that one question can hold the thread that reads, and so everybody else's, in a
 * database of many messages: each kind of question where it is worst. bench_reads DIR
 * [MESSAGES] A database that is in DIR already is asked again. */
#include "measure.h"
#include "store.h"
#include "store_kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { GROUP = 512, ROUNDS = 5, CARDS = 2000, ROOMS = 200, PER_ROOM = 1500, SCAN = 20000 };

struct bench {
    struct store *s;
    struct store_job *jobs[GROUP];
    size_t n;
    int64_t id, messages, worst_ns;
};

/* ---- filling ---- */

static void flush(struct bench *b)
{
    if (b->n)
        b->s->write(b->s, b->jobs, b->n);
    for (size_t i = 0; i < b->n; i++) {
        if (b->jobs[i]->err.code != ERR_NONE)
            fprintf(stderr, "bench_reads: %s\n", b->jobs[i]->err.text);
        store_job_free(b->jobs[i]);
    }
    b->n = 0;
}

static void put(struct bench *b, struct store_job *j)
{
    b->jobs[b->n++] = j;
    if (b->n == GROUP)
        flush(b);
}

/* Chat whose words "even" and "odd" are in a half of it each, and never together. */
static void fill_chat(struct bench *b)
{
    char text[100];
    put(b, kit_room("#chat", ++b->id));
    for (int64_t seq = 2; seq < b->messages + 2; seq++) {
        snprintf(text, sizeof text, "the %s message w%" PRId64 " of a long day",
                 seq % 2 ? "odd" : "even", seq % 1000);
        put(b, kit_message("#chat", seq, ++b->id, text));
    }
}

/* Comments in front of all chat, and a board of which each event is about the same cards. */
static void fill_board(struct bench *b)
{
    put(b, kit_room("#board", ++b->id));
    int64_t seq = 2;
    for (int64_t i = 1; i <= CARDS; i++, seq++)
        put(b, kit_task("#board", seq, ++b->id, MSG_TASK_ADDED,
                        (struct store_task){i, STR("A card"), STR("Todo"), STR("V"),
                                            .values = {0}}));
    for (int64_t i = 0; i < b->messages / 2; i++, seq++)
        put(b, kit_answer("#board", seq, ++b->id, 1 + i % CARDS, 0, "a comment"));
    for (int64_t i = 0; i < b->messages / 2; i++, seq++)
        put(b, kit_task("#board", seq, ++b->id, MSG_TASK_MOVED,
                        (struct store_task){1 + i % 2, STR("A card"),
                                            i % 4 < 2 ? STR("Doing") : STR("Todo"), STR("V"),
                                            .values = {0}}));
}

/* One message to which something is done again and again. */
static void fill_reactions(struct bench *b)
{
    put(b, kit_room("#react", ++b->id));
    put(b, kit_message("#react", 2, ++b->id, "the one"));
    for (int64_t seq = 3; seq < b->messages / 4; seq++)
        put(b, kit_change("#react", seq, ++b->id,
                          (struct store_change){.kind = CHANGE_REACTION,
                                                .message = 2,
                                                .emoji = STR(":tada:"),
                                                .gone = seq % 2 == 0}));
}

static void fill_rooms(struct bench *b)
{
    for (int i = 0; i < ROOMS; i++) {
        char name[20];
        snprintf(name, sizeof name, "#room%d", i);
        put(b, kit_room(name, ++b->id));
        for (int64_t seq = 2; seq < PER_ROOM; seq++)
            put(b, kit_message(name, seq, ++b->id, "what is said in one of many rooms @ana"));
        flush(b);
    }
}

static void take_in(struct bench *b)
{
    bool more = true;
    while (more) {
        struct store_job *j = store_job_new(JOB_INDEX);
        b->s->write(b->s, &j, 1);
        more = j->more;
        store_job_free(j);
    }
}

static void fill(struct bench *b)
{
    int64_t start = clock_ns();
    fill_chat(b);
    fill_board(b);
    fill_reactions(b);
    fill_rooms(b);
    flush(b);
    take_in(b);
    printf("filled in %.0f s\n", (double)(clock_ns() - start) / 1e9);
}

/* ---- asking ---- */

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* j stays the caller's: asked ROUNDS times. */
static void ask(struct bench *b, const char *what, const struct store_job *q)
{
    int64_t took[ROUNDS], longest = 0;
    char said[100] = "";
    for (int i = 0; i < ROUNDS; i++) {
        struct store_job *j = store_job_new(q->kind);
        struct arena own = j->arena;
        *j = *q;
        j->arena = own;
        took[i] = 0;
        do {
            int64_t start = clock_ns();
            b->s->read(b->s, j);
            int64_t part = clock_ns() - start;
            took[i] += part;
            longest = i ? MAX(longest, part) : 0; /* the first round warms up */
        } while (j->unfinished);
        snprintf(said, sizeof said, "%.90s", j->err.text);
        store_job_free(j);
    }
    qsort(took, ROUNDS, sizeof *took, by_value);
    b->worst_ns = MAX(b->worst_ns, longest);
    printf("  %-52s %9.2f ms, at most %9.2f ms at a time  %s\n", what,
           (double)took[ROUNDS / 2] / 1e6, (double)longest / 1e6, said);
}

static void ask_search(struct bench *b, const char *query, enum search_order order,
                       size_t n_rooms, struct str *rooms)
{
    struct store_job j = {.kind = JOB_SEARCH};
    char what[80];
    j.search = (struct store_search){
        .query = str_of(query), .now = KIT_TIME(2000000), .limit = 50, .order = order};
    j.search.rooms.v = rooms;
    j.search.rooms.n = n_rooms;
    snprintf(what, sizeof what, "search %s, %s, %zu room%s", query, search_order_name(order),
             n_rooms, n_rooms == 1 ? "" : "s");
    ask(b, what, &j);
}

static struct store_job page(enum store_job_kind kind, const char *room)
{
    return (struct store_job){.kind = kind,
                              .room = str_of(room),
                              .from = SEQ_MAX,
                              .limit = 200,
                              .bytes_limit = 1 << 20};
}

static void ask_rooms(struct bench *b)
{
    struct store_job j = page(JOB_ROOM, "#chat");
    ask(b, "a room of much chat", &j);
    j = page(JOB_ROOM, "#board");
    ask(b, "a room of which all is about cards", &j);
    j = (struct store_job){.kind = JOB_BOOT};
    ask(b, "the start", &j);
}

static void ask_pages(struct bench *b)
{
    struct store_job j = page(JOB_HISTORY, "#chat");
    ask(b, "history", &j);
    j.around = true;
    j.time = KIT_TIME(b->messages / 2);
    ask(b, "history around a time", &j);
    j = page(JOB_HISTORY, "#board");
    ask(b, "history where all are comments", &j);
    j.text = 2;
    ask(b, "comments of a card that moves a lot", &j);
    j = page(JOB_HISTORY, "#react");
    j.reply = 2;
    ask(b, "answers to what many react to", &j);
    j = page(JOB_EVENTS, "#chat");
    j.from = 1;
    ask(b, "events", &j);
    j = page(JOB_ACTIVITY, "#chat");
    ask(b, "activity where there is only chat", &j);
    j = page(JOB_ACTIVITY, "#board");
    j.author = STR("nobody");
    ask(b, "activity of somebody who did nothing", &j);
    j.text = 2;
    ask(b, "  on one card", &j);
    j = page(JOB_ACTIVITY, "#chat");
    j.concerns = STR("nobody");
    ask(b, "what concerns somebody who is not named", &j);
}

static void ask_retention(struct bench *b)
{
    static const int64_t counts[] = {100, 1000, 1000000};
    struct store_job j = page(JOB_TRIMMABLE, "#chat");
    char what[60];
    j.from = 0;
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        j.trim = (struct store_trim){.keep.count = counts[i], .scan = SCAN, .most = PER_ROOM};
        snprintf(what, sizeof what, "retention: the newest %" PRId64, counts[i]);
        ask(b, what, &j);
    }
    j.trim = (struct store_trim){
        .keep.age = 3600, .before = KIT_TIME(b->messages), .scan = SCAN, .most = PER_ROOM};
    ask(b, "retention: by age", &j);
    j.room = STR("#board");
    ask(b, "retention: where all are comments", &j);
}

static void ask_many_rooms(struct bench *b, struct str *rooms)
{
    struct store_unread *unread = mem_new(ROOMS * sizeof *unread);
    struct store_job j = {.kind = JOB_UNREAD, .author = STR("bo")};
    for (int i = 0; i < ROOMS; i++)
        unread[i] = (struct store_unread){.room = rooms[i]};
    j.unread.v = unread;
    j.unread.n = ROOMS;
    ask(b, "unread in 200 rooms", &j);
    ask_search(b, "said", ORDER_TIME, ROOMS, rooms);
    ask_search(b, "said", ORDER_RELEVANCE, ROOMS, rooms);
    ask_search(b, "said -rooms", ORDER_TIME, ROOMS, rooms);
    free(unread);
}

static void ask_searches(struct bench *b)
{
    static struct str chat = STR_ROW("#chat");
    static const char *const queries[] = {
        "message",           "message -day",        "even odd",
        "\"odd even\"",      "\"of the message\"",  "me*",
        "w1* -message",      "message from:nobody", "message has:link",
        "from:ana -message", "\"long day\" -a",     "th* me* lo* da* -of",
    };
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        for (int order = 0; order < 2; order++)
            ask_search(b, queries[i], order ? ORDER_RELEVANCE : ORDER_TIME, 1, &chat);
}

int main(int argc, char **argv)
{
    struct bench b = {.messages = argc > 2 ? strtoll(argv[2], NULL, 10) : 1000000};
    struct err e = {0};
    struct stat st;
    char db[300], names[ROOMS][20];
    struct str rooms[ROOMS];
    if (argc < 2) {
        fprintf(stderr, "bench_reads DIR [MESSAGES]\n");
        return 2;
    }
    snprintf(db, sizeof db, "%.250s/reads.db", argv[1]);
    bool is_there = stat(db, &st) == 0;
    if (!(b.s = store_sqlite_open(db, &e))) {
        fprintf(stderr, "bench_reads: %s\n", e.text);
        return 1;
    }
    if (!is_there)
        fill(&b);
    for (int i = 0; i < ROOMS; i++) {
        snprintf(names[i], sizeof names[i], "#room%d", i);
        rooms[i] = str_of(names[i]);
    }
    ask_rooms(&b);
    ask_pages(&b);
    ask_retention(&b);
    ask_many_rooms(&b, rooms);
    ask_searches(&b);
    printf("longest_ms=%.1f\n", (double)b.worst_ns / 1e6);
    b.s->close(b.s);
    return 0;
}
