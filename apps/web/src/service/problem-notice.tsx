import { LongshoreError, ProblemError } from "@longshore/client";
import { ActionButton } from "../widgets/action-button.tsx";
import { Notice } from "../widgets/notice.tsx";

interface ProblemNoticeProps {
  /** What could not be done: "The jobs cannot be shown". */
  readonly what: string;
  readonly error: Error;
  readonly onRetry?: () => void;
}

/** What went wrong with a request, in the service's own words, and what to do. */
export function ProblemNotice({ what, error, onRetry }: ProblemNoticeProps) {
  return (
    <Notice tone="bad" title={what}>
      <p>
        {error.message} {error instanceof LongshoreError ? error.advice : ""}
      </p>
      {error instanceof ProblemError && error.status >= 500 && error.requestId !== null ? (
        <p className="muted">Request {error.requestId}</p>
      ) : null}
      {onRetry === undefined ? null : <ActionButton onPress={onRetry}>Try again</ActionButton>}
    </Notice>
  );
}
