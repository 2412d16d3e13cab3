import type { Job } from "@longshore/client";
import { formatDuration } from "../../format/duration.ts";
import { Notice } from "../../widgets/notice.tsx";
import type { Receipt } from "./use-job-actions.ts";

interface CancelReceiptProps {
  readonly receipt: Receipt;
  readonly job: Job;
}

/** What the service answered to a cancel, and then how the job ended. */
export function CancelReceipt({ receipt, job }: CancelReceiptProps) {
  if (!receipt.cancelled)
    return (
      <Notice tone="warn" title="The cancel came too late">
        <p>The job had ended already: it {receipt.status}. Nothing of it was changed.</p>
      </Notice>
    );
  if (job.finished_at === null)
    return (
      <Notice tone="plain" title="Cancel accepted">
        <p>The job is being stopped. It counts as cancelled when its sandbox runs no more.</p>
      </Notice>
    );
  const asked = job.cancel_requested_at ?? job.finished_at;
  const took = Date.parse(job.finished_at) - Date.parse(asked);
  return (
    <Notice tone="good" title={`The job has ended: ${job.status}`}>
      <p>
        {took > 0
          ? `It was stopped ${formatDuration(took)} after the cancel was accepted.`
          : "It was stopped at once."}
      </p>
    </Notice>
  );
}
