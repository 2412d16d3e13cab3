import type { Job } from "@longshore/client";
import type { StateMark } from "../history/job-history.ts";

export const places = ["Queue", "Start", "Plan", "Steps", "Archive"] as const;
export type Place = (typeof places)[number];

export interface PlaceState {
  readonly place: Place;
  /** `skipped`: the job had no need of it, or ended before. `stopped`: it ended badly, or was cancelled, here. */
  readonly state: "done" | "current" | "todo" | "skipped" | "stopped";
}

type Where = Pick<Job, "status" | "node" | "failure">;

/** Where a job stands, or stood when it ended. */
export function pipelinePlaces(job: Where, marks: readonly StateMark[]): readonly PlaceState[] {
  const hasEnded = job.status !== "queued" && job.status !== "running";
  const was = hasEnded ? lastPlace(job, marks) : placeOf(job.status, job.node);
  const visited = new Set(marks.map(({ status, node }) => placeOf(status, node)));
  const at = places.indexOf(was);
  return places.map((place, index): PlaceState => {
    if (place === was) {
      if (!hasEnded) return { place, state: "current" };
      return { place, state: job.status === "succeeded" ? "done" : "stopped" };
    }
    if (index > at) return { place, state: hasEnded ? "skipped" : "todo" };
    // Nobody plans what was given as steps.
    return { place, state: place === "Plan" && !visited.has("Plan") ? "skipped" : "done" };
  });
}

/** Where a job was before it ended: the archive is written of those, too, that ended badly. */
function lastPlace({ status, failure }: Where, marks: readonly StateMark[]): Place {
  // Also where a plan was asked for that would have repaired the step.
  if (failure !== null && failure.step !== null) return "Steps";
  const before = marks.filter(({ status }) => status === "queued" || status === "running");
  const working = before.filter(({ node }) => node !== "compile");
  const last = (status === "succeeded" ? before : working).at(-1);
  return last === undefined ? "Queue" : placeOf(last.status, last.node);
}

function placeOf(status: Job["status"], node: Job["node"]): Place {
  if (status === "queued") return "Queue";
  switch (node) {
    case null:
      return "Start";
    case "analyze":
      return "Plan";
    case "compile":
      return "Archive";
    case "shell":
    case "python":
    case "write_file":
      return "Steps";
  }
}
