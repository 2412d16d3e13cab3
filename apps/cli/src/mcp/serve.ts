import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../command-context.ts";
import { createMcpSession } from "./create-mcp-session.ts";
import { loopbackNames } from "./guard-request.ts";
import { createHttpSessions } from "./http-sessions.ts";
import { serveHttp } from "./serve-http.ts";
import { serveStdio } from "./serve-stdio.ts";

export interface McpOptions {
  readonly http?: boolean;
  readonly host: string;
  readonly port: number;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
}

/** Serves assistants until it is asked to stop, or, on stdio, until nobody is there any more. */
export async function serveMcp(context: CommandContext, options: McpOptions): Promise<void> {
  const { surroundings, interrupts, version, note } = context;
  const client = await context.client();
  const stop = new AbortController();
  const release = interrupts.handle(() => stop.abort());
  try {
    if (options.http !== true)
      return await serveStdio(createMcpSession(client, version), surroundings, stop.signal);
    const { host, port, allowHost = [], allowOrigin = [] } = options;
    const token = surroundings.env["LONGSHORE_MCP_TOKEN"] ?? "";
    if (!isLoopback(host) && token === "")
      throw new CliError(
        "wrong_use",
        `${host} is not this machine alone: whoever reaches it could run jobs with your key`,
        "Set LONGSHORE_MCP_TOKEN, which assistants then have to send as a bearer token, or leave --host out.",
      );
    const guard = {
      hosts: new Set([...loopbackNames, bracketed(host), ...allowHost]),
      origins: new Set(allowOrigin),
      token: token === "" ? null : token,
    };
    const sessions = createHttpSessions(() => createMcpSession(client, version));
    await serveHttp(
      sessions,
      { host, port, guard },
      {
        stop: stop.signal,
        onListening: (url) => note(`MCP at ${url}${token === "" ? "" : ", with a token"}; Ctrl-C ends it`),
      },
    );
  } finally {
    release();
  }
}

function isLoopback(host: string): boolean {
  return loopbackNames.has(bracketed(host)) || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** As the name of a URL has it. */
function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
