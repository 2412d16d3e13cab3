/* What the launcher's sources share. */
#pragma once
#include <linux/filter.h>
#include <sys/types.h>

#define MAX_THREADS 64 /* the agent has about a dozen; each costs two instructions in each of 14 rules */

/* Whom a step must not reach: process 1 (gVisor lets a signal end it), each thread of the agent (kill and prlimit64 take
 * a thread's id for its process), and its process group. */
struct agent {
  pid_t threads[MAX_THREADS];
  int thread_count;
  pid_t group;
};

/* Says what went wrong, and ends with 125. */
_Noreturn void fail(const char *what);

/* The filter of system calls that a step runs under. */
struct sock_fprog step_filter(const struct agent *agent);
