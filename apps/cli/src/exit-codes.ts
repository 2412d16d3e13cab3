/** With what `longshore` ends, as docs/cli.md tells it. Scripts rely on these numbers. */
export const exitCodes = {
  ok: 0,
  jobFailed: 1,
  /** An option, a file or a request that is not valid. */
  wrongUse: 2,
  jobCancelled: 3,
  /** No key, one that is not valid, or one that may not do this. */
  keyRefused: 4,
  /** The service refused: no such job, not finished, expired, a conflict. */
  refused: 5,
  /** The service is not reached, or cannot take it at the moment. */
  serviceAway: 6,
  /** Something of this machine: a file that exists, a full disk, a damaged download. */
  local: 7,
  /** A bug of ours: EX_SOFTWARE of sysexits.h. */
  bug: 70,
  /** As shells say it of a program that a signal ended: 128 and the signal's number. */
  hungUp: 129,
  interrupted: 130,
  outputClosed: 141,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a job's state means for who waits for its outcome: one that has not ended has none yet, be it a good or a bad one. */
export const exitCodeOfStatus = {
  queued: exitCodes.refused,
  running: exitCodes.refused,
  succeeded: exitCodes.ok,
  failed: exitCodes.jobFailed,
  cancelled: exitCodes.jobCancelled,
} as const;
