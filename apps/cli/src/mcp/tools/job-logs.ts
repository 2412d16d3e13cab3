import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { jobIdPattern } from "../../job-id.ts";
import { showLine } from "../log-tail.ts";
import { runTool } from "../run-tool.ts";
import type { Call, ToolContext, ToolResult } from "../tool-context.ts";

const mostCharacters = 60_000;

const input = z.strictObject({
  job_id: z.string().regex(jobIdPattern),
  after: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe("Begin after this number: next_after of the answer before."),
  max_lines: z.number().int().min(1).max(2_000).default(500),
  stream: z.enum(["stdout", "stderr", "system"]).optional(),
});

const output = {
  job_id: z.string(),
  next_after: z.number(),
  lines: z.number(),
  more: z.boolean(),
};

/** Registers job_logs. */
export function addJobLogs(server: McpServer, context: ToolContext): void {
  const { client } = context;
  server.registerTool(
    "job_logs",
    {
      title: "Read a job's log",
      description: "Gives what a job has printed by now, a page at a time, from any line on.",
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ job_id, after, max_lines, stream }: z.output<typeof input>, call: Call) =>
      runTool(context, async (): Promise<ToolResult> => {
        const lines: string[] = [];
        let [characters, next, more] = [0, after, false];
        const how = { after, signal: call.signal, ...(stream === undefined ? {} : { stream }) };
        for await (const line of client.logs(job_id, how)) {
          const shown = showLine(line);
          // At least one, so that whoever asks on gets on.
          more =
            lines.length >= max_lines || (lines.length > 0 && characters + shown.length > mostCharacters);
          if (more) break;
          lines.push(shown);
          characters += shown.length;
          next = line.seq;
        }
        const rest = more ? `\n… there is more: after ${String(next)}` : "";
        return {
          content: [{ type: "text", text: `${lines.join("\n")}${rest}` }],
          structuredContent: { job_id, next_after: next, lines: lines.length, more },
        };
      }),
  );
}
