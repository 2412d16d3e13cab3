import type { JobSummary } from "@longshore/client";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { formatBytes } from "../format/bytes.ts";
import { formatCount } from "../format/count.ts";
import { promptLine } from "../format/prompt-line.ts";
import { Elapsed } from "../widgets/elapsed.tsx";
import { Moment } from "../widgets/moment.tsx";
import { StatusBadge } from "../widgets/status-badge.tsx";

interface JobRowProps {
  readonly job: JobSummary;
  /** In the list, and from its top, in px. */
  readonly place: { readonly index: number; readonly top: number; readonly height: number };
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly onToggle: () => void;
}

/** A job in the list. */
export function JobRow({ job, place, isSelected, isActive, onToggle }: JobRowProps) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isActive) link.current?.focus({ preventScroll: true });
  }, [isActive]);
  const title = titleOf(job);
  return (
    <div
      role="row"
      aria-rowindex={place.index + 2}
      className={`job-row ${isSelected ? "job-row-selected" : ""}`}
      style={{ transform: `translateY(${String(place.top)}px)`, height: place.height }}
    >
      <span role="cell" className="job-cell-select">
        <input type="checkbox" checked={isSelected} onChange={onToggle} aria-label={`Select ${title}`} />
      </span>
      <span role="cell" className="job-cell-state">
        <StatusBadge status={job.status} />
      </span>
      <span role="cell" className="job-cell-title">
        <Link ref={link} href={`/jobs/${job.job_id}`}>
          {title}
        </Link>
      </span>
      <span role="cell" className="job-cell-made muted">
        <Moment at={job.created_at} />
      </span>
      <span role="cell" className="job-cell-took">
        <Elapsed from={job.created_at} to={job.finished_at} />
      </span>
      <span role="cell" className="job-cell-left muted">
        {leftBy(job)}
      </span>
    </div>
  );
}

/** What the prompt is known by, or the job's number where it has none. */
function titleOf({ prompt, job_id }: JobSummary): string {
  return promptLine(prompt) ?? `Job ${job_id}`;
}

function leftBy({ failure, output, cancel_requested_at, status }: JobSummary): string {
  if (failure !== null) return failure.code;
  if (status === "running" && cancel_requested_at !== null) return "being cancelled";
  if (output === null) return "";
  if (output.files === 0) return "no outputs";
  return `${formatCount(output.files, "file")}, ${formatBytes(output.bytes)}`;
}
