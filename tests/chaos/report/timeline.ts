/** What happened, in order: the evidence for what the checker finds. */
export interface TimelineEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly what: string;
  readonly jobId?: string;
  readonly detail?: unknown;
}

/** A rule that was broken. */
export interface Violation {
  /** Number of the invariant in docs/reliability.md; 0 for what no invariant names, such as a process that ended by itself. */
  readonly invariant: number;
  readonly jobId: string | null;
  readonly message: string;
  readonly at: number;
}

export interface Timeline {
  note(what: string, more?: { readonly jobId?: string; readonly detail?: unknown }): void;
  broken(invariant: number, jobId: string | null, message: string): void;
  readonly entries: readonly TimelineEntry[];
  readonly violations: readonly Violation[];
  /** What concerns a Job, and every fault between its first and its last entry. */
  around(jobId: string): readonly TimelineEntry[];
}

/** `say` gets a line for what somebody who watches wants to see at once. */
export function createTimeline(say: (line: string) => void): Timeline {
  const entries: TimelineEntry[] = [];
  const violations: Violation[] = [];
  const note: Timeline["note"] = (what, more = {}) => void entries.push({ at: Date.now(), what, ...more });
  return {
    note,
    entries,
    violations,
    broken: (invariant, jobId, message) => {
      violations.push({ invariant, jobId, message, at: Date.now() });
      note(`BROKEN ${String(invariant)}: ${message}`, jobId === null ? {} : { jobId });
      say(`  ✗ invariant ${String(invariant)}${jobId === null ? "" : ` job ${jobId}`}: ${message}`);
    },
    around: (jobId) => {
      const own = entries.filter((entry) => entry.jobId === jobId);
      const [from, to] = [own.at(0)?.at ?? 0, own.at(-1)?.at ?? 0];
      return entries.filter(
        (entry) => entry.jobId === jobId || (entry.jobId === undefined && entry.at >= from && entry.at <= to),
      );
    },
  };
}
