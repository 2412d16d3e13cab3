import "./timeline.css";
import { formatDuration } from "../../format/duration.ts";
import type { Segment } from "./segments.ts";
import { createTimeScale, type TimeScale } from "./time-scale.ts";

interface TimelineProps {
  readonly segments: readonly Segment[];
  /** Where what still lasts has got to, in ms since 1970. */
  readonly now: number;
  /** Called with the step whose bar is chosen. */
  readonly onStep: (step: NonNullable<Segment["step"]>) => void;
}

/** What the job did when, to scale: a bar for each phase, call and step. */
export function Timeline({ segments, now, onStep }: TimelineProps) {
  const first = segments[0];
  if (first === undefined) return null;
  const end = Math.max(...segments.map(({ to }) => to ?? now));
  const scale = createTimeScale(Math.min(...segments.map(({ from }) => from)), end);
  return (
    <div className="timeline">
      <ol className="timeline-ticks" aria-hidden="true">
        {scale.ticks.map(({ ms, percent }) => (
          <li key={ms} style={{ left: `${String(percent)}%` }}>
            {ms === 0 ? "0" : formatDuration(ms)}
          </li>
        ))}
      </ol>
      <ol className="timeline-rows" aria-label="Time line">
        {segments.map((segment) => (
          <TimelineRow key={segment.key} {...{ segment, scale, now, onStep }} />
        ))}
      </ol>
    </div>
  );
}

interface TimelineRowProps {
  readonly segment: Segment;
  readonly scale: TimeScale;
  readonly now: number;
  readonly onStep: TimelineProps["onStep"];
}

function TimelineRow({ segment, scale, now, onStep }: TimelineRowProps) {
  const { label, phase, outcome, from, to, step, attempt } = segment;
  const until = Math.max(from, to ?? now);
  const left = scale.place(from);
  const style = { left: `${String(left)}%`, width: `${String(scale.place(until) - left)}%` };
  const name = attempt > 1 ? `${label} (attempt ${String(attempt)})` : label;
  return (
    <li className="timeline-row">
      {step === null ? (
        <span className="timeline-name">{name}</span>
      ) : (
        <button type="button" className="timeline-name" onClick={() => onStep(step)}>
          {name}
        </button>
      )}
      <span className="timeline-lane">
        <span className="timeline-bar" data-phase={phase} data-outcome={outcome} style={style} />
      </span>
      <span className="timeline-took">
        {outcome === "failed" ? (
          <span className="timeline-failed">
            ✗<span className="visually-hidden"> failed after</span>{" "}
          </span>
        ) : null}
        {formatDuration(until - from)}
        {to === null ? " …" : ""}
      </span>
    </li>
  );
}
