import type { System } from "@longshore/client";
import { formatBytes } from "../format/bytes.ts";
import { formatDuration } from "../format/duration.ts";

/** The service in a few numbers. */
export function Figures({ system }: { readonly system: System }) {
  const { queue, disk } = system;
  const taking = system.workers.filter(({ state }) => state === "taking");
  const sum = (of: (worker: (typeof taking)[number]) => number) =>
    taking.reduce((total, worker) => total + of(worker), 0);
  const figures = [
    {
      name: "Jobs running",
      value: String(queue.running),
      more: `of ${String(sum(({ concurrency }) => concurrency))} at once`,
    },
    {
      name: "Jobs waiting",
      value: String(queue.waiting),
      more:
        queue.oldest_waiting_ms === null
          ? "none"
          : `the oldest for ${formatDuration(queue.oldest_waiting_ms)}`,
    },
    { name: "Workers", value: String(taking.length), more: `of ${String(system.workers.length)} heard of` },
    {
      name: "Warm sandboxes",
      value: String(sum(({ warm }) => warm?.ready ?? 0)),
      more: `of ${String(sum(({ warm }) => warm?.wanted ?? 0))} wanted`,
    },
    {
      name: "Disk, free",
      value: disk.free_bytes === null ? "not known" : formatBytes(disk.free_bytes),
      more: disk.archives_bytes === null ? "" : `archives take ${formatBytes(disk.archives_bytes)}`,
    },
  ];
  return (
    <dl className="figures">
      {figures.map(({ name, value, more }) => (
        <div key={name} className="panel">
          <dt>{name}</dt>
          <dd className="figure-value">{value}</dd>
          <dd className="muted">{more}</dd>
        </div>
      ))}
    </dl>
  );
}
