import { z } from "zod";
import { failureCodes } from "../domain/failure.ts";
import { component, components } from "./components.ts";

const count = z.number().int().min(0);
const time = z.iso.datetime();

const provider = z
  .strictObject({
    provider: z.enum(["primary", "fallback"]),
    model: z.string(),
    circuit: z.enum(["closed", "open", "half_open"]).meta({
      description:
        "`open` after failures in a row: calls are not made for a while; `half_open` while one tries, alone.",
    }),
    reason: z.string().nullable().meta({ description: "Why its last call failed; null where it did not." }),
  })
  .meta({ id: "WorkerProvider" });

export const workerView = z
  .strictObject({
    id: z.uuid(),
    name: z.string().meta({ description: "Its machine and process." }),
    version: z.string(),
    state: z.enum(["taking", "stopping", "silent"]).meta({
      description: "`silent`: nothing was heard of it for 15 s, and what it said last stands here.",
    }),
    started_at: time,
    seen_at: time,
    concurrency: count.meta({ description: "Jobs at once, at most." }),
    running: count.meta({ description: "Jobs that it runs now." }),
    warm: z.strictObject({ wanted: count, ready: count }).nullable().meta({
      description: "Sandboxes that wait for a job. Null where a worker of an older version does not say.",
    }),
    engine: component,
    providers: z.array(provider).meta({ description: "Those that are configured." }),
  })
  .meta({ id: "Worker" });

export const failureCount = z
  .strictObject({
    code: z.enum(failureCodes),
    count: count.meta({ description: "10,000 stands for that many and more." }),
    last_at: time,
    last_job_id: z.uuid().nullable().meta({ description: "Null where it is another tenant's." }),
  })
  .meta({ id: "FailureCount" });

/** The answer of GET /system. */
export const systemView = z
  .strictObject({
    workers: z.array(workerView).meta({
      description:
        "Those heard of last come first, 200 at most. One that stopped is not among them; one that died is, for a day.",
    }),
    queue: z.strictObject({
      state: component.shape.state,
      waiting: count,
      oldest_waiting_ms: count
        .nullable()
        .meta({ description: "Since it could have begun; null where none waits." }),
      running: count,
    }),
    components,
    disk: z.strictObject({
      free_bytes: count.nullable().meta({
        description:
          "Where archives lie, as the API sees it; null where that is not known, or not looked at (MIN_FREE_DISK_MB=0).",
      }),
      archives_bytes: count.nullable().meta({
        description:
          "Of all archives together, as of at most a minute ago; null while they are being added up.",
      }),
      state: component.shape.state,
    }),
    failures: z.array(failureCount).meta({ description: "Of the last 24 hours, the most frequent first." }),
  })
  .meta({ id: "System" });

export type SystemView = z.output<typeof systemView>;
export type WorkerView = z.output<typeof workerView>;
