import type { JobSummary } from "@longshore/client";
import { useEffect, useRef, useState } from "react";
import { onKeys } from "../keyboard/on-keys.ts";

/** The job that the keys are at: `j` and `k` move, `x` selects; its link has the focus, so that Enter opens it. */
export function useActiveJob(
  jobs: readonly JobSummary[],
  scrollTo: (index: number) => void,
  toggle: (id: string) => void,
): string | null {
  const [active, setActive] = useState<string | null>(null);
  const move = (by: 1 | -1) => {
    const at = active === null ? -1 : jobs.findIndex(({ job_id }) => job_id === active);
    const to = Math.min(Math.max(at === -1 && by === -1 ? 0 : at + by, 0), jobs.length - 1);
    const job = jobs[to];
    if (job === undefined) return;
    setActive(job.job_id);
    scrollTo(to);
  };
  const actions = useRef({ move, select: () => undefined as void });
  actions.current = { move, select: () => (active === null ? undefined : toggle(active)) };
  useEffect(
    () =>
      onKeys({
        j: () => actions.current.move(1),
        k: () => actions.current.move(-1),
        x: () => actions.current.select(),
      }),
    [],
  );
  return active;
}
