import { z } from "zod";
import { contentEncoding, isBase64, toStorableContent } from "./file-content.ts";
import { cleanText } from "./text.ts";
import { workspacePath } from "./workspace-path.ts";

/** Every kind of Step. */
export const stepKinds = ["shell", "python", "write_file"] as const;

export type StepKind = (typeof stepKinds)[number];

const longestProgram = 1_048_576;

const common = {
  name: cleanText(1, 200).optional().meta({ description: "Shown in the plan." }),
  timeout_seconds: z.number().int().min(1).max(86_400).optional().meta({
    description: "The Step is killed with all its processes after this time, and counts as failed.",
  }),
  continue_on_error: z
    .boolean()
    .default(false)
    .meta({ description: "Where true, the next Step runs even if this one fails." }),
};

export const shellStep = z
  .strictObject({ kind: z.literal("shell"), command: cleanText(1, longestProgram), ...common })
  .meta({ description: "Run by `bash -c` with `set -o pipefail`, in /workspace." });

export const pythonStep = z
  .strictObject({ kind: z.literal("python"), code: cleanText(1, longestProgram), ...common })
  .meta({ description: "Run by `python3` as a program of its own, in /workspace." });

export const writeFileStep = z
  .strictObject({
    kind: z.literal("write_file"),
    path: workspacePath,
    content: z.string(),
    encoding: contentEncoding.default("utf8"),
    ...common,
  })
  .refine((step) => step.encoding === "utf8" || isBase64(step.content), {
    path: ["content"],
    error: "must be padded standard base64",
  })
  .transform((step) => ({ ...step, ...toStorableContent(step) }))
  .meta({ description: "Writes a file below /workspace; folders are made as needed." });

/** One action of a plan, as a client or a model writes it. */
export const step = z.discriminatedUnion("kind", [shellStep, pythonStep, writeFileStep]);

export type Step = z.output<typeof step>;

/** The Steps of a plan, in the order in which they run. */
export const steps = z.array(step).min(1).max(100);
