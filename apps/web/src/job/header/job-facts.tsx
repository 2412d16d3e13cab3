import type { Job } from "@longshore/client";
import type { ReactNode } from "react";
import { formatDuration } from "../../format/duration.ts";
import { Moment } from "../../widgets/moment.tsx";
import { useNow } from "../use-now.ts";

/** The job's numbers in one line. */
export function JobFacts({ job }: { readonly job: Job }) {
  const now = useNow(job.finished_at === null);
  const took = (job.finished_at === null ? now : Date.parse(job.finished_at)) - Date.parse(job.created_at);
  return (
    <dl className="job-facts">
      <Fact name={job.finished_at === null ? "For" : "Took"}>{formatDuration(took)}</Fact>
      <Fact name="Created">
        <Moment at={job.created_at} />
      </Fact>
      {job.attempt > 1 ? <Fact name="Attempt">{job.attempt}</Fact> : null}
      {job.sandbox === null ? null : (
        <Fact name="Sandbox">
          {job.sandbox.provider}, {job.sandbox.runtime}
          {job.sandbox.warm ? ", warm" : ""}
        </Fact>
      )}
      <Fact name="Id">
        <code>{job.job_id}</code>
      </Fact>
      {Object.entries(job.metadata).map(([key, value]) => (
        <Fact key={key} name={key}>
          <span className="job-label">{value}</span>
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
