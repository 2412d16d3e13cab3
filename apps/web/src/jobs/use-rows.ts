import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { countNew, type JobList } from "./job-list.ts";
import { useRowHeight } from "./use-row-height.ts";

/** Which rows of the list are in sight, and where they are, in px from the top of the page. */
export function useRows(list: JobList) {
  const { jobs } = list;
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const rowHeight = useRowHeight();
  // What is above the list may come and go.
  useLayoutEffect(() => setTop(body.current?.offsetTop ?? 0));
  const rows = useWindowVirtualizer({
    count: jobs.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => jobs[index]?.job_id ?? index,
  });
  useEffect(() => rows.measure(), [rows, rowHeight]);
  useKeptPlace(list, top, rowHeight);
  return { body, rows, top, rowHeight };
}

/** New jobs come in front: who reads further down goes on reading where they were. */
function useKeptPlace(list: JobList, top: number, rowHeight: number): void {
  const first = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const added = countNew(list, first.current);
    first.current = list.jobs[0]?.job_id;
    if (added > 0 && window.scrollY > top) window.scrollBy({ top: added * rowHeight, behavior: "instant" });
  }, [list, top, rowHeight]);
}
