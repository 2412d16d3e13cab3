/*
 * What a step's filter refuses beside the engine's profile: whatever takes the pid of the agent or of process 1, and
 * what Linux keeps for those that have a capability and gVisor for nobody.
 */
#define _GNU_SOURCE
#include "step-filter.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/ioprio.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#ifndef FIOSETOWN /* asm/ioctls.h and asm/sockios.h disagree on where these live */
#define FIOSETOWN 0x8901
#define SIOCSPGRP 0x8902
#endif

static void refuse_if(unsigned short comparison, unsigned value, int error) {
  emit(BPF_JMP | comparison | BPF_K, 0, 1, value);
  answer(SECCOMP_RET_ERRNO | error);
}

static void refuse_if_equal(unsigned value) { refuse_if(BPF_JEQ, value, EPERM); }

static void refuse_if_thread(const struct agent *agent) {
  for (int i = 0; i < agent->thread_count; i++) refuse_if_equal(agent->threads[i]);
}

static void refuse_if_thread_or_group(const struct agent *agent) {
  refuse_if_thread(agent);
  refuse_if_equal(-agent->group);
  refuse_if_equal(-1); /* everybody, the agent too */
}

static void judge_pid(const struct agent *agent) {
  load_argument(0);
  refuse_if_thread_or_group(agent);
}

/* setpriority and ioprio_set say in their first argument what the second one names. */
static void judge_whom(const struct agent *agent, unsigned of_group, unsigned of_user) {
  load_argument(0);
  refuse_if_equal(of_user); /* all of this uid: the agent is one of them */
  emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 5, of_group);
  load_argument(1);
  refuse_if_equal(agent->group);
  refuse_if_equal(1); /* what process 1 leads */
  load_argument(1);
  refuse_if_thread(agent);
}

static void judge_priority(const struct agent *agent) {
  judge_whom(agent, PRIO_PGRP, PRIO_USER);
  load_argument(2);
  refuse_if(BPF_JSET, 0x80000000, EACCES); /* below 0: before others */
}

static void judge_io_priority(const struct agent *agent) {
  judge_whom(agent, IOPRIO_WHO_PGRP, IOPRIO_WHO_USER);
  load_argument(2);
  emit(BPF_ALU | BPF_RSH | BPF_K, 0, 0, IOPRIO_CLASS_SHIFT);
  emit(BPF_ALU | BPF_AND | BPF_K, 0, 0, IOPRIO_CLASS_MASK);
  refuse_if_equal(IOPRIO_CLASS_RT);
}

static void judge_scheduler(const struct agent *agent) {
  judge_pid(agent);
  load_argument(1);
  emit(BPF_ALU | BPF_AND | BPF_K, 0, 0, ~SCHED_RESET_ON_FORK);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 3, 0, SCHED_OTHER);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, SCHED_BATCH);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SCHED_IDLE);
  answer(SECCOMP_RET_ERRNO | EPERM);
}

/* The number comes after the mode. Linux lets everybody make the character device 0:0, a whiteout, which is no device. */
static void judge_mode(int argument) {
  load_argument(argument);
  emit(BPF_ALU | BPF_AND | BPF_K, 0, 0, S_IFMT);
  refuse_if_equal(S_IFBLK);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 3, S_IFCHR);
  load_argument(argument + 1);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
  answer(SECCOMP_RET_ERRNO | EPERM);
}

#ifdef SYS_mknod /* not on aarch64 */
static void judge_mknod(const struct agent *agent) {
  (void)agent;
  judge_mode(1);
}
#endif

static void judge_mknodat(const struct agent *agent) {
  (void)agent;
  judge_mode(2);
}

/* Marks on packets, buffers beyond the bound, a source that is another's. */
static void judge_option(const struct agent *agent) {
  (void)agent;
  static const unsigned refused[][2] = {{SOL_SOCKET, SO_MARK},
                                        {SOL_SOCKET, SO_SNDBUFFORCE},
                                        {SOL_SOCKET, SO_RCVBUFFORCE},
                                        {IPPROTO_IP, IP_TRANSPARENT},
                                        {IPPROTO_IPV6, IPV6_TRANSPARENT}};
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    load_argument(1);
    emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 3, refused[i][0]);
    load_argument(2);
    refuse_if_equal(refused[i][1]);
  }
}

/* A file's owner gets a signal of the caller's choice (F_SETSIG, even SIGKILL) when it becomes ready: kill by
 * another name. F_SETOWN_EX and the two ioctls pass the pid in memory, where a filter cannot look. */
static void judge_fcntl(const struct agent *agent) {
  load_argument(1);
  refuse_if_equal(F_SETOWN_EX);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, F_SETOWN);
  answer(SECCOMP_RET_ALLOW);
  load_argument(2);
  refuse_if_thread_or_group(agent);
}

static void judge_ioctl(const struct agent *agent) {
  (void)agent;
  load_argument(1);
  refuse_if_equal(FIOSETOWN);
  refuse_if_equal(SIOCSPGRP);
}

/* It takes a descriptor of /proc/<pid> as well, and a filter cannot see whose that is. ENOSYS: callers then fall back
 * to kill. */
static void refuse_descriptors(const struct agent *agent) {
  (void)agent;
  answer(SECCOMP_RET_ERRNO | ENOSYS);
}

const struct own_rule own_rules[] = {
    {SYS_kill, judge_pid},
    {SYS_tkill, judge_pid},
    {SYS_tgkill, judge_pid},
    {SYS_rt_sigqueueinfo, judge_pid},
    {SYS_rt_tgsigqueueinfo, judge_pid},
    {SYS_pidfd_open, judge_pid},
    {SYS_pidfd_send_signal, refuse_descriptors},
    {SYS_prlimit64, judge_pid},
    {SYS_sched_setattr, judge_pid},
    {SYS_sched_setparam, judge_pid},
    {SYS_sched_setaffinity, judge_pid},
    {SYS_sched_setscheduler, judge_scheduler},
    {SYS_setpriority, judge_priority},
    {SYS_ioprio_set, judge_io_priority},
    {SYS_fcntl, judge_fcntl},
    {SYS_ioctl, judge_ioctl},
    {SYS_setsockopt, judge_option},
#ifdef SYS_mknod
    {SYS_mknod, judge_mknod},
#endif
    {SYS_mknodat, judge_mknodat},
};
const size_t own_rule_count = sizeof own_rules / sizeof *own_rules;
