import type { Client } from "@longshore/client";
import type { CallToolResult, ServerNotification, ServerRequest } from "@modelcontextprotocol/sdk/types.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";

import type { RunningCalls } from "./running-calls.ts";

/** What a tool may use. */
export interface ToolContext {
  readonly client: Client;
  readonly calls: RunningCalls;
}

/** What the protocol gives beside a tool's input: its signal aborts where the call is cancelled, or the session ends. */
export type Call = RequestHandlerExtra<ServerRequest, ServerNotification>;

export type ToolResult = CallToolResult;
