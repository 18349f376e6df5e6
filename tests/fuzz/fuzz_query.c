/* A query and a text with a NUL between them: whatever is taken finds the same twice, and its
 * excerpt is one short line of UTF-8 with the marks inside. */
#include "fuzz.h"
#include "hit.h"
#include "utf8.h"
#include "words.h"

#include <stdlib.h>

static void check_words(struct str text)
{
    struct buf once = {0}, twice = {0};
    words_print(&once, text);
    words_print(&twice, buf_str(&once));
    bug_on(!str_eq(buf_str(&once), buf_str(&twice)));
    for (size_t i = 0; i < once.n; i++) { /* what the index takes for one word is one */
        unsigned char c = (unsigned char)once.p[i];
        bug_on(c < 0x80 && c != ' ' && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z'));
    }
    buf_finish(&once);
    buf_finish(&twice);
}

static void check_excerpt(const struct query *q, struct str text)
{
    struct hit h = {0};
    hit_excerpt(&h, q, text);
    struct str excerpt = buf_str(&h.excerpt);
    size_t chars = utf8_chars(excerpt), at = 0;
    bug_on(!utf8_is_valid(excerpt) || str_has(excerpt, '\n') || chars > EXCERPT_CHARS_MAX + 1);
    for (size_t i = 0; i < h.marks_n; i++) {
        bug_on(h.marks[i].at < at || h.marks[i].n == 0);
        at = h.marks[i].at + h.marks[i].n;
    }
    bug_on(at > chars);
    hit_finish(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size}, line = str_cut(&text, '\0');
    struct query q = {0};
    struct err e = {0};
    check_words(text);
    if (!query_parse(&q, line, (struct query_time){INT64_C(1798421400000), 60}, &e)) {
        bug_on(e.code != ERR_USAGE || !utf8_is_valid(str_of(e.text)));
        return 0;
    }
    struct hit_text t = {FOUND_CHAT, {"ana", 3}, text, 7, INT64_C(1798421300000), false};
    bug_on(hit_score(&q, &t) != hit_score(&q, &t) || hit_score(&q, &t) < 0);
    check_excerpt(&q, text);
    query_finish(&q);
    return 0;
}
