/*
 * Process 1 starts the steps: it is small, so that a fork costs little, and the kernel spares it when the agent kills
 * everything by kill(-1), and keeps steps from killing or stopping it. init.c does so in C; where Python is wanted, it
 * becomes the runner (runner.c), which does the same and forks steps that have an interpreter already.
 *
 * The agent asks by a socket that it inherits: a head (struct ask), then NUL-terminated strings, arguments first, the
 * environment after them. It is answered by struct answer. Never two steps at once.
 */
#ifndef STARTER_H
#define STARTER_H

#include <stdint.h>
#include <sys/types.h>

/* What process 1 and the agent both inherit. The two pipes are descriptors without a direction (O_PATH) of FIFOs
 * that have no name any more: each opens them through /proc/self/fd. */
enum { CONTROL = 3, STDOUT_PIPE = 4, STDERR_PIPE = 5 };

struct ask {
  uint32_t kind;
  uint32_t bytes; /* of the strings */
  uint32_t argument_count;
};

enum {
  ASK_PROGRAM = 1, /* start a program */
  ASK_PYTHON = 2,  /* start `python3 <file>`, in a fork of the interpreter where there is one */
  ASK_RUNNER = 3,  /* become the runner; is not answered */
  ASK_LOADED = 4,  /* the same, with the modules that are asked for (LONGSHORE_STEP_PRELOAD): there is time */
};

struct answer {
  int32_t kind;
  int32_t value;
};

enum {
  ANSWER_STARTED = 1, /* with its pid */
  ANSWER_FAILED = 2,  /* with the error's number: nothing of it ran */
  ANSWER_ENDED = 3,   /* with its status as of wait() */
};

/* Arguments and environment of a step, each NULL-terminated, in one piece of memory. */
struct step {
  char **arguments;
  char **environment;
};

struct starter {
  pid_t agent;
  /* What is done for ASK_RUNNER and ASK_LOADED; NULL: nothing. Returns only where it failed. */
  void (*become_runner)(pid_t agent, int is_loaded);
  /* Around the fork of a step that is to go on with this program's interpreter; NULL: python3 is executed. In the child
   * when the kernel already takes it first where memory runs out. */
  void (*before_fork)(void);
  void (*after_fork)(int is_child);
};

/* Serves until the agent has ended, then ends the process with its status (128 + n where signal n ended it). Reaps what
 * steps orphan, and passes TERM and INT on to the agent where they come from outside. Returns in a step only: one of
 * ASK_PYTHON, forked, restricted and ready to run its program. */
struct step serve(const struct starter *starter);

/* As serve(), where the agent starts the steps by itself: without any descriptor, so that where a kernel does not keep
 * /proc/1/fd shut (gVisor), a step finds nothing there to read from or to speak by. */
_Noreturn void serve_nothing(pid_t agent);

/* Blocks what serve() takes by a descriptor. To be called before the agent is started; `before` is the mask to be
 * given to it. */
void block_signals(void *before);

#endif
