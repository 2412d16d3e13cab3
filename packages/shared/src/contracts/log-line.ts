import { z } from "zod";
import { pipelineNodes } from "../domain/job-state.ts";

export const logStream = z.enum(["stdout", "stderr", "system"]);

export type LogStream = z.output<typeof logStream>;

/** One line of a Job's log. `text` is without its newline; `continued` is there, and true, where it goes on the line before. */
export const logLine = z
  .strictObject({
    seq: z.number().int().min(1),
    time: z.iso.datetime(),
    attempt: z.number().int().min(1),
    node: z.enum(pipelineNodes).nullable(),
    step: z.number().int().min(1).nullable(),
    stream: logStream,
    text: z.string(),
    continued: z.literal(true).optional(),
  })
  .meta({ id: "LogLine" });

export type LogLine = z.output<typeof logLine>;

/** The answer of GET /logs/{id} as JSON. */
export const logPage = z
  .strictObject({
    job_id: z.uuid(),
    lines: z.array(logLine),
    next_after: z.number().int().min(0),
    complete: z.boolean(),
  })
  .meta({ id: "LogPage" });
