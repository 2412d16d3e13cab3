import type { Job } from "@longshore/client";
import { ActionButton } from "../../widgets/action-button.tsx";
import { Notice } from "../../widgets/notice.tsx";
import { howItEnded } from "./how-it-ended.ts";

interface EndNoticeProps {
  readonly job: Job;
  /** Brings the error into view; null where no line of the log is it. */
  readonly onError: (() => void) | null;
}

/** Why a job did not succeed, and what can be done. */
export function EndNotice({ job, onError }: EndNoticeProps) {
  const told = howItEnded(job);
  if (told === null) return null;
  return (
    <Notice tone={job.status === "failed" ? "bad" : "plain"} title={told.title}>
      <div className="end-notice">
        <p>
          {told.advice} {job.failure === null ? null : <code className="muted">{job.failure.code}</code>}
        </p>
        {onError === null ? null : <ActionButton onPress={onError}>Show the error in the log</ActionButton>}
      </div>
    </Notice>
  );
}
