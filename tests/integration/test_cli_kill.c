/* kill -9 of the server under load, again and again: what moot send said was stored is there,
 * and nothing is there twice.   test_cli_kill [ROUNDS] */
#include "server_rig.h"
#include "wait.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SENDERS = 4, MESSAGES = 8, ROUNDS = 10 };

/* Shared with the senders. */
struct tally {
    volatile int acknowledged; /* of this round */
    volatile bool is_stored[SENDERS][MESSAGES];
};

struct round {
    struct server_rig *rig;
    struct tally *tally;
    int number, kill_at;
};

static void text_of(char *out, size_t size, int round, int sender, int message)
{
    snprintf(out, size, "<%d.%d.%d>", round, sender, message);
}

static void send_all(const struct person *p, struct round *r, int sender)
{
    for (int i = 0; i < MESSAGES; i++) {
        char text[64];
        struct run out;
        text_of(text, sizeof text, r->number, sender, i);
        bool ran =
            rig_moot_run(p, &out, NULL, (const char *const[]){"send", "lobby", text, NULL});
        if (ran && out.status == 0) {
            r->tally->is_stored[sender][i] = true;
            __atomic_add_fetch(&r->tally->acknowledged, 1, __ATOMIC_SEQ_CST);
        } else {
            fprintf(stderr, "%s: status %d: %s", text, out.status, out.err);
        }
        run_finish(&out);
    }
}

static bool enough(void *arg)
{
    const struct round *r = arg;
    return r->tally->acknowledged >= r->kill_at;
}

static int count(const char *text, const char *what)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    return n;
}

/* How many of the round's messages are lost or doubled. */
static int check(const struct round *r, const char *log)
{
    int bad = 0;
    for (int s = 0; s < SENDERS; s++)
        for (int i = 0; i < MESSAGES; i++) {
            char text[64];
            text_of(text, sizeof text, r->number, s, i);
            int n = count(log, text);
            if (n == 1 || (n == 0 && !r->tally->is_stored[s][i]))
                continue;
            fprintf(stderr, "%s is there %d times\n", text, n);
            bad++;
        }
    return bad;
}

static int play(struct round *r, const struct person *p)
{
    pid_t senders[SENDERS];
    memset(r->tally, 0, sizeof *r->tally);
    fflush(NULL);
    for (int s = 0; s < SENDERS; s++) {
        senders[s] = fork();
        if (senders[s] == 0) {
            send_all(p, r, s);
            _exit(0);
        }
    }
    bool ok = wait_for(enough, r, 6 * SOON);
    rig_kill(r->rig);
    ok = rig_up(r->rig) && ok;
    for (int s = 0; s < SENDERS; s++)
        waitpid(senders[s], NULL, 0);
    struct run log;
    ok = rig_moot_run(p, &log, NULL, (const char *const[]){"tail", "lobby", "--json", NULL}) &&
         log.status == 0 && ok;
    int bad = check(r, log.out);
    printf("round %d: killed after %d, %d of %d acknowledged, %d lost or doubled\n", r->number,
           r->kill_at, r->tally->acknowledged, SENDERS * MESSAGES, bad);
    run_finish(&log);
    return ok ? bad : bad + 1;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : ROUNDS, bad = 0;
    struct server_rig rig;
    struct person me;
    struct tally *tally =
        mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (tally == MAP_FAILED || !rig_start(&rig) || !rig_me(&rig, &me))
        return 1;
    for (int i = 0; i < rounds; i++) {
        struct round r = {&rig, tally, i, 1 + i * 7 % (SENDERS * MESSAGES - 4)};
        bad += play(&r, &me);
    }
    person_finish(&me);
    rig_finish(&rig);
    munmap(tally, sizeof *tally);
    printf("%d rounds: %d lost or doubled\n", rounds, bad);
    return bad != 0;
}
