import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { LongshoreError, type ScheduleRequest } from "@longshore/client";
import { z } from "zod";
import { lastWordsMs } from "../bounds.ts";
import { followFor } from "../follow-for.ts";
import { answerJob, jobAnswer } from "../job-answer.ts";
import { listOutputs } from "../output-files.ts";
import { runTool, toToolError } from "../run-tool.ts";
import type { Call, ToolContext, ToolResult } from "../tool-context.ts";

/** Under the minute after which many clients take a call for lost. */
const usualWaitSeconds = 45;
const longestWaitSeconds = 3_600;

const description = `Runs a job in a fresh sandboxed container and gives what it printed, how it ended and which files it left.
Give steps (run in order, in /workspace), or a prompt that a model turns into steps. The sandbox has bash, python3 with numpy,
pandas and matplotlib, Node, git, a C compiler, sqlite3, jq and ripgrep. It has no network, unless network lists hosts. What is
in /workspace at the end is kept: read it with job_outputs. A job that takes longer than wait_seconds goes on.`;

const step = z.strictObject({
  kind: z.enum(["shell", "python"]),
  code: z.string().describe("For bash -c, or a whole Python program."),
  timeout_seconds: z.number().int().min(1).optional(),
  continue_on_error: z.boolean().optional(),
});

const input = z.strictObject({
  steps: z.array(step).min(1).max(100).optional().describe("What is run, in this order."),
  prompt: z.string().optional().describe("Instead of steps: what is to be done, in plain language."),
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        content: z.string(),
        encoding: z.enum(["utf8", "base64"]).optional(),
      }),
    )
    .max(50)
    .optional()
    .describe("Files put into /workspace before the first step; paths are relative to it."),
  env: z
    .record(z.string(), z.string())
    .optional()
    .describe("Environment of every step. No secrets: it is kept."),
  network: z
    .array(z.string())
    .optional()
    .describe("Hosts that it may reach, such as pypi.org or *.pythonhosted.org."),
  timeout_seconds: z.number().int().min(1).max(86_400).optional().describe("The job's time (600)."),
  memory_mb: z.number().int().min(64).optional(),
  wait_seconds: z
    .number()
    .int()
    .min(1)
    .max(longestWaitSeconds)
    .default(usualWaitSeconds)
    .describe("How long to wait for its end; it goes on afterwards."),
});

type Input = z.output<typeof input>;

/** Registers run_job. */
export function addRunJob(server: McpServer, context: ToolContext): void {
  const annotations = {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: true,
  };
  server.registerTool(
    "run_job",
    { title: "Run code in a sandbox", description, inputSchema: input, outputSchema: jobAnswer, annotations },
    (given: Input, call: Call) => runTool(context, () => runJob(context, given, call)),
  );
}

async function runJob(context: ToolContext, given: Input, call: Call): Promise<ToolResult> {
  const { client } = context;
  // Not by the call's signal: a request that is broken off may have been accepted all the same.
  const { job_id } = await client.schedule(toRequest(given));
  try {
    call.signal.throwIfAborted();
    const { job, tail } = await followFor(context, job_id, { waitMs: given.wait_seconds * 1_000, call });
    return answerJob(job, await listOutputs(client, job, call.signal), tail);
  } catch (error) {
    if (call.signal.aborted) {
      // Nobody waits for it any more.
      await client.cancel(job_id, { signal: AbortSignal.timeout(lastWordsMs) }).catch(() => undefined);
      throw error;
    }
    if (!(error instanceof LongshoreError)) throw error;
    // Its id is nowhere else: without it the assistant could only run the same once more.
    return toToolError(
      error,
      `The job was accepted before that, as ${job_id}: don't run it again, job_status tells how it is.`,
    );
  }
}

function toRequest({
  steps,
  prompt,
  files,
  env,
  network,
  timeout_seconds,
  memory_mb,
}: Input): ScheduleRequest {
  const limits = {
    ...(timeout_seconds === undefined ? {} : { timeout_seconds }),
    ...(memory_mb === undefined ? {} : { memory_mb }),
  };
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(steps === undefined ? {} : { steps: steps.map(toStep) }),
    ...(files === undefined
      ? {}
      : { files: files.map(({ encoding = "utf8", ...file }) => ({ ...file, encoding })) }),
    ...(env === undefined ? {} : { env }),
    ...(network === undefined ? {} : { network: { allow: network } }),
    limits,
    metadata: { via: "mcp" },
  };
}

function toStep({ kind, code, timeout_seconds, continue_on_error = false }: z.output<typeof step>) {
  const how = { continue_on_error, ...(timeout_seconds === undefined ? {} : { timeout_seconds }) };
  return kind === "python" ? { kind, code, ...how } : { kind, command: code, ...how };
}
