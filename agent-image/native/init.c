/*
 * init -- <program> [args…]: process 1 of the sandbox. It starts the agent, starts steps for it (starter.h), reaps
 * what they orphan, and ends with the agent's status (128 + n where signal n ended it).
 *
 * Why not tini, or the engine's --init: under gVisor a file that its user may execute but not read cannot be
 * started, so there the mode 0711 that keeps /proc/1/{mem,fd,environ} shut under runc is not to be had, and only
 * PR_SET_DUMPABLE does it; tini does not call it. And tini forwards whatever signal a step sends to process 1:
 * through it a step reaches the agent past the launcher's filter. The engine's own is a readable file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "starter.h"

#define RUNNER "/opt/longshore/runner"
#define SWITCH "LONGSHORE_STEP_RUNNER" /* STEP_RUNNER of the worker */
#define FIRST_ASIDE 20 /* above all that the agent inherits by its number */

static int fail(const char *what) {
  fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
  return 125;
}

/* The same descriptor by a number that is in nobody's way. */
static int set_aside(int file) {
  int aside = fcntl(file, F_DUPFD_CLOEXEC, FIRST_ASIDE);
  close(file);
  return aside;
}

/* A pipe that can be opened by /dev/stdout, as Node's own, which are sockets, cannot be, and by process 1 and the agent
 * each on its own. It loses its name before anybody else runs. */
static int make_pipe(const char *path, int as) {
  if (mkfifo(path, 0600) < 0) return -1;
  int file = open(path, O_PATH | O_CLOEXEC);
  unlink(path);
  int aside = file < 0 ? -1 : set_aside(file);
  if (aside < 0 || dup2(aside, as) < 0) return -1;
  return close(aside);
}

/* Python as a step has it, so that its forks have the same; but of what a job may have written it must read nothing:
 * no PYTHONPATH but the runner's, and a HOME without packages of the user's. What it becomes first is shut
 * (runner.c); no step runs meanwhile. */
static void become_runner(pid_t agent, int is_loaded) {
  if (access(RUNNER "/_runner.so", R_OK) < 0) return;
  char pid[16];
  snprintf(pid, sizeof pid, "%d", agent);
  setenv("LONGSHORE_AGENT", pid, 1);
  if (!is_loaded) unsetenv("LONGSHORE_STEP_PRELOAD");
  setenv("PYTHONPATH", RUNNER, 1);
  setenv("HOME", "/nonexistent", 1);
  /* Python finds out what kind of file its stdout is, and a step has a pipe, as the engine's stderr is one. */
  if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return;
  execl("/usr/bin/python3", "python3", "/tmp/longshore/step.py", NULL);
}

/* The frames of the agent and its worker are nothing to process 1, nor to what is forked from it. */
static int give_up_frames(void) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0) return -1;
  return close(null);
}

int main(int count, char **arguments) {
  char **program = arguments + 1;
  if (count > 1 && strcmp(*program, "--") == 0) program++;
  if (!*program) {
    fputs("usage: init -- <program> [args…]\n", stderr);
    return 125;
  }
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) return fail("prctl");
  sigset_t before;
  block_signals(&before);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return fail("socketpair");
  int own = set_aside(ends[0]), agents = set_aside(ends[1]);
  if (make_pipe("/tmp/longshore-stdout", STDOUT_PIPE) < 0) return fail("mkfifo");
  if (make_pipe("/tmp/longshore-stderr", STDERR_PIPE) < 0) return fail("mkfifo");

  pid_t agent = fork();
  if (agent < 0) return fail("fork");
  if (agent == 0) {
    setsid(); /* its own process group, so that a step's filter can name it */
    sigprocmask(SIG_SETMASK, &before, NULL);
    dup2(agents, CONTROL);
    execvp(*program, program);
    int status = errno == ENOENT ? 127 : 126;
    fail(*program);
    _exit(status);
  }
  close(agents);
  const char *runner = getenv(SWITCH);
  if (runner && strcmp(runner, "off") == 0) serve_nothing(agent);
  if (give_up_frames() < 0) return fail("/dev/null");
  if (dup2(own, CONTROL) < 0) return fail("dup2");
  close(own);
  serve(&(struct starter){.agent = agent, .become_runner = become_runner});
}
