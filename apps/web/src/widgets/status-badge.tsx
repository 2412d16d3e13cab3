import "./status-badge.css";
import type { JobStatus } from "@longshore/client";

type Status = JobStatus | "pending" | "skipped";

/** Told by a sign and a word, so that nobody needs the colour. */
const signs: Readonly<Record<Status, string>> = {
  queued: "○",
  running: "◔",
  succeeded: "✓",
  failed: "✗",
  cancelled: "⊘",
  pending: "○",
  skipped: "–",
};

/** The state of a job or of a step. */
export function StatusBadge({ status }: { readonly status: Status }) {
  return (
    <span className={`status-badge status-badge-${status}`}>
      <span aria-hidden="true">{signs[status]}</span> {status}
    </span>
  );
}
