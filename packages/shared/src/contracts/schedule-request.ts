import { z } from "zod";
import { type LimitName, limitRanges } from "../domain/limits.ts";
import { env, secrets } from "./environment.ts";
import { contentEncoding, decodedBytes, isBase64, toStorableContent } from "./file-content.ts";
import { network } from "./network.ts";
import { steps } from "./step.ts";
import { countCharacters, isCleanText } from "./text.ts";
import { workspacePath } from "./workspace-path.ts";

/** The largest value of each limit that this server takes; from the configuration. */
export type LimitMaxima = Readonly<Record<LimitName, number>>;

const longestPrompt = 100_000;
const mostFileBytes = 10 * 1024 * 1024;

const prompt = z
  .string()
  .refine(isCleanText, { error: "must not contain NUL or lone surrogates", abort: true })
  .transform((text) => text.trim())
  .refine((text) => text !== "", {
    error: "must not be empty: say in plain language what is to be done",
    abort: true,
  })
  .refine((text) => text.length <= longestPrompt || countCharacters(text) <= longestPrompt, {
    error: `must have at most ${String(longestPrompt)} characters`,
  })
  .meta({ description: "The task in natural language.", minLength: 1, maxLength: longestPrompt });

const file = z
  .strictObject({ path: workspacePath, content: z.string(), encoding: contentEncoding.default("utf8") })
  .refine((given) => given.encoding === "utf8" || isBase64(given.content), {
    path: ["content"],
    error: "must be padded standard base64",
  });

const files = z
  .array(file)
  .max(50)
  .superRefine((given, context) => {
    const seen = new Set<string>();
    let bytes = 0;
    for (const [index, each] of given.entries()) {
      bytes += decodedBytes(each);
      if (seen.has(each.path))
        context.addIssue({ code: "custom", path: [index, "path"], message: "is given twice" });
      seen.add(each.path);
    }
    if (bytes > mostFileBytes) {
      context.addIssue({
        code: "custom",
        message: `must have at most ${String(mostFileBytes)} bytes together, decoded`,
      });
    }
  })
  .transform((given) => given.map((each) => ({ ...each, ...toStorableContent(each) })));

const metadata = z
  .record(z.string(), z.string())
  .superRefine((labels, context) => {
    const entries = Object.entries(labels);
    if (entries.length > 16) context.addIssue({ code: "custom", message: "must have at most 16 pairs" });
    for (const [key, value] of entries) {
      if (!isCleanText(key) || !isCleanText(value)) {
        context.addIssue({ code: "custom", path: [key], message: "must not contain NUL or lone surrogates" });
      }
      const characters = countCharacters(key);
      if (characters < 1 || characters > 64) {
        context.addIssue({ code: "custom", path: [key], message: "must have a key of 1 to 64 characters" });
      }
      if (countCharacters(value) > 512) {
        context.addIssue({ code: "custom", path: [key], message: "must have at most 512 characters" });
      }
    }
  })
  .meta({ description: "The caller's own labels, given back and filterable." });

function limits(maxima: LimitMaxima) {
  const whole = (name: LimitName) =>
    z
      .number()
      .int()
      .min(limitRanges[name].min)
      .max(Math.min(limitRanges[name].max, maxima[name]))
      .default(Math.min(limitRanges[name].default, maxima[name]));
  return z.strictObject({
    timeout_seconds: whole("timeout_seconds"),
    cpus: z
      .number()
      .min(limitRanges.cpus.min)
      .max(Math.min(limitRanges.cpus.max, maxima.cpus))
      .default(Math.min(limitRanges.cpus.default, maxima.cpus)),
    memory_mb: whole("memory_mb"),
    pids: whole("pids"),
    disk_mb: whole("disk_mb"),
    output_mb: whole("output_mb"),
    log_mb: whole("log_mb"),
    max_tokens: whole("max_tokens"),
  });
}

/** What this server permits beyond the limits; from the configuration. */
export interface RequestPermits {
  readonly fullNetwork: boolean;
}

/** The body of POST /schedule, with this server's maxima. What it gives is stored, see {@link StoredRequest}. */
export function scheduleRequest(maxima: LimitMaxima, permits: RequestPermits = { fullNetwork: false }) {
  const limitsSchema = limits(maxima);
  return z
    .strictObject({
      prompt: prompt.optional(),
      steps: steps.optional(),
      files: files.default([]),
      env: env.default({}),
      secrets: secrets.default({}),
      network: network(permits.fullNetwork).default("none"),
      limits: limitsSchema.prefault({}),
      max_turns: z.number().int().min(1).max(20).default(3),
      max_attempts: z.number().int().min(1).max(10).default(3),
      metadata: metadata.default({}),
    })
    .refine((body) => body.prompt !== undefined || body.steps !== undefined, {
      path: ["prompt"],
      error: "is required unless steps are given",
    })
    .superRefine((body, context) => {
      for (const name of Object.keys(body.secrets)) {
        if (!Object.hasOwn(body.env, name)) continue;
        context.addIssue({ code: "custom", path: ["secrets", name], message: "is given in env as well" });
      }
    });
}

export type ScheduleRequest = z.output<ReturnType<typeof scheduleRequest>>;

/** A Job's request: complete, validated, in a form that jsonb takes, and without its secrets. */
export type JobRequest = Omit<ScheduleRequest, "secrets"> & { readonly secrets?: never };

/** What bounds a Job, and says nothing of what it does. */
type RequestBounds = Pick<JobRequest, "limits" | "max_turns" | "max_attempts">;

/** What is in clear of a stored request: all of it, or its bounds where the Job has secrets; see `sealed-job.ts`. */
export type StoredRequest = JobRequest | RequestBounds;
