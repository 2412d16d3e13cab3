import { useEffect } from "react";
import { ProblemNotice } from "../service/problem-notice.tsx";
import type { JobList } from "./job-list.ts";
import { JobRow } from "./job-row.tsx";
import { useActiveJob } from "./use-active-job.ts";
import type { LiveJobList } from "./use-job-list.ts";
import { useRows } from "./use-rows.ts";
import { useUnfinishedInSight } from "./use-unfinished-in-sight.ts";

interface JobTableProps extends Pick<LiveJobList, "loadMore" | "moreError" | "lookAt"> {
  readonly list: JobList;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
}

/** So many rows before the end of what is known, what comes behind is asked for. */
const rowsAhead = 60;

/** The rows that are in sight, of as many as there are. */
export function JobTable({ list, selected, onSelect, loadMore, moreError, lookAt }: JobTableProps) {
  const { jobs, next } = list;
  const { body, rows, top, rowHeight } = useRows(list);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (next !== null && moreError === null && last >= jobs.length - rowsAhead) loadMore();
  }, [last, jobs.length, next, moreError, loadMore]);
  useUnfinishedInSight(
    items.flatMap(({ index }) => jobs[index] ?? []),
    lookAt,
  );
  const toggle = (id: string) =>
    onSelect(new Set(selected.has(id) ? [...selected].filter((each) => each !== id) : [...selected, id]));
  const active = useActiveJob(jobs, (index) => rows.scrollToIndex(index, { align: "auto" }), toggle);
  return (
    <div
      role="table"
      aria-label="Jobs"
      aria-rowcount={next === null ? jobs.length + 1 : -1}
      className="job-table"
    >
      <TableHead />
      <div ref={body} role="rowgroup" className="job-rows" style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const job = jobs[index];
          if (job === undefined) return null;
          const isSelected = selected.has(job.job_id);
          const place = { top: start - top, height: rowHeight, index };
          return (
            <JobRow
              key={job.job_id}
              {...{ job, place, isSelected }}
              isActive={job.job_id === active}
              onToggle={() => toggle(job.job_id)}
            />
          );
        })}
      </div>
      {moreError === null ? null : (
        <ProblemNotice what="More jobs cannot be asked for" error={moreError} onRetry={loadMore} />
      )}
    </div>
  );
}

function TableHead() {
  return (
    <div role="rowgroup">
      <div role="row" className="job-head" aria-rowindex={1}>
        <span role="columnheader">
          <span className="visually-hidden">Selected</span>
        </span>
        <span role="columnheader">State</span>
        <span role="columnheader">Job</span>
        <span role="columnheader">Made</span>
        <span role="columnheader">Took</span>
        <span role="columnheader">Left</span>
      </div>
    </div>
  );
}
