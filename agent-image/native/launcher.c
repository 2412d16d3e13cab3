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
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <linux/ioprio.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "the launcher knows x86_64 and aarch64 only"
#endif

#ifndef SYS_pidfd_open /* headers older than Linux 5.3; both architectures share these numbers */
#define SYS_pidfd_send_signal 424
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef FIOSETOWN /* asm/ioctls.h and asm/sockios.h disagree on where these live */
#define FIOSETOWN 0x8901
#define SIOCSPGRP 0x8902
#endif

#define MAX_THREADS 64       /* the agent has about a dozen; each costs two instructions in each of 15 rules */
#define MAX_INSTRUCTIONS BPF_MAXINSNS
#define SOFT_OPEN_FILES 1024 /* the usual soft limit: Node raises its own to the hard one, and children inherit that */

static void fail(const char *what) {
  fprintf(stderr, "launch: %s: %s\n", what, errno ? strerror(errno) : "refused");
  exit(125);
}

static struct sock_filter program[MAX_INSTRUCTIONS];
static unsigned short length;

static void emit(unsigned short code, unsigned char jump_true, unsigned char jump_false, unsigned value) {
  if (length == MAX_INSTRUCTIONS) fail("filter too long");
  program[length++] = (struct sock_filter){code, jump_true, jump_false, value};
}

static void load(size_t offset) { emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, offset); }

/* A pid is an int: the kernel ignores the upper half of the register, and so must the comparison, or setting
 * one of those bits would pass it. Both architectures are little-endian, so the lower half comes first. */
static void load_argument(int index) { load(offsetof(struct seccomp_data, args) + 8 * index); }

static void refuse(int error) { emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | error); }
static void allow(void) { emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW); }

static void refuse_if_equal(unsigned value) {
  emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
  refuse(EPERM);
}

/* Who must not be reached: each thread of the agent (kill and prlimit64 take a thread's id for its process), and
 * its process group. */
static pid_t threads[MAX_THREADS];
static int thread_count;
static pid_t group;

static void refuse_if_thread(void) {
  for (int i = 0; i < thread_count; i++) refuse_if_equal(threads[i]);
}

static void refuse_if_thread_or_group(void) {
  refuse_if_thread();
  refuse_if_equal(-group);
  refuse_if_equal(-1); /* everybody, the agent too */
}

/* Begins a rule for one syscall; what is emitted until end_rule() belongs to it and ends in allow. */
static unsigned short begin_rule(long syscall_number) {
  load(offsetof(struct seccomp_data, nr));
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, syscall_number);
  emit(BPF_JMP | BPF_JA, 0, 0, 0);
  return length - 1;
}

static void end_rule(unsigned short skip) {
  allow();
  program[skip].k = length - skip - 1;
}

static void rule_for_pid(long syscall_number) {
  unsigned short skip = begin_rule(syscall_number);
  load_argument(0);
  refuse_if_thread_or_group();
  end_rule(skip);
}

/* setpriority and ioprio_set say in their first argument what the second one names. */
static void rule_for_priority(long syscall_number, unsigned of_group, unsigned of_user) {
  unsigned short skip = begin_rule(syscall_number);
  load_argument(0);
  refuse_if_equal(of_user); /* all of this uid: the agent is one of them */
  emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 3, of_group);
  load_argument(1);
  refuse_if_equal(group);
  load_argument(1);
  refuse_if_thread();
  end_rule(skip);
}

/* A file's owner gets a signal of the caller's choice (F_SETSIG, even SIGKILL) when it becomes ready: kill by
 * another name. F_SETOWN_EX and the two ioctls pass the pid in memory, where a filter cannot look. */
static void rules_for_file_owners(void) {
  unsigned short skip = begin_rule(SYS_fcntl);
  load_argument(1);
  refuse_if_equal(F_SETOWN_EX);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, F_SETOWN);
  allow();
  load_argument(2);
  refuse_if_thread_or_group();
  end_rule(skip);
  skip = begin_rule(SYS_ioctl);
  load_argument(1);
  refuse_if_equal(FIOSETOWN);
  refuse_if_equal(SIOCSPGRP);
  end_rule(skip);
}

static void build_filter(void) {
  static const long by_pid[] = {
      SYS_kill,           SYS_tkill,              SYS_tgkill,        SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo,
      SYS_pidfd_open,     SYS_prlimit64,          SYS_sched_setattr, SYS_sched_setparam,  SYS_sched_setscheduler,
      SYS_sched_setaffinity};
  load(offsetof(struct seccomp_data, arch));
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, NATIVE_ARCH);
  emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
#ifdef __x86_64__
  load(offsetof(struct seccomp_data, nr));
  emit(BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000); /* x32: the same calls under other numbers */
  refuse(ENOSYS);
#endif
  for (size_t i = 0; i < sizeof by_pid / sizeof *by_pid; i++) rule_for_pid(by_pid[i]);
  rule_for_priority(SYS_setpriority, PRIO_PGRP, PRIO_USER);
  rule_for_priority(SYS_ioprio_set, IOPRIO_WHO_PGRP, IOPRIO_WHO_USER);
  rules_for_file_owners();
  /* It takes a descriptor of /proc/<pid> as well, and a filter cannot see whose that is. ENOSYS: callers then
   * fall back to kill. */
  unsigned short skip = begin_rule(SYS_pidfd_send_signal);
  refuse(ENOSYS);
  end_rule(skip);
  allow();
}

/* Threads that the agent starts later are not in the list: it starts its own before the first step. */
static void find_agent(const char *argument) {
  char *end, path[64];
  long pid = strtol(argument, &end, 10);
  if (*end || pid <= 1 || pid > INT_MAX) errno = EINVAL, fail("agent pid");
  group = getpgid(pid);
  if (group < 1) fail("agent pid");
  snprintf(path, sizeof path, "/proc/%ld/task", pid);
  DIR *directory = opendir(path);
  if (!directory) fail(path);
  threads[thread_count++] = pid;
  for (struct dirent *entry; (entry = readdir(directory));) {
    long thread = atol(entry->d_name);
    if (thread < 1 || thread == pid) continue;
    if (thread_count == MAX_THREADS) errno = E2BIG, fail("agent threads");
    threads[thread_count++] = thread;
  }
  closedir(directory);
}

static void leave_session(void) {
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
  find_agent(arguments[1]);
  drop_descriptors();
  reset_signals_and_limits();
  leave_session();
  volunteer_for_oom_killer();
  /* The container's option sets it. Where it is missing, the recipe was not followed: run nothing. */
  errno = 0;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) fail("no-new-privileges is not set");
  build_filter();
  struct sock_fprog filter = {length, program};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0) fail("seccomp");
  execvp(arguments[2], arguments + 2);
  int error = errno;
  fprintf(stderr, "launch: %s: %s\n", arguments[2], strerror(error));
  return error == ENOENT ? 127 : 126;
}
