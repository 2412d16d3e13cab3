/* How the filter of a step's system calls is written, for the rules that are part of it. */
#pragma once
#include "launcher.h"
#include <linux/bpf_common.h>
#include <stddef.h>
#include <stdint.h>

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
