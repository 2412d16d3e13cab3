/*
 * init -- <program> [args…]: process 1 of the sandbox. It starts the agent, reaps what steps orphan, and ends
 * with the agent's status (128 + n where signal n ended it). It keeps no descriptor open: where a kernel does not keep
 * /proc/1/fd shut (gVisor), a step finds nothing there to read from or to speak by.
 *
 * Why not tini, or the engine's --init: under gVisor a file that its user may execute but not read cannot be
 * started, so there the mode 0711 that keeps /proc/1/{mem,fd,environ} shut under runc is not to be had, and only
 * PR_SET_DUMPABLE does it; tini does not call it. And tini forwards whatever signal a step sends to process 1:
 * through it a step reaches the agent past the launcher's filter. The engine's own is a readable file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what) {
  fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
  return 125;
}

/* Reaps all that has ended. The agent's exit status if it was among them, else -1. */
static int reap(pid_t agent) {
  int status, ended = -1;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    if (pid == agent) ended = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return ended;
}

/* The sender is 0 where it lives outside this pid namespace: the engine, or the kernel for a terminal. A process
 * inside can neither hide its pid nor send these codes by rt_sigqueueinfo. */
static int is_from_outside(const siginfo_t *info) {
  return (info->si_code == SI_USER || info->si_code == SI_KERNEL) && info->si_pid == 0;
}

int main(int count, char **arguments) {
  char **program = arguments + 1;
  if (count > 1 && strcmp(*program, "--") == 0) program++;
  if (!*program) {
    fputs("usage: init -- <program> [args…]\n", stderr);
    return 125;
  }
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) return fail("prctl");

  /* Process 1 ignores what it has no handler for; only these three are taken, one at a time. */
  sigset_t taken, before;
  sigemptyset(&taken);
  sigaddset(&taken, SIGCHLD);
  sigaddset(&taken, SIGTERM);
  sigaddset(&taken, SIGINT);
  if (sigprocmask(SIG_BLOCK, &taken, &before) < 0) return fail("sigprocmask");

  pid_t agent = fork();
  if (agent < 0) return fail("fork");
  if (agent == 0) {
    setsid(); /* its own process group, so that the launcher can name it */
    sigprocmask(SIG_SETMASK, &before, NULL);
    execvp(*program, program);
    int status = errno == ENOENT ? 127 : 126;
    fail(*program);
    _exit(status);
  }
  for (int file = 0; file <= STDERR_FILENO; file++) close(file);
  for (;;) {
    siginfo_t info;
    int number = sigwaitinfo(&taken, &info);
    if (number == SIGCHLD) {
      int status = reap(agent);
      if (status >= 0) return status; /* the kernel then ends all that is left */
    } else if (number > 0 && is_from_outside(&info)) {
      kill(agent, number);
    }
  }
}
