import { z } from "zod";
import { type EncodedContent, toReadableContent } from "./file-content.ts";
import type { JobRequest, StoredRequest } from "./schedule-request.ts";
import type { Step } from "./step.ts";

/** The answer of GET /jobs/{id}/request. */
export const askedRequest = z
  .strictObject({
    job_id: z.uuid(),
    request: z
      .custom<JobRequest>((request) => request !== undefined)
      .meta({
        description: "What was given, and what is in force where nothing was.",
        type: "object",
        allOf: [{ $ref: "#/components/schemas/ScheduleRequest" }],
      }),
    secret_names: z.array(z.string()).meta({
      description:
        "What `secrets` would have to be given for the same job. Always empty: of a job with secrets nothing is told.",
    }),
  })
  .meta({ id: "AskedRequest" });

/** True where all of a Job's request is in clear: of one with secrets only its bounds are. */
export function isInClear(stored: StoredRequest): stored is JobRequest {
  return "files" in stored;
}

/** A request as POST /schedule takes it: in the order of its documentation, contents as text where they are text. */
export function toAskedRequest(stored: JobRequest): JobRequest {
  const { prompt, steps, files, env, network, limits, max_turns, max_attempts, metadata } = stored;
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(steps === undefined ? {} : { steps: steps.map(toReadableStep) }),
    files: files.map(readable),
    ...{ env, network, limits, max_turns, max_attempts, metadata },
  };
}

/** A Step whose content is text where it is text. */
export function toReadableStep(step: Step): Step {
  return step.kind === "write_file" ? readable(step) : step;
}

function readable<File extends EncodedContent>(file: File): File {
  return { ...file, ...toReadableContent(file) };
}
