import { z } from "zod";

const count = z.number().int().min(0);

/** The answer of GET /jobs/{id}/usage. */
export const jobUsage = z
  .strictObject({
    job_id: z.uuid(),
    limits: z.strictObject({ memory_mb: count, cpus: z.number() }).meta({ description: "What it may use." }),
    samples: z
      .array(
        z
          .strictObject({
            attempt: z.number().int().min(1),
            time: z.iso.datetime(),
            memory_bytes: count.meta({
              description: "Of the job's processes, as `memory_mb` counts: without what is in /workspace.",
            }),
            cpu_ms: count.meta({
              description:
                "Processor time of the attempt's sandbox since that was started; two processors at work for a second are 2,000.",
            }),
          })
          .meta({ id: "UsageSample" }),
      )
      .meta({
        description:
          "In their order: every two seconds from the second on of each attempt, and where that runs long, as seldom as " +
          "makes 300 at most of it. One may be missing.",
      }),
  })
  .meta({ id: "JobUsage" });
