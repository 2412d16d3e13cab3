/*
 * launch <agent-pid> <program> [args…]: what stands between the agent and a step.
 *
 * A step is hostile and has the agent's uid, so whatever the agent holds open or can be told by a signal would
 * be the step's as well. This program gives all of that up, asks the kernel to refuse what the uid alone would
 * permit against the agent, and becomes the step. It protects a job from itself; the container is the boundary.
 *
 * Exit codes as in a shell: 127 program not found, 126 found but not executable. 125: this program failed, and
 * nothing of the step ran.
 */
#define _GNU_SOURCE
#include "launcher.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SOFT_OPEN_FILES 1024 /* the usual soft limit: Node raises its own to the hard one, and children inherit that */

void fail(const char *what) {
  fprintf(stderr, "launch: %s: %s\n", what, errno ? strerror(errno) : "refused");
  exit(125);
}

/* Threads that the agent starts later are not in the list: it starts its own before the first step. */
static struct agent find_agent(const char *argument) {
  struct agent agent = {0};
  char *end, path[64];
  long pid = strtol(argument, &end, 10);
  if (*end || pid <= 1 || pid > INT_MAX) errno = EINVAL, fail("agent pid");
  agent.group = getpgid(pid);
  if (agent.group < 1) fail("agent pid");
  snprintf(path, sizeof path, "/proc/%ld/task", pid);
  DIR *directory = opendir(path);
  if (!directory) fail(path);
  agent.threads[agent.thread_count++] = 1; /* process 1 */
  agent.threads[agent.thread_count++] = pid;
  for (struct dirent *entry; (entry = readdir(directory));) {
    long thread = atol(entry->d_name);
    if (thread < 1 || thread == pid) continue;
    if (agent.thread_count == MAX_THREADS) errno = E2BIG, fail("agent threads");
    agent.threads[agent.thread_count++] = thread;
  }
  closedir(directory);
  return agent;
}

static void leave_session(pid_t group) {
  if (setsid() < 0 && getsid(0) != getpid()) fail("setsid"); /* it may lead one already */
  if (getpgrp() == group) errno = EINVAL, fail("still in the agent's group");
}

/* Under memory pressure the kernel must take the step, not the agent that reports on it. A step can lower its own
 * value again, down to the container's (to 0 where the engine lacks CAP_SYS_RESOURCE): it then risks its own job. */
static void volunteer_for_oom_killer(void) {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, "1000", 4) != 4) fail("oom_score_adj");
  close(file);
}

static void reset_signals_and_limits(void) {
  sigset_t none;
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL); /* Node ignores SIGPIPE; a step expects it */
  sigemptyset(&none);
  if (sigprocmask(SIG_SETMASK, &none, NULL) < 0) fail("sigprocmask");
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) < 0) fail("nofile");
  if (files.rlim_cur > SOFT_OPEN_FILES) files.rlim_cur = SOFT_OPEN_FILES;
  if (setrlimit(RLIMIT_NOFILE, &files) < 0) fail("nofile");
  umask(022);
}

static void drop_descriptors(void) {
  int null = open("/dev/null", O_RDONLY);
  if (null < 0 || dup2(null, STDIN_FILENO) < 0) fail("/dev/null");
  if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0) return;
  long highest = sysconf(_SC_OPEN_MAX); /* Linux before 5.9 */
  for (long file = 3; file < (highest > 0 ? highest : 4096); file++) close(file);
}

int main(int count, char **arguments) {
  if (count < 3) {
    fputs("usage: launch <agent-pid> <program> [args…]\n", stderr);
    return 125;
  }
  struct agent agent = find_agent(arguments[1]);
  drop_descriptors();
  reset_signals_and_limits();
  leave_session(agent.group);
  volunteer_for_oom_killer();
  /* The container's option sets it. Where it is missing, the recipe was not followed: run nothing. */
  errno = 0;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) fail("no-new-privileges is not set");
  struct sock_fprog filter = step_filter(&agent);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0) fail("seccomp");
  execvp(arguments[2], arguments + 2);
  int error = errno;
  fprintf(stderr, "launch: %s: %s\n", arguments[2], strerror(error));
  return error == ENOENT ? 127 : 126;
}
