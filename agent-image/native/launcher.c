/*
 * launch <agent-pid> <program> [args…]: how the agent starts a step by itself, where process 1 is not to do it
 * (starter.h). It takes on what a step is kept from (restrict.h) and becomes the step.
 *
 * Exit codes as in a shell: 127 program not found, 126 found but not executable. 125: this program failed, and
 * nothing of the step ran.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "restrict.h"

int main(int count, char **arguments) {
  if (count < 3) {
    fputs("usage: launch <agent-pid> <program> [args…]\n", stderr);
    return 125;
  }
  char *end;
  long pid = strtol(arguments[1], &end, 10);
  reset_signals();
  become_step(*end || pid > INT_MAX || pid < 0 ? 0 : (pid_t)pid, 3);
  fprintf(stderr, "launch: %s: %s\n", arguments[2], strerror(become_program(arguments + 2)));
  return 126;
}
