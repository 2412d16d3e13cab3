/* See starter.h. */
#define _GNU_SOURCE
#include "starter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "restrict.h"

#define STATUS 3                /* in a step: where it says why it could not be started */
#define LONGEST_ASK (64u << 20) /* some thirty times of what a job can ask for: only a fault is longer */
#define BEYOND_ALL 64           /* of the descriptors that process 1 opens */
#define EXITED_BY_FAULT 125

static void die(const char *what) {
  dprintf(STDERR_FILENO, "init: %s: %s\n", what, strerror(errno));
  _exit(EXITED_BY_FAULT); /* the kernel then ends all that is left */
}

static void taken_signals(sigset_t *set) {
  sigemptyset(set);
  sigaddset(set, SIGCHLD);
  sigaddset(set, SIGTERM);
  sigaddset(set, SIGINT);
}

void block_signals(void *before) {
  sigset_t taken;
  taken_signals(&taken);
  if (sigprocmask(SIG_BLOCK, &taken, before) < 0) die("sigprocmask");
}

/* The step that runs, or 0. */
static pid_t running;

static void answer(int32_t kind, int32_t value) {
  struct answer said = {kind, value};
  /* Where the agent has gone, SIGCHLD tells. */
  while (send(CONTROL, &said, sizeof said, MSG_NOSIGNAL) < 0 && errno == EINTR) continue;
}

/* Reaps all that has ended: steps, and what they left orphaned. Ends with the agent. */
static void reap(pid_t agent) {
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid == agent) _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    if (pid != running) continue;
    running = 0;
    answer(ANSWER_ENDED, status);
  }
}

/* The sender is 0 where it lives outside this pid namespace: the engine, or the kernel for a terminal. A process
 * inside can neither hide its pid nor send these codes by rt_sigqueueinfo. */
static int is_from_outside(const siginfo_t *info) {
  return (info->si_code == SI_USER || info->si_code == SI_KERNEL) && info->si_pid == 0;
}

/* Takes one of the signals that block_signals() keeps; `patience` NULL: waits for it. */
static void take_signal(pid_t agent, const struct timespec *patience) {
  sigset_t taken;
  siginfo_t info;
  taken_signals(&taken);
  int number = sigtimedwait(&taken, &info, patience);
  if (number == SIGCHLD) reap(agent);
  else if (number > 0 && is_from_outside(&info)) kill(agent, number);
}

void serve_nothing(pid_t agent) {
  for (int file = 0; file < BEYOND_ALL; file++) close(file);
  for (;;) take_signal(agent, NULL);
}

/* False where the agent has closed its end. */
static int receive(void *into, size_t bytes) {
  for (char *at = into; bytes > 0;) {
    ssize_t came = read(CONTROL, at, bytes);
    if (came < 0 && errno == EINTR) continue;
    if (came <= 0) return 0;
    at += came;
    bytes -= came;
  }
  return 1;
}

/* Points into `strings`, which holds `bytes` and ends with NUL. */
static struct step take_apart(char *strings, const struct ask *ask) {
  size_t count = 0;
  for (size_t at = 0; at < ask->bytes; at++) count += strings[at] == 0;
  if (ask->argument_count == 0 || ask->argument_count > count) errno = EPROTO, die("the agent's socket");
  char **all = calloc(count + 2, sizeof *all), **slot = all;
  if (!all) die("calloc");
  size_t taken = 0;
  for (char *at = strings; taken < count; at += strlen(at) + 1) {
    if (taken++ == ask->argument_count) slot++; /* the NULL after the arguments */
    *slot++ = at;
  }
  return (struct step){all, all + ask->argument_count + 1};
}

/* In a step: ends it, and says why it could not be started. */
static void refuse_to_start(int error) {
  if (write(STATUS, &error, sizeof error) < 0) _exit(EXITED_BY_FAULT);
  _exit(EXITED_BY_FAULT);
}

static int open_pipe(int pipe, int as) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", pipe);
  int file = open(path, O_WRONLY);
  return file >= 0 && dup2(file, as) == as;
}

/* Gives a fork of process 1 what is its own. Its memory is shut as long as it holds the agent's socket. */
static void become_own(int status) {
  int opened = open_pipe(STDOUT_PIPE, STDOUT_FILENO) && open_pipe(STDERR_PIPE, STDERR_FILENO);
  int error = errno;
  if (dup3(status, STATUS, O_CLOEXEC) < 0) _exit(EXITED_BY_FAULT);
  if (!opened) refuse_to_start(error);
  if (chdir("/workspace") < 0) refuse_to_start(errno);
  close(STDOUT_PIPE);
  close(STDERR_PIPE);
  if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) refuse_to_start(errno);
  volunteer_for_oom_killer();
}

/* In the parent: tells the agent whether the step has started. */
static void tell_start(pid_t pid, int status) {
  int error = 0;
  ssize_t came;
  while ((came = read(status, &error, sizeof error)) < 0 && errno == EINTR) continue;
  close(status);
  if (came == sizeof error) {
    waitpid(pid, NULL, 0);
    answer(ANSWER_FAILED, error);
    return;
  }
  running = pid;
  answer(ANSWER_STARTED, pid);
}

/* True in a step that goes on with this program's interpreter. */
static int start(const struct starter *starter, struct step step, int in_python) {
  int status[2];
  if (pipe2(status, O_CLOEXEC) < 0) return answer(ANSWER_FAILED, errno), 0;
  if (in_python) starter->before_fork();
  pid_t pid = fork();
  int error = errno;
  if (in_python && pid != 0) starter->after_fork(0);
  if (pid == 0) {
    become_own(status[1]);
    if (in_python) starter->after_fork(1);
    become_step(starter->agent, STATUS + 1);
    if (in_python) return close(STATUS), 1;
    reset_signals();
    environ = step.environment;
    refuse_to_start(become_program(step.arguments));
  }
  close(status[1]);
  if (pid > 0) return tell_start(pid, status[0]), 0;
  close(status[0]);
  answer(ANSWER_FAILED, error);
  return 0;
}

enum taken { NOTHING_LEFT, IN_PROCESS_1, IN_STEP };

static enum taken take_ask(const struct starter *starter, struct step *step) {
  struct ask ask;
  if (!receive(&ask, sizeof ask)) return NOTHING_LEFT;
  if (ask.bytes > LONGEST_ASK) errno = EPROTO, die("the agent's socket");
  if (ask.kind == ASK_RUNNER || ask.kind == ASK_LOADED) {
    if (starter->become_runner) starter->become_runner(starter->agent, ask.kind == ASK_LOADED);
    return IN_PROCESS_1;
  }
  char *strings = malloc((size_t)ask.bytes + 1);
  if (!strings) die("malloc");
  if (!receive(strings, ask.bytes)) return NOTHING_LEFT;
  strings[ask.bytes] = 0;
  *step = take_apart(strings, &ask);
  if (start(starter, *step, ask.kind == ASK_PYTHON && starter->before_fork)) return IN_STEP;
  free(step->arguments);
  explicit_bzero(strings, ask.bytes); /* it has the job's secrets, and the next step is a fork of this memory */
  free(strings);
  return IN_PROCESS_1;
}

struct step serve(const struct starter *starter) {
  sigset_t taken;
  taken_signals(&taken);
  int signals = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) die("signalfd");
  struct pollfd waited[] = {{signals, POLLIN, 0}, {CONTROL, POLLIN, 0}};
  reap(starter->agent); /* what ended while nobody looked */
  for (struct step step;;) {
    if (poll(waited, 2, -1) < 0 && errno != EINTR) die("poll");
    if (waited[0].revents) take_signal(starter->agent, &(struct timespec){0});
    if (!waited[1].revents) continue;
    enum taken taken = take_ask(starter, &step);
    if (taken == IN_STEP) return step;
    if (taken == NOTHING_LEFT) waited[1].fd = -1; /* the agent has ended, and SIGCHLD tells how */
  }
}
