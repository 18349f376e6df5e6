#ifndef MOOT_TEST_SESSION_KIT_H
#define MOOT_TEST_SESSION_KIT_H

#include "session.h"

#define WELCOME                                                                                \
    "{\"type\":\"welcome\",\"version\":1,\"server\":\"mootd\",\"user\":\"ana\","               \
    "\"admin\":false,\"session\":5,\"time\":1,\"heartbeat\":25,\"rooms\":["                    \
    "{\"room\":\"#core\",\"role\":\"member\",\"public\":true,\"seq\":3,\"members\":1}]}"
#define SNAPSHOT                                                                               \
    "{\"type\":\"snapshot\",\"room\":\"#core\",\"seq\":3,\"public\":true,\"part\":0,"          \
    "\"more\":false,\"next_number\":2,\"columns\":[{\"name\":\"Todo\"}],\"tasks\":[{"          \
    "\"number\":1,\"title\":\"one\",\"column\":\"Todo\",\"key\":\"V\"}],\"members\":[{"        \
    "\"user\":\"ana\",\"role\":\"member\",\"online\":true}]}"
#define SYNCED "{\"type\":\"synced\",\"room\":\"#core\",\"seq\":3}"

/* A session, the effects of the last step, and what its listener was told. */
struct fixture {
    struct session s;
    struct effects out;
    int64_t now;
    size_t messages, refused, asked;
    bool asks; /* a person about what is in conflict */
    enum msg_type last;
    char refused_text[100];
    struct err why;
};

int set_up(void **state);
int tear_down(void **state);
void hear(struct fixture *f, const char *json);
void pass(struct fixture *f, int64_t ms);
void link_up(struct fixture *f);
void sign_in(struct fixture *f);
void be_in_room(struct fixture *f);
void lose(struct fixture *f, enum err_code code);
int64_t post(struct fixture *f, const char *text);
size_t count_of(const struct fixture *f, enum effect_kind kind);
bool sent(const struct fixture *f, const char *part);
size_t place(const struct fixture *f, enum effect_kind kind);

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
