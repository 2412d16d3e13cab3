/*
 * What stands between the agent and a step. A step is hostile and has the agent's uid, so whatever the agent holds
 * open or can be told by a signal would be the step's as well. become_step() gives all of that up and asks the kernel
 * to refuse what the uid alone would permit against the agent and process 1.
 *
 * Of these three, what fails says so on stderr as "launch: …" and ends the process with 125: nothing of a step ran.
 */
#ifndef RESTRICT_H
#define RESTRICT_H

#include <sys/types.h>

/* Every signal gets its default action. Where a program is executed later: one that runs already has its own. */
void reset_signals(void);

/* Has the kernel take this process first where memory runs out. become_step() does so too. */
void volunteer_for_oom_killer(void);

/* A session of its own, the usual limits and mask, oom_score_adj 1000, the filter; stdin is /dev/null, and descriptors
 * from first_closed on are closed. Stdout and stderr are the caller's to set before. */
void become_step(pid_t agent, unsigned first_closed);

/* Executes a program by its name. Ends as a shell would with 127 where there is none and 126 where it cannot be run;
 * answers the error where the kernel has no room for it (E2BIG, EAGAIN, ENOMEM). */
int become_program(char **arguments);

#endif
