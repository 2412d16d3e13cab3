import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { jobIdPattern } from "../../job-id.ts";
import { runTool } from "../run-tool.ts";
import type { Call, ToolContext, ToolResult } from "../tool-context.ts";

const waitSeconds = 15;
const input = z.strictObject({ job_id: z.string().regex(jobIdPattern) });
const output = { job_id: z.string(), status: z.string(), cancelled: z.boolean() };

/** Registers cancel_job. */
export function addCancelJob(server: McpServer, context: ToolContext): void {
  const { client } = context;
  server.registerTool(
    "cancel_job",
    {
      title: "Cancel a job",
      description:
        "Stops a job, and says so when its container runs no more. On one that has ended it changes nothing.",
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ job_id }: z.output<typeof input>, call: Call) =>
      runTool(context, async (): Promise<ToolResult> => {
        const answer = await client.cancel(job_id, { waitSeconds, signal: call.signal });
        const how = answer.cancelled
          ? answer.status === "cancelled"
            ? "is cancelled"
            : "is being cancelled"
          : `had ended already: ${answer.status}`;
        return {
          content: [{ type: "text", text: `Job ${job_id} ${how}.` }],
          structuredContent: { ...answer },
        };
      }),
  );
}
