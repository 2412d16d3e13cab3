import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";

/** What streamable HTTP has a client send, beside what browsers allow anyway (MCP 2025-06-18, transports). */
const allowHeaders = [
  ...["Authorization", "Content-Type", "Last-Event-ID"],
  ...["Mcp-Session-Id", "Mcp-Protocol-Version"],
];
/** A page that could not read its session's id could ask nothing after the first request. */
const exposeHeaders = ["Mcp-Session-Id", "WWW-Authenticate"];
const keptSeconds = 600;

/** Tells browsers that pages of these origins may ask and read. Answers their preflights itself, which carry no token. */
export function allowPages(origins: ReadonlySet<string>): MiddlewareHandler {
  return cors({
    origin: [...origins],
    allowMethods: ["GET", "POST", "DELETE"],
    allowHeaders,
    exposeHeaders,
    maxAge: keptSeconds,
  });
}
