#include "peer.h"

#include <arpa/inet.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A listener in a new folder; its end of a connection made by an account of this number. */
struct meeting {
    char folder[64];
    struct sockaddr_un at;
    int listener, fd;
};

static void listen_for_anyone(struct meeting *m)
{
    snprintf(m->folder, sizeof m->folder, "/tmp/moot-peer-XXXXXX");
    assert_non_null(mkdtemp(m->folder));
    m->at = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(m->at.sun_path, sizeof m->at.sun_path, "%.40s/s", m->folder);
    m->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(m->listener >= 0);
    assert_int_equal(bind(m->listener, (struct sockaddr *)&m->at, sizeof m->at), 0);
    assert_int_equal(listen(m->listener, 1), 0);
}

static void connect_as(struct meeting *m, uid_t uid)
{
    listen_for_anyone(m);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    /* Root may connect to any socket; the other account has to be let into folder and socket.
     */
    assert_int_equal(chown(m->folder, uid, (gid_t)-1), 0);
    assert_int_equal(chown(m->at.sun_path, uid, (gid_t)-1), 0);
    assert_int_equal(seteuid(uid), 0);
    int rc = connect(fd, (struct sockaddr *)&m->at, sizeof m->at);
    assert_int_equal(seteuid(getuid()), 0);
    assert_int_equal(rc, 0);
    m->fd = accept4(m->listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(m->fd >= 0);
    close(fd);
}

static void part(struct meeting *m)
{
    close(m->fd);
    close(m->listener);
    unlink(m->at.sun_path);
    rmdir(m->folder);
}

static void own_account_is_an_admin_under_its_name(void **state)
{
    (void)state;
    struct meeting m;
    connect_as(&m, getuid());
    char name[33] = "";
    bool admin = false;
    struct err e = {0};
    assert_true(peer_of(m.fd, name, &admin, &e));
    const struct passwd *me = getpwuid(getuid());
    if (me)
        assert_string_equal(name, me->pw_name);
    assert_true(admin);
    part(&m);
}

static const struct {
    uid_t uid;
    const char *name; /* NULL: as the system says */
} others[] = {{1, NULL}, {65534, NULL}, {59999, "uid59999"}, {4000000000u, "uid4000000000"}};

static void must_be(size_t i, const char *name, bool admin)
{
    const struct passwd *account = getpwuid(others[i].uid);
    assert_true(account || others[i].name);
    assert_string_equal(name, account ? account->pw_name : others[i].name);
    assert_int_equal(admin, others[i].uid == geteuid());
}

static void other_accounts_are_people_under_their_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        char name[33] = "";
        bool admin = true;
        peer_account(others[i].uid, name, &admin);
        must_be(i, name, admin);
    }
}

/* Takes root: nobody else can come as another account. */
static void system_says_which_account_connects(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct meeting m;
        connect_as(&m, others[i].uid);
        char name[33] = "";
        bool admin = true;
        struct err e = {0};
        assert_true(peer_of(m.fd, name, &admin, &e));
        must_be(i, name, admin);
        part(&m);
    }
}

static void what_is_no_unix_socket_has_nobody_at_the_other_end(void **state)
{
    (void)state;
    int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    const int not_sockets[] = {tcp, fds[0], -1};
    for (size_t i = 0; i < COUNT_OF(not_sockets); i++) {
        char name[33];
        bool admin;
        struct err e = {0};
        assert_false(peer_of(not_sockets[i], name, &admin, &e));
        assert_int_equal(e.code, ERR_NOT_SIGNED_IN);
    }
    close(tcp);
    close(fds[0]);
    close(fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_account_is_an_admin_under_its_name),
        cmocka_unit_test(other_accounts_are_people_under_their_names),
        cmocka_unit_test(what_is_no_unix_socket_has_nobody_at_the_other_end),
    };
    const struct CMUnitTest as_root[] = {
        cmocka_unit_test(system_says_which_account_connects),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (getuid() == 0)
        return failed + cmocka_run_group_tests(as_root, NULL, NULL);
    puts("NOT TRIED: connecting as other accounts takes root");
    return failed;
}
