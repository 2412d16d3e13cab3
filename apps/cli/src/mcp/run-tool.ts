import { LongshoreError } from "@longshore/client";
import { describeError } from "../describe-error.ts";
import { adviseAssistant } from "./advise-assistant.ts";
import type { ToolContext, ToolResult } from "./tool-context.ts";

/** Runs a tool; what the service refuses, or that it is away, is a result that the assistant can act on. */
export function runTool({ calls }: ToolContext, run: () => Promise<ToolResult>): Promise<ToolResult> {
  return calls.track(orToolError(run));
}

async function orToolError(run: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof LongshoreError)) throw error;
    return toToolError(error);
  }
}

/** What went wrong and the next step, and after it what else the assistant has to know. */
export function toToolError(error: LongshoreError, more = ""): ToolResult {
  const { text } = describeError(error, adviseAssistant);
  return { isError: true, content: [{ type: "text", text: `${text.trim()}\n${more}`.trim() }] };
}
