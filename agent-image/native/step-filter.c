/*
 * The filter of system calls that a step runs under, beside the engine's: the same profile once more, as a runtime with
 * a kernel of its own (gVisor) gives the engine's to no step, and the rules of step-rules.c.
 *
 * A call is found by halving the range of its number: one that is allowed whatever its arguments costs some ten
 * instructions however many rules there are, and none on Linux, which keeps a list of such calls from 5.11 on.
 */
#include "step-filter.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "the launcher knows x86_64 and aarch64 only"
#endif

/* A rule of the profile. It is met where all of its comparisons are: argument & mask == wanted. */
struct comparison {
  unsigned char argument;
  uint64_t mask, wanted;
};
struct rule {
  unsigned number;
  uint32_t action;
  int count;
  struct comparison comparisons[6];
};
#include "seccomp-profile.h" /* profile[] and PROFILE_ERRNO, made by scripts/image/profile-header.ts */

#define PROFILE_RULES (sizeof profile / sizeof *profile)
#define REFUSED (SECCOMP_RET_ERRNO | PROFILE_ERRNO)
#define JUDGED 0u /* by its arguments. As an action it would kill a thread, which no rule does. */
#define MAX_NUMBERS 1024

static struct sock_filter program[BPF_MAXINSNS];
static unsigned short length;

/* What becomes of a call, by its number, and where the jump of a judged one is until its rules are there. */
static uint32_t verdicts[MAX_NUMBERS];
static unsigned short waiting[MAX_NUMBERS];
static unsigned highest;

unsigned short emit(unsigned short code, unsigned char jump_true, unsigned char jump_false, unsigned value) {
  if (length == BPF_MAXINSNS) errno = E2BIG, fail("filter");
  program[length] = (struct sock_filter){code, jump_true, jump_false, value};
  return length++;
}

void answer(uint32_t action) { emit(BPF_RET | BPF_K, 0, 0, action); }

static void load(size_t offset) { emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, offset); }

/* A pid is an int: the kernel ignores the upper half of the register, and so must the comparison, or setting
 * one of those bits would pass it. Both architectures are little-endian, so the lower half comes first. */
void load_argument(int index) { load(offsetof(struct seccomp_data, args) + 8 * index); }

static unsigned short jump(void) { return emit(BPF_JMP | BPF_JA, 0, 0, 0); }
static void land(unsigned short from) { program[from].k = length - from - 1; }

static void decide(void) {
  for (unsigned number = 0; number < MAX_NUMBERS; number++) verdicts[number] = REFUSED;
  for (size_t i = 0; i < PROFILE_RULES; i++) {
    if (profile[i].number >= MAX_NUMBERS) errno = ERANGE, fail("profile");
    if (profile[i].number > highest) highest = profile[i].number;
    verdicts[profile[i].number] = profile[i].count > 0 ? JUDGED : profile[i].action;
  }
  for (size_t i = 0; i < own_rule_count; i++) {
    uint32_t *verdict = &verdicts[own_rules[i].number];
    if (*verdict == JUDGED) errno = EEXIST, fail("rules of two kinds for one call");
    if (*verdict == SECCOMP_RET_ALLOW) *verdict = JUDGED;
  }
}

/* Whether a call and the one with the next number can be answered together. */
static int is_joined(unsigned number) {
  return verdicts[number] != JUDGED && verdicts[number] == verdicts[number + 1];
}

/* Sends the calls from..to, whose number is loaded, to what becomes of them. */
static void divide(unsigned from, unsigned to) {
  unsigned half = from + (to - from) / 2, last = half; /* of the lower part */
  while (last < to && is_joined(last)) last++;
  if (last == to) {
    for (last = half; last > from && is_joined(last - 1);) last--;
    if (last == from) { /* they are all joined */
      if (verdicts[from] == JUDGED) waiting[from] = jump();
      else answer(verdicts[from]);
      return;
    }
    last--;
  }
  emit(BPF_JMP | BPF_JGT | BPF_K, 0, 1, last);
  unsigned short upper = jump();
  divide(from, last);
  land(upper);
  divide(last + 1, to);
}

/* Compares one half of an argument. True where there is anything to compare: the last instruction is then a jump that
 * has yet to be told where to go if it does not match. */
static int compare(size_t offset, uint32_t mask, uint32_t wanted) {
  if (mask == 0) return 0;
  load(offset);
  if (mask != UINT32_MAX) emit(BPF_ALU | BPF_AND | BPF_K, 0, 0, mask);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, wanted);
  return 1;
}

static void judge_by_profile(const struct rule *rule) {
  unsigned short unmet[2 * sizeof rule->comparisons / sizeof *rule->comparisons], count = 0;
  for (int i = 0; i < rule->count; i++) {
    const struct comparison *each = &rule->comparisons[i];
    size_t offset = offsetof(struct seccomp_data, args) + 8 * each->argument;
    if (compare(offset, each->mask, each->wanted)) unmet[count++] = length - 1;
    if (compare(offset + 4, each->mask >> 32, each->wanted >> 32)) unmet[count++] = length - 1;
  }
  answer(rule->action);
  while (count-- > 0) program[unmet[count]].jf = length - unmet[count] - 1;
}

static void emit_profile_rules(void) {
  for (size_t i = 0; i < PROFILE_RULES; i++) {
    unsigned number = profile[i].number;
    if (profile[i].count == 0 || waiting[number] == 0) continue;
    land(waiting[number]);
    waiting[number] = 0;
    for (size_t j = i; j < PROFILE_RULES; j++)
      if (profile[j].number == number) judge_by_profile(&profile[j]);
    answer(REFUSED);
  }
}

static void emit_own_rules(const struct agent *agent) {
  for (size_t i = 0; i < own_rule_count; i++) {
    unsigned number = own_rules[i].number;
    if (waiting[number] == 0) continue; /* the profile refuses it to everybody */
    land(waiting[number]);
    own_rules[i].judge(agent);
    answer(SECCOMP_RET_ALLOW);
  }
}

struct sock_fprog step_filter(const struct agent *agent) {
  decide();
  load(offsetof(struct seccomp_data, arch));
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, NATIVE_ARCH);
  answer(SECCOMP_RET_KILL_PROCESS);
  load(offsetof(struct seccomp_data, nr));
#ifdef __x86_64__ /* x32: the same calls under other numbers. -1 is none. */
  emit(BPF_JMP | BPF_JGE | BPF_K, 0, 2, 0x40000000);
  emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, UINT32_MAX);
  answer(SECCOMP_RET_KILL_PROCESS);
#endif
  emit(BPF_JMP | BPF_JGT | BPF_K, 0, 1, highest); /* of a later kernel: callers fall back to an older way */
  answer(SECCOMP_RET_ERRNO | ENOSYS);
  divide(0, highest);
  emit_profile_rules();
  emit_own_rules(agent);
  return (struct sock_fprog){length, program};
}
