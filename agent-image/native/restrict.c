/*
 * What a step is kept from, whoever starts it (restrict.h). It protects a job from itself; the container is the
 * boundary.
 */
#define _GNU_SOURCE
#include "restrict.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

#include "step-filter.h"

#ifndef SYS_close_range /* headers older than Linux 5.9; both architectures share this number */
#define SYS_close_range 436
#endif

#define SOFT_OPEN_FILES 1024 /* the usual soft limit: Node raises its own to the hard one, and children inherit that */

/* Without stdio's buffers and exit handlers: they may be another program's, forked with all it had. */
void fail(const char *what) {
  dprintf(STDERR_FILENO, "launch: %s: %s\n", what, errno ? strerror(errno) : "refused");
  _exit(125);
}

/* Threads that the agent starts later are not in the list: it starts its own before the first step. */
static struct agent find_agent(pid_t pid) {
  struct agent agent = {0};
  char path[64];
  errno = EINVAL;
  if (pid <= 1) fail("agent pid");
  agent.group = getpgid(pid);
  if (agent.group < 1) fail("agent pid");
  snprintf(path, sizeof path, "/proc/%d/task", pid);
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
void volunteer_for_oom_killer(void) {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, "1000", 4) != 4) fail("oom_score_adj");
  close(file);
}

void reset_signals(void) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL); /* Node ignores SIGPIPE; a step expects it */
}

static void reset_mask_and_limits(void) {
  sigset_t none;
  sigemptyset(&none);
  if (sigprocmask(SIG_SETMASK, &none, NULL) < 0) fail("sigprocmask");
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) < 0) fail("nofile");
  if (files.rlim_cur > SOFT_OPEN_FILES) files.rlim_cur = SOFT_OPEN_FILES;
  if (setrlimit(RLIMIT_NOFILE, &files) < 0) fail("nofile");
  umask(022);
}

static void drop_descriptors(unsigned first) {
  int null = open("/dev/null", O_RDONLY);
  if (null < 0 || dup2(null, STDIN_FILENO) < 0) fail("/dev/null");
  if (syscall(SYS_close_range, first, ~0u, 0u) == 0) return;
  long highest = sysconf(_SC_OPEN_MAX); /* Linux before 5.9 */
  for (long file = first; file < (highest > 0 ? highest : 4096); file++) close(file);
}

void become_step(pid_t agent_pid, unsigned first_closed) {
  struct agent agent = find_agent(agent_pid);
  drop_descriptors(first_closed);
  reset_mask_and_limits();
  leave_session(agent.group);
  volunteer_for_oom_killer();
  /* The container's option sets it. Where it is missing, the recipe was not followed: run nothing. */
  errno = 0;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) fail("no-new-privileges is not set");
  struct sock_fprog filter = step_filter(&agent);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0) fail("seccomp");
}

int become_program(char **arguments) {
  execvp(*arguments, arguments);
  int error = errno;
  if (error == E2BIG || error == EAGAIN || error == ENOMEM) return error;
  dprintf(STDERR_FILENO, "launch: %s: %s\n", *arguments, strerror(error));
  _exit(error == ENOENT ? 127 : 126);
}
