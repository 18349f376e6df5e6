/* Grids of chance on a real terminal: whatever ncurses makes of the way from one to the next,
 * each cell leads where it should, and none anywhere else. */
#include "chance.h"
#include "hyperlink.h"
#include "link_reader.h"
#include "term.h"
#include "wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 10000 };

/* The other end of the terminal that the test itself has. */
struct stage {
    int master;
    struct term *term;
    struct link_reader *reader;
    struct grid grid;
    struct buf read; /* since the last frame began */
    int frames;
};

static void set_size(struct stage *s, int w, int h)
{
    struct winsize size = {.ws_col = (unsigned short)w, .ws_row = (unsigned short)h};
    assert_int_equal(ioctl(s->master, TIOCSWINSZ, &size), 0);
    if (s->reader)
        link_reader_resize(s->reader, h, w);
    if (s->term)
        term_size(s->term, &w, &h);
    grid_resize(&s->grid, w, h);
}

static void read_until(struct stage *s, const char *wanted)
{
    int64_t end = clock_ms() + WAIT_MS;
    while (!strstr(buf_cstr(&s->read), wanted)) {
        struct pollfd p = {.fd = s->master, .events = POLLIN};
        char bytes[4096];
        assert_true(clock_ms() < end);
        ssize_t n = poll(&p, 1, 100) > 0 ? read(s->master, bytes, sizeof bytes) : 0;
        if (n > 0)
            buf_add(&s->read, bytes, (size_t)n);
        term_flush(s->term);
    }
}

/* The title comes behind the frame, and tells that all of it was read. */
static void read_frame(struct stage *s)
{
    char title[40];
    snprintf(title, sizeof title, "frame %d.", ++s->frames);
    term_title(s->term, str_of(title));
    read_until(s, title);
    link_reader_feed(s->reader, s->read.p, s->read.n);
    buf_clear(&s->read);
}

/* ---- what is drawn ---- */

static void link_name(size_t i, char out[64])
{
    static const char *const hosts[] = {"https://a/%zu", "https://a/%zu;x=\u00fc",
                                        "file:///%zu", "https://a/\033%zu"};
    const char *host = hosts[i % 16 < 13 ? 0 : i % 16 - 12];
    char number[24];
    snprintf(number, sizeof number, "%zu", i);
    const char *at = strstr(host, "%zu");
    snprintf(out, 64, "%.*s%s%s", (int)(at - host), host, number, at + 3);
}

static struct style some_style(struct chance *c)
{
    static const unsigned char attrs[] = {0, 0, STYLE_UNDERLINE, STYLE_REVERSE, STYLE_BOLD};
    return (struct style){.fg = chance_is(c, 40) ? (short)chance_below(c, 8) : COLOR_NONE,
                          .bg = chance_is(c, 20) ? (short)chance_below(c, 8) : COLOR_NONE,
                          .attrs = attrs[chance_below(c, COUNT_OF(attrs))]};
}

static void draw_words(struct stage *s, struct chance *c, int y, size_t links)
{
    static const char *const words[] = {"word",
                                        "the same words again",
                                        "    ",
                                        "a          b",
                                        "-",
                                        "\u4e2d\u6587",
                                        "e\u0301o\u0302\u0323u\u0301\u0302\u0303\u0304\u0305",
                                        "\u2764\ufe0f",
                                        "\U0001f600\U0001f468\u200d\U0001f469",
                                        "x\U000e0100y\U000e01efz",
                                        "\U000e0101",
                                        "\u00ad\u1160\u0e33",
                                        "\u1112\u1161\u11ab"};
    /* The last corner of some terminals is written by inserting in front of it, and ncurses
     * takes a wide character apart that stands there. */
    struct rect all = {0, 0, s->grid.w - (y + 1 == s->grid.h ? 4 : 0), s->grid.h};
    struct style style = some_style(c);
    int x = (int)chance_below(c, 6);
    char address[64];
    while (x < s->grid.w) {
        style = chance_is(c, 30) ? some_style(c) : style;
        style.link = 0;
        if (chance_is(c, 50)) {
            link_name(chance_below(c, links), address);
            style.link = grid_link(&s->grid, str_of(address));
        }
        x = grid_text(&s->grid, all, x, y, style,
                      str_of(words[chance_below(c, COUNT_OF(words))]));
        x += (int)chance_below(c, 3);
    }
}

/* Rows of the frame before, moved or not, have to come out of the same seeds. */
struct rows {
    uint64_t seeds[64];
};

static void change_rows(struct rows *r, struct chance *c, int h)
{
    size_t by = chance_below(c, 4), n = (size_t)h;
    if (chance_is(c, 30)) {
        memmove(r->seeds, r->seeds + by, (64 - by) * sizeof *r->seeds);
        for (size_t i = 0; i < by; i++)
            r->seeds[64 - 1 - i] = chance_next(c);
    }
    for (size_t i = chance_below(c, 4); i > 0; i--)
        r->seeds[chance_below(c, n)] = chance_next(c);
}

static void draw_frame(struct stage *s, const struct rows *r, struct chance *c, size_t links)
{
    grid_clear(&s->grid, (struct style){COLOR_NONE, COLOR_NONE, 0, 0});
    for (int y = 0; y < s->grid.h; y++) {
        struct chance row = {.seed = r->seeds[y]};
        draw_words(s, &row, y, links);
    }
    if (chance_is(c, 30)) { /* something stands over it */
        struct rect box = {(int)chance_below(c, 30), (int)chance_below(c, 10), 20, 5};
        grid_fill(&s->grid, box, some_style(c));
        grid_text(&s->grid, box, box.x + 1, box.y + 1, some_style(c), STR("a dialog"));
    }
    assert_true(grid_check(&s->grid));
}

/* ---- what is seen ---- */

/* The link of a cell as the reader calls it, less its id; NULL: none can be sent. */
static bool leads_right(const char *seen, struct str address, bool may_lack)
{
    struct buf wanted = {0};
    const char *at = strchr(seen, ' ');
    bool is_sent = address.n && hyperlink_address(address, &wanted);
    bool right =
        seen[0] ? is_sent && at && str_is(buf_str(&wanted), at + 1) : !is_sent || may_lack;
    buf_finish(&wanted);
    return right;
}

static void check_frame(struct stage *s, bool may_lack)
{
    assert_false(link_reader_is_open(s->reader));
    for (int y = 0; y < s->grid.h; y++)
        for (int x = 0; x < s->grid.w; x++) {
            const struct cell *cell = grid_at(&s->grid, x, y);
            struct str address = grid_address(&s->grid, cell->style.link);
            const char *seen = link_reader_at(s->reader, y, x);
            if (!leads_right(seen, address, may_lack))
                fail_msg("frame %d, column %d of row %d: leads to '%s', not to '%.*s'",
                         s->frames, x, y, seen, STR_ARG(address));
        }
}

static void play(struct stage *s, uint64_t seed, size_t links, int frames)
{
    struct chance c = {.seed = seed};
    struct rows rows = {0};
    for (int i = 0; i < frames; i++) {
        change_rows(&rows, &c, s->grid.h);
        draw_frame(s, &rows, &c, links);
        if (chance_is(&c, 5))
            term_redraw(s->term);
        if (chance_is(&c, 3)) {
            term_leave(s->term);
            term_enter(s->term);
        }
        term_draw(s->term, &s->grid);
        read_frame(s);
        check_frame(s, links > 100);
        if (chance_is(&c, 5))
            set_size(s, 20 + (int)chance_below(&c, 60), 6 + (int)chance_below(&c, 18));
    }
}

static void with_terminal(struct stage *s, const char *kind, bool links)
{
    struct err e = {0};
    setenv("TERM", kind, 1);
    set_size(s, 70, 20);
    s->reader = link_reader_new(20, 70);
    s->term = term_new(&e);
    if (!s->term)
        fail_msg("TERM=%s: %s", kind, e.text);
    term_links(s->term, links);
}

static void without_terminal(struct stage *s)
{
    term_free(s->term);
    link_reader_free(s->reader);
    grid_finish(&s->grid);
    buf_finish(&s->read);
    *s = (struct stage){.master = s->master, .frames = s->frames};
}

static void each_cell_leads_where_it_should(void **state)
{
    static const char *const kinds[] = {"xterm-256color", "tmux-256color", "screen-256color",
                                        "xterm", "rxvt"};
    struct stage *s = *state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        with_terminal(s, kinds[i], true);
        play(s, i, 30, 60);
        without_terminal(s);
    }
}

/* More of them than there are numbers: some lead nowhere, none elsewhere. */
static void of_too_many_links_none_leads_elsewhere(void **state)
{
    struct stage *s = *state;
    with_terminal(s, "xterm-256color", true);
    play(s, 1, 2000, 120);
    without_terminal(s);
}

static void two_links_that_look_alike_are_two(void **state)
{
    static const char *const addresses[] = {"https://a/", "https://b/", "", "https://b/"};
    struct stage *s = *state;
    with_terminal(s, "xterm-256color", true);
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        struct style style = {COLOR_NONE, COLOR_NONE, STYLE_UNDERLINE, 0};
        grid_clear(&s->grid, (struct style){COLOR_NONE, COLOR_NONE, 0, 0});
        style.link = grid_link(&s->grid, str_of(addresses[i]));
        grid_text(&s->grid, (struct rect){0, 0, 70, 20}, 3, 3, style, STR("here"));
        term_draw(s->term, &s->grid);
        read_frame(s);
        check_frame(s, false);
    }
    without_terminal(s);
}

static void switched_off_none_is_sent(void **state)
{
    struct stage *s = *state;
    with_terminal(s, "xterm-256color", false);
    struct style style = {COLOR_NONE, COLOR_NONE, STYLE_UNDERLINE, 0};
    grid_clear(&s->grid, style);
    style.link = grid_link(&s->grid, STR("https://a/"));
    grid_text(&s->grid, (struct rect){0, 0, 70, 20}, 3, 3, style, STR("here"));
    term_draw(s->term, &s->grid);
    read_frame(s);
    for (int x = 0; x < 70; x++)
        assert_string_equal(link_reader_at(s->reader, 3, x), "");
    without_terminal(s);
}

/* OSC 52, with padding for each length. */
static void what_is_copied_goes_to_the_terminal(void **state)
{
    static const char *const rows[][2] = {{"a", "\033]52;c;YQ==\a"},
                                          {"ab", "\033]52;c;YWI=\a"},
                                          {"abc\xff", "\033]52;c;YWJj/w==\a"}};
    struct stage *s = *state;
    with_terminal(s, "xterm-256color", true);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        term_copy(s->term, str_of(rows[i][0]));
        read_until(s, rows[i][1]);
        buf_clear(&s->read);
    }
    without_terminal(s);
}

static int play_all(int master)
{
    struct stage s = {.master = master};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(each_cell_leads_where_it_should, &s),
        cmocka_unit_test_prestate(of_too_many_links_none_leads_elsewhere, &s),
        cmocka_unit_test_prestate(two_links_that_look_alike_are_two, &s),
        cmocka_unit_test_prestate(switched_off_none_is_sent, &s),
        cmocka_unit_test_prestate(what_is_copied_goes_to_the_terminal, &s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A terminal is had by who leads a session: that is a child. */
int main(void)
{
    int status = 1, master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        return 1;
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        int tty = open(ptsname(master), O_RDWR);
        setenv("LC_ALL", "C.UTF-8", 1);
        return tty < 0 || ioctl(tty, TIOCSCTTY, 0) != 0 ? 1 : play_all(master);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
