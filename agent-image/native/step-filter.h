/* The filter of system calls that a step runs under, and how it is written, for the rules that are part of it. */
#pragma once
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MAX_THREADS 64 /* the agent has about a dozen; each costs two instructions in each of 14 rules */

/* Whom a step must not reach: process 1, from which later steps come (gVisor even lets a signal end it), each thread of
 * the agent (kill and prlimit64 take a thread's id for its process), and its process group. */
struct agent {
  pid_t threads[MAX_THREADS];
  int thread_count;
  pid_t group;
};

/* Says what went wrong, and ends the process with 125. */
_Noreturn void fail(const char *what);

/* Written once in a process, into memory that it keeps. */
struct sock_fprog step_filter(const struct agent *agent);

/* Appends an instruction, and gives its place. The jumps count the instructions that they leave out. */
unsigned short emit(unsigned short code, unsigned char jump_true, unsigned char jump_false, unsigned value);
/* Ends with an action of seccomp(2). */
void answer(uint32_t action);
/* Loads the lower half of an argument. */
void load_argument(int index);

/* What a step may do to others only, of the calls that the profile allows whatever their arguments. What a rule does
 * not answer is allowed. */
struct own_rule {
  unsigned number;
  void (*judge)(const struct agent *agent);
};
extern const struct own_rule own_rules[];
extern const size_t own_rule_count;
