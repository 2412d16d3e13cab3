import "./log.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { LineAnchor } from "./use-line-anchor.ts";
import type { LogBuffer } from "./log-buffer.ts";
import { LogRowView } from "./log-row-view.tsx";
import { useFollow } from "./use-follow.ts";

interface LogViewProps {
  readonly buffer: LogBuffer;
  /** The rows that are shown: `from` up to `to`, which is not among them. */
  readonly range: { readonly from: number; readonly to: number };
  readonly wanted: string;
  /** The line that is pointed to, and brought into view each time that it is. */
  readonly anchor: LineAnchor;
  readonly withTime: boolean;
  readonly wraps: boolean;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

const rowPixels = 20;

/** The lines of a log, of which those alone are in the page that can be seen. */
export function LogView({ buffer, range, wanted, anchor, wraps, withTime, ...props }: LogViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const count = range.to - range.from;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 24,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useLookedAt(buffer, range.from + first, range.from + last);
  useEffect(() => virtual.measure(), [virtual, wraps, range.from]);
  useFollow({ scroller, count, isFollowing: props.isFollowing, onFollow: props.onFollow });
  const { line: here, point } = anchor;
  useJump({ index: here === null ? -1 : here - 1 - range.from, times: anchor.times, count }, (index) => {
    scroller.current?.scrollIntoView({ block: "nearest" });
    const seen = virtual.range;
    if (seen === null || index < seen.startIndex || index > seen.endIndex)
      virtual.scrollToIndex(index, { align: "center" });
  });
  return (
    <div
      ref={scroller}
      className={`log-scroll${wraps ? " log-wraps" : ""}`}
      // Scrolled by keys as it is: arrows, page up and down, home and end.
      tabIndex={0}
      role="region"
      aria-label="Log"
    >
      <div className="log-sizer" style={{ height: virtual.getTotalSize() }}>
        <div className="log-block" style={{ transform: `translateY(${String(items[0]?.start ?? 0)}px)` }}>
          {items.map(({ index, key }) => (
            <div
              key={key}
              className="log-row"
              data-index={index}
              data-here={range.from + index + 1 === here || undefined}
              ref={wraps ? virtual.measureElement : undefined}
            >
              <LogRowAt {...{ buffer, wanted, withTime }} place={range.from + index} onPoint={point} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** What is looked at is kept, and fetched where it is not there. */
function useLookedAt(buffer: LogBuffer, first: number, last: number): void {
  useEffect(() => {
    for (let place = first; place <= last; place += 1) buffer.row(place);
  });
}

interface LogRowAtProps extends Pick<LogViewProps, "buffer" | "wanted" | "withTime"> {
  readonly place: number;
  readonly onPoint: (line: number) => void;
}

function LogRowAt({ buffer, place, ...props }: LogRowAtProps) {
  const row = buffer.peek(place);
  const line = place + 1;
  if (row === null) return <span className="log-absent">Line {line} is being fetched …</span>;
  return <LogRowView row={row} line={line} {...props} />;
}

interface Jump {
  /** Negative where there is none. */
  readonly index: number;
  readonly times: number;
  readonly count: number;
}

/** Scrolls to a row once for each time that one is pointed to, as soon as it is there. */
function useJump({ index, times, count }: Jump, scrollTo: (index: number) => void): void {
  const done = useRef(-1);
  useLayoutEffect(() => {
    if (index < 0 || index >= count || done.current === times) return;
    done.current = times;
    scrollTo(index);
  });
}
