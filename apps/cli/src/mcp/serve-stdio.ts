import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Surroundings } from "../surroundings.ts";
import { lastWordsMs, largestMessageBytes } from "./bounds.ts";
import type { McpSession } from "./create-mcp-session.ts";

/**
 * Serves one session on stdin and stdout, until the other side closes it or `stop` aborts. What it waits for is cancelled
 * then, as nobody would hear of it.
 */
export async function serveStdio(
  { server, calls }: McpSession,
  { stdin, stdout }: Surroundings,
  stop: AbortSignal,
): Promise<void> {
  const closed = new Promise<void>((resolve) => (server.server.onclose = resolve));
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: largestMessageBytes });
  const close = () => void server.close();
  // The transport does not look whether anybody is there any more.
  stdin.once("end", close).once("close", close);
  stop.addEventListener("abort", close, { once: true });
  await server.connect(transport);
  if (stop.aborted) close();
  await closed;
  await calls.settled(lastWordsMs);
}
