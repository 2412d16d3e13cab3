import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";

type CallOptions = Parameters<Client["callTool"]>[2];

/** Calls a tool. */
export async function call(
  mcp: Client,
  name: string,
  args: Readonly<Record<string, unknown>>,
  options?: CallOptions,
) {
  // safety: no tool of ours answers in the form of older versions.
  return (await mcp.callTool({ name, arguments: args }, undefined, options)) as CallToolResult;
}

/** All that a result says in words. */
export function textOf({ content }: CallToolResult): string {
  return content.map((each) => (each.type === "text" ? each.text : "")).join("\n");
}

/** The job that a result is about. */
export function idOf({ structuredContent }: CallToolResult): string {
  return String(structuredContent?.["job_id"]);
}
