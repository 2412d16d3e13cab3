import { useState } from "react";
import type { FeedSnapshot, JobFeed } from "../feed/create-job-feed.ts";
import { useFed } from "../feed/use-job-feed.ts";
import { LogToolbar } from "./log-toolbar.tsx";
import { LogView } from "./log-view.tsx";
import type { LineAnchor } from "./use-line-anchor.ts";
import { useLogSearch } from "./use-log-search.ts";

interface JobLogProps {
  readonly feed: JobFeed;
  /** Which step's output is shown; null for all. */
  readonly shown: { readonly turn: number; readonly step: number } | null;
  readonly anchor: LineAnchor;
  readonly onError: (() => void) | null;
  /** Of a job that runs the end is looked at, of one that has ended the beginning. */
  readonly isLive: boolean;
}

/** A job's log with its tools. */
export function JobLog({ feed, shown, anchor, onError, isLive }: JobLogProps) {
  const buffer = feed.log;
  // Whatever came: a line more, or one that was fetched anew.
  useFed(feed, "version");
  const rows = useFed(feed, "rows");
  const [isFollowing, setFollowing] = useState(anchor.line === null && isLive);
  const [wraps, setWraps] = useState(() => matchMedia("(max-width: 40rem)").matches);
  const [withTime, setTime] = useState(false);
  const section = shown === null ? null : buffer.section(shown.turn, shown.step);
  const range = shown === null ? { from: 0, to: rows } : { from: section?.from ?? 0, to: section?.to ?? 0 };
  // Whoever comes by an address, or jumps to the error, stays there, whatever comes after it.
  const [pointed, setPointed] = useState(anchor.times);
  if (pointed !== anchor.times) {
    setPointed(anchor.times);
    setFollowing(false);
  }
  const search = useLogSearch(buffer, range);
  return (
    <section className="log" aria-label="Output">
      <LogToolbar
        {...{ search, isFollowing, wraps, withTime, onError }}
        here={anchor.line}
        onFound={(place) => anchor.point(place + 1)}
        onFollow={isLive ? setFollowing : null}
        onWrap={setWraps}
        onTime={setTime}
      />
      {range.to === range.from ? (
        <p className="log-empty">{whyEmpty(feed.snapshot(), shown !== null)}</p>
      ) : (
        <LogView
          // Another range is another log: it begins where it is looked at anew.
          key={range.from}
          {...{ buffer, range, anchor, wraps, withTime, isFollowing }}
          wanted={search.text}
          onFollow={setFollowing}
        />
      )}
    </section>
  );
}

function whyEmpty({ state, history }: FeedSnapshot, ofStep: boolean): string {
  if (state === "opening") return "The log is being fetched …";
  const what = ofStep ? "This step" : "The job";
  if (history.end !== null) return `${what} printed nothing.`;
  return `${what} has printed nothing yet. Lines are shown here as they are printed.`;
}
