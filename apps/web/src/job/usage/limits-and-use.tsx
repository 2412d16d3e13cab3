import "./limits-and-use.css";
import type { Job, ScheduleRequest } from "@longshore/client";
import { formatMebibytes } from "../../format/bytes.ts";
import { formatCount } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { useAskedRequest } from "../use-asked-request.ts";
import { UsageCharts } from "./usage-charts.tsx";
import { comparedLimits, type ComparedLimit } from "./compared-limits.ts";

interface LimitsAndUseProps {
  readonly job: Job;
  readonly now: number;
}

/** What the job may use, and how much of it it has used, as far as that is known. */
export function LimitsAndUse({ job, now }: LimitsAndUseProps) {
  const { data, isLoading } = useAskedRequest(job.job_id);
  const asked = data?.request;
  const charts = <UsageCharts jobId={job.job_id} isRunning={job.finished_at === null} />;
  if (isLoading) return charts;
  if (asked?.limits === undefined)
    return (
      <>
        {charts}
        <p className="muted">
          What else the job may use is not told here. What was asked of a job is for keys that may read and
          write, until its retention is over; of a job with secrets it is for nobody.
        </p>
      </>
    );
  return (
    <div className="limits">
      {charts}
      {comparedLimits(job, asked.limits, now).map((limit) => (
        <Limit key={limit.name} limit={limit} />
      ))}
      <p className="muted">
        The network of the job: {describeNetwork(asked)}. It may be planned{" "}
        {formatCount(asked.max_turns ?? 1, "time")}, and tried {formatCount(asked.max_attempts ?? 1, "time")}.
      </p>
    </div>
  );
}

function Limit({ limit: { name, most, used, unit } }: { readonly limit: ComparedLimit }) {
  const say = (amount: number) => said[unit](amount);
  const share = used === null ? null : Math.min(1, used / most);
  return (
    <div className="limit">
      <span className="limit-name">{name}</span>
      {share === null ? (
        <span />
      ) : (
        <span className="limit-lane" role="meter" aria-label={name} aria-valuenow={Math.round(share * 100)}>
          <span
            className="limit-bar"
            data-full={share >= 0.9 || undefined}
            style={{ width: `${String(share * 100)}%` }}
          />
        </span>
      )}
      <span className="limit-numbers">
        {used === null ? `up to ${say(most)}` : `${say(used)} of ${say(most)}`}
      </span>
    </div>
  );
}

const whole = new Intl.NumberFormat("en");
const said: Readonly<Record<ComparedLimit["unit"], (amount: number) => string>> = {
  ms: formatDuration,
  bytes: formatMebibytes,
  count: (amount) => whole.format(amount),
};

function describeNetwork({ network }: ScheduleRequest): string {
  if (network === undefined || network === "none") return "none";
  return network === "full" ? "all of it" : network.allow.join(", ");
}
