/*
 * relay: joins its stdin and stdout to the agent's socket, for a worker that takes a sandbox over. The engine's exec
 * starts it with a uid of its own, which no step has: the agent kills every process of its own uid when a step ends,
 * and a step could kill or stop a relay that had its uid.
 *
 * It connects when it has something to say, so that the first line follows the connection at once: the agent does not
 * wait long for strangers. It ends when either side does. A side that reads nothing stops the other one, and nothing
 * waits for it for ever once one side has ended.
 *
 * A step may flood the agent with connections, and ours can then be closed before it was heard: it is made again, with
 * the same words, as long as the agent has said nothing and the worker nothing more.
 *
 * Exit codes: 0 one side ended; 1 something broke; 2 no agent listens; 3 the agent closed without having said a word.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char name[] = "longshore-agent"; /* agentSocketName in agent-wire.ts */

#define FIRST_WORD_MS 30000 /* for the worker to say something */
#define CONNECT_SECONDS 5   /* while the queue of connections is full */
#define CONNECTIONS 25      /* made one after the other, at most */
#define BETWEEN_MS 20
#define LAST_WORDS_MS 1000  /* for what the agent said before it closed, where nobody may be reading */
#define LAST_ANSWER_MS 5000 /* for the agent to close after its worker did */

/* One direction. Reads only into an empty buffer: that is all the back-pressure there has to be. */
struct pipe {
  int from, to;
  size_t start, end;
  int reads, has_ended; /* how often bytes have come from `from`, and whether they are at their end */
  char bytes[65536];
};

static int fail(const char *what) {
  fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
  return 1;
}

static long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int is_empty(const struct pipe *pipe) { return pipe->start == pipe->end; }

/* Takes what there is. False where reading broke. A connection that was closed with our words unread is an end. */
static int take(struct pipe *pipe) {
  ssize_t length = read(pipe->from, pipe->bytes, sizeof pipe->bytes);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (length < 0 && errno != ECONNRESET) return 0;
  pipe->start = 0;
  pipe->end = length > 0 ? length : 0;
  if (length > 0) pipe->reads++;
  else pipe->has_ended = 1;
  return 1;
}

/* Gives what fits. False where nobody reads any more. */
static int give(struct pipe *pipe) {
  ssize_t length = write(pipe->to, pipe->bytes + pipe->start, pipe->end - pipe->start);
  if (length < 0) return errno == EAGAIN || errno == EINTR;
  pipe->start += length;
  return 1;
}

static int connect_to_agent(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX}; /* sun_path[0] stays 0: the abstract namespace */
  struct timeval patience = {.tv_sec = CONNECT_SECONDS};
  memcpy(address.sun_path + 1, name, sizeof name - 1);
  int agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (agent < 0) return -1;
  /* connect() waits as long as send() may. */
  if (setsockopt(agent, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0) return -1;
  /* No byte ends the name, the length does: a 0, then the name; so much as sizeof counts with the 0 behind it. */
  socklen_t length = offsetof(struct sockaddr_un, sun_path) + sizeof name;
  return connect(agent, (struct sockaddr *)&address, length) < 0 ? -1 : agent;
}

static int set_nonblocking(int file) {
  int flags = fcntl(file, F_GETFL);
  return flags < 0 ? -1 : fcntl(file, F_SETFL, flags | O_NONBLOCK);
}

/* What to wait for on the two ends of a direction; -1 where it waits for nothing there. */
static void watch(struct pollfd *from, struct pollfd *to, const struct pipe *pipe) {
  from->fd = is_empty(pipe) && !pipe->has_ended ? pipe->from : -1;
  from->events = POLLIN;
  to->fd = is_empty(pipe) ? -1 : pipe->to;
  to->events = POLLOUT;
}

static void shorten(long long *deadline, int by_ms) {
  long long other = now_ms() + by_ms;
  if (*deadline < 0 || other < *deadline) *deadline = other;
}

/* Passes bytes on until one side has ended, and what is then still on its way. False where something broke. */
static int pass_on(struct pipe *in, struct pipe *out) {
  int is_shut = 0, agent_closed = 0;
  long long deadline = -1;
  while (!out->has_ended) {
    if (in->has_ended && is_empty(in) && !is_shut) {
      shutdown(in->to, SHUT_WR);
      is_shut = 1;
      shorten(&deadline, LAST_ANSWER_MS);
    }
    struct pollfd files[5];
    watch(&files[0], &files[1], in);
    watch(&files[2], &files[3], out);
    /* A worker that is frozen reads nothing, so neither do we: that the agent has closed shows only here. */
    files[4] = (struct pollfd){.fd = agent_closed ? -1 : out->from, .events = POLLRDHUP};
    long long left = deadline < 0 ? -1 : deadline - now_ms();
    if (deadline >= 0 && left <= 0) return 1;
    if (poll(files, 5, (int)left) < 0 && errno != EINTR) return 0;
    if (files[0].revents && !take(in)) return 0;
    if (files[1].revents && !give(in)) in->start = in->end; /* the agent has closed: `out` will tell */
    if (files[2].revents && !take(out)) return 0;
    if (files[3].revents && !give(out)) return 1; /* the worker has gone */
    if (files[4].revents) {
      agent_closed = 1;
      shorten(&deadline, LAST_WORDS_MS);
    }
  }
  return 1;
}

/* Waits for the worker's first words. False where there were none. */
static int hear_first(struct pipe *in) {
  struct pollfd file = {.fd = in->from, .events = POLLIN};
  return poll(&file, 1, FIRST_WORD_MS) > 0 && take(in) && in->reads > 0;
}

int main(void) {
  static struct pipe in = {.from = STDIN_FILENO}, out = {.to = STDOUT_FILENO};
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) return fail("prctl");
  signal(SIGPIPE, SIG_IGN);
  if (!hear_first(&in)) return 0;
  const size_t first = in.end;
  for (int left = CONNECTIONS;; poll(NULL, 0, BETWEEN_MS)) {
    int agent = connect_to_agent();
    if (agent < 0) {
      int is_missing = errno == ECONNREFUSED;
      if (is_missing && left < CONNECTIONS) return 3; /* it was there, and has gone */
      fail("the agent's socket");
      return is_missing ? 2 : 1;
    }
    in.to = out.from = agent;
    in.start = 0;
    in.end = first;
    out.has_ended = 0;
    if (set_nonblocking(agent) < 0 || set_nonblocking(STDIN_FILENO) < 0 || set_nonblocking(STDOUT_FILENO) < 0)
      return fail("fcntl");
    if (!pass_on(&in, &out)) return fail("passing on");
    if (out.reads > 0) return 0;
    if (--left == 0 || in.reads > 1 || in.has_ended) return 3;
    close(agent);
  }
}
