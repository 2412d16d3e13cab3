import type { JobSummary } from "@longshore/client";
import { useEffect, useRef } from "react";

const lookEveryMs = 3_000;
/** The first page is looked at as a whole: of what is further down, so many at a time. */
const mostAtATime = 10;

/** Has the jobs that are in sight and have not ended looked at again and again. */
export function useUnfinishedInSight(
  inSight: readonly JobSummary[],
  lookAt: (ids: readonly string[]) => Promise<void>,
): void {
  const latest = useRef({ inSight, lookAt });
  latest.current = { inSight, lookAt };
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden || window.scrollY === 0) return;
      const ids = latest.current.inSight
        .filter(({ finished_at }) => finished_at === null)
        .map(({ job_id }) => job_id);
      if (ids.length > 0) void latest.current.lookAt(ids.slice(0, mostAtATime));
    }, lookEveryMs);
    return () => clearInterval(timer);
  }, []);
}
