import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { jobIdPattern } from "../../job-id.ts";
import { followFor } from "../follow-for.ts";
import { answerJob, jobAnswer } from "../job-answer.ts";
import { listOutputs } from "../output-files.ts";
import { runTool } from "../run-tool.ts";
import type { Call, ToolContext } from "../tool-context.ts";

const input = z.strictObject({
  job_id: z.string().regex(jobIdPattern),
  wait_seconds: z.number().int().min(0).max(3_600).default(0).describe("Wait so long for its end (0)."),
});

/** Registers job_status. */
export function addJobStatus(server: McpServer, context: ToolContext): void {
  const { client } = context;
  const description =
    "Says where a job is, its steps with their exit codes, how it ended, and which files it left.";
  server.registerTool(
    "job_status",
    {
      ...{ title: "Look at a job", description, inputSchema: input, outputSchema: jobAnswer },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ job_id, wait_seconds }: z.output<typeof input>, call: Call) =>
      runTool(context, async () => {
        const now = await client.status(job_id, { signal: call.signal });
        // What expired has no events any more, and nothing that could be waited for.
        const isExpired = now.finished_at !== null && now.download_link !== null && now.output === null;
        if (wait_seconds === 0 || isExpired)
          return answerJob(now, await listOutputs(client, now, call.signal), null);
        const { job, tail } = await followFor(context, job_id, { waitMs: wait_seconds * 1_000, call });
        return answerJob(job, await listOutputs(client, job, call.signal), tail);
      }),
  );
}
