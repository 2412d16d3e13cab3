import { randomBytes } from "node:crypto";
import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../command-context.ts";
import { isLoopback, loopbackNames } from "../is-loopback.ts";
import { createMcpSession } from "./create-mcp-session.ts";
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
  const release = interrupts.handle(() => {
    stop.abort();
    return true;
  });
  try {
    if (options.http !== true)
      return await serveStdio(createMcpSession(client, version), surroundings, stop.signal);
    const { host, port, allowHost = [], allowOrigin = [] } = options;
    const { token, shown } = chooseToken(
      host,
      surroundings.env["LONGSHORE_MCP_TOKEN"] ?? "",
      (await context.settings()).apiKey !== null,
    );
    const guard = {
      hosts: new Set([...loopbackNames, bracketed(host), ...allowHost]),
      origins: new Set(allowOrigin),
      token,
    };
    const sessions = createHttpSessions(() => createMcpSession(client, version));
    await serveHttp(
      sessions,
      { host, port, guard },
      {
        stop: stop.signal,
        onListening: (url) => note(`MCP at ${url}${shown}; Ctrl-C ends it`),
      },
    );
  } finally {
    release();
  }
}

/** What has to come as a bearer token, null where nothing has to, and what is said of it. */
function chooseToken(host: string, given: string, hasKey: boolean) {
  if (given !== "") return { token: given, shown: ", with the token of LONGSHORE_MCP_TOKEN" };
  if (!isLoopback(bracketed(host)))
    throw new CliError(
      "wrong_use",
      `${host} is not this machine alone: whoever reaches it could run jobs with your key`,
      "Set LONGSHORE_MCP_TOKEN, which assistants then have to send as a bearer token, or leave --host out.",
    );
  // Every account of this machine reaches loopback, and would have what the key may do.
  const token = hasKey ? randomBytes(32).toString("base64url") : null;
  return { token, shown: token === null ? "" : `, for who sends "Authorization: Bearer ${token}"` };
}

/** As the name of a URL has it. */
function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
