#include "post.h"

#include "address.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { POLL_MS = 1000 };

/* One request, from its submission to its answer. */
struct errand {
    struct posts *posts;
    struct post_answer answer;
    CURL *easy;
    struct curl_slist *headers;
    struct buf url, body;
    size_t read;     /* bytes of the answer's body */
    bool is_refused; /* the address is none that may be sent to */
    char words[CURL_ERROR_SIZE];
};

struct posts {
    bool is_private_ok;
    void (*wake)(void *arg);
    void *arg;
    pthread_t thread;
    CURLM *multi;
    VEC(struct errand *) under_way; /* the thread's */
    pthread_mutex_t lock;           /* for everything below */
    VEC(struct errand *) submitted, done;
    bool is_stopping;
};

static void errand_free(struct errand *x)
{
    if (x->easy)
        curl_easy_cleanup(x->easy);
    curl_slist_free_all(x->headers);
    buf_finish(&x->url);
    buf_finish(&x->body);
    free(x);
}

/* ---- what libcurl asks ---- */

/* Asked for each address that the name stands for, when it is about to be connected to: so no
 * name that changes its mind leads where it may not. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct errand *x = arg;
    if (purpose != CURLSOCKTYPE_IPCXN ||
        (!x->posts->is_private_ok && !address_is_public(&a->addr))) {
        x->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t pass_over(char *p, size_t size, size_t n, void *arg)
{
    struct errand *x = arg;
    (void)p;
    x->read += size * n;
    return x->read <= POST_ANSWER_MAX ? size * n : 0;
}

/* ---- in the thread ---- */

static bool set_up(struct errand *x)
{
    CURL *e = x->easy = curl_easy_init();
    if (!e)
        return false;
    curl_easy_setopt(e, CURLOPT_PRIVATE, x);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, x->words);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_PROXY, ""); /* or its address would be all that is checked */
    curl_easy_setopt(e, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)POST_WITHIN_MS);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)POST_CONNECT_MS);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, x);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, pass_over);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, x->headers);
    curl_easy_setopt(e, CURLOPT_USERAGENT, "moot/" MOOT_VERSION);
    curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.n);
    curl_easy_setopt(e, CURLOPT_POSTFIELDS, x->body.p);
    /* An old library would do more than that, so it is better not to begin. */
    return curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_URL, buf_cstr(&x->url)) == CURLE_OK;
}

static void finish(struct posts *p, struct errand *x)
{
    pthread_mutex_lock(&p->lock);
    vec_push(&p->done, x);
    pthread_mutex_unlock(&p->lock);
    p->wake(p->arg);
}

static void begin(struct posts *p, struct errand *x)
{
    if (set_up(x) && curl_multi_add_handle(p->multi, x->easy) == CURLM_OK) {
        vec_push(&p->under_way, x);
        return;
    }
    fail(&x->answer.err, ERR_INTERNAL, "libcurl does not take the request");
    finish(p, x);
}

static void forget(struct posts *p, struct errand *x)
{
    size_t i = 0;
    while (p->under_way.v[i] != x)
        i++;
    vec_remove(&p->under_way, i);
    curl_multi_remove_handle(p->multi, x->easy);
}

/* Whoever answered did so, also when the rest of the answer was too long to be waited for. */
static void take_answer(struct errand *x, CURLcode code)
{
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(x->easy, CURLINFO_RETRY_AFTER, &wait);
    bool is_answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && status);
    x->answer.status = is_answered ? (int)status : 0;
    x->answer.retry_after = wait;
    if (is_answered)
        return;
    if (x->is_refused)
        fail(&x->answer.err, ERR_FORBIDDEN,
             "the address is one of this machine or a network of its own, which only the "
             "server's option hooks-private allows");
    else
        fail(&x->answer.err, ERR_UNREACHABLE, "%s",
             x->words[0] ? x->words : curl_easy_strerror(code));
}

static void collect(struct posts *p)
{
    CURLMsg *m;
    int left;
    while ((m = curl_multi_info_read(p->multi, &left))) {
        struct errand *x = NULL;
        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode code = m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&x);
        take_answer(x, code);
        forget(p, x);
        finish(p, x);
    }
}

/* False when it is time to end. */
static bool take_submitted(struct posts *p)
{
    VEC(struct errand *) news = {0};
    pthread_mutex_lock(&p->lock);
    bool goes_on = !p->is_stopping;
    vec_each (x, &p->submitted)
        vec_push(&news, *x);
    p->submitted.n = 0;
    pthread_mutex_unlock(&p->lock);
    vec_each (x, &news)
        begin(p, *x);
    vec_finish(&news);
    return goes_on;
}

static void *run(void *arg)
{
    struct posts *p = arg;
    int running;
    while (take_submitted(p)) {
        curl_multi_perform(p->multi, &running);
        collect(p);
        curl_multi_poll(p->multi, NULL, 0, POLL_MS, NULL);
    }
    while (p->under_way.n) {
        struct errand *x = p->under_way.v[0];
        forget(p, x);
        errand_free(x);
    }
    return NULL;
}

/* ---- from outside ---- */

static bool start_thread(struct posts *p)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the loop */
    bool ok = pthread_create(&p->thread, NULL, run, p) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

struct posts *posts_start(bool is_private_ok, void (*wake)(void *arg), void *arg)
{
    struct posts *p = NEW(struct posts);
    p->is_private_ok = is_private_ok;
    p->wake = wake;
    p->arg = arg;
    pthread_mutex_init(&p->lock, NULL);
    bug_on(curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK);
    p->multi = curl_multi_init();
    bug_on(!p->multi);
    curl_multi_setopt(p->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)POSTS_AT_ONCE);
    curl_multi_setopt(p->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)POSTS_TO_A_HOST);
    if (start_thread(p))
        return p;
    curl_multi_cleanup(p->multi);
    curl_global_cleanup();
    pthread_mutex_destroy(&p->lock);
    free(p);
    return NULL;
}

void posts_submit(struct posts *p, const struct post *post)
{
    struct errand *x = NEW(struct errand);
    x->posts = p;
    x->answer.tag = post->tag;
    buf_add_str(&x->url, post->url);
    buf_add_str(&x->body, post->body);
    for (size_t i = 0; i < POST_HEADERS; i++) {
        struct buf line = {0};
        buf_add_str(&line, post->headers[i]);
        if (line.n)
            x->headers = curl_slist_append(x->headers, buf_cstr(&line));
        buf_finish(&line);
    }
    x->headers = curl_slist_append(x->headers, "Content-Type: application/json");
    x->headers = curl_slist_append(x->headers, "Expect:"); /* nobody is asked before */
    pthread_mutex_lock(&p->lock);
    vec_push(&p->submitted, x);
    pthread_mutex_unlock(&p->lock);
    curl_multi_wakeup(p->multi);
}

bool posts_collect(struct posts *p, struct post_answer *out)
{
    struct errand *x = NULL;
    pthread_mutex_lock(&p->lock);
    if (p->done.n) {
        x = p->done.v[0];
        vec_remove(&p->done, 0);
    }
    pthread_mutex_unlock(&p->lock);
    if (!x)
        return false;
    *out = x->answer;
    errand_free(x);
    return true;
}

void posts_stop(struct posts *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->is_stopping = true;
    pthread_mutex_unlock(&p->lock);
    curl_multi_wakeup(p->multi);
    pthread_join(p->thread, NULL);
    vec_each (x, &p->submitted)
        errand_free(*x);
    vec_each (x, &p->done)
        errand_free(*x);
    vec_finish(&p->submitted);
    vec_finish(&p->done);
    vec_finish(&p->under_way);
    curl_multi_cleanup(p->multi);
    curl_global_cleanup();
    pthread_mutex_destroy(&p->lock);
    free(p);
}
