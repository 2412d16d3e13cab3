import { readFile } from "node:fs/promises";
import { type IncomingHttpHeaders, request, type RequestOptions } from "node:http";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect } from "vitest";
import { root } from "../../../scripts/root.ts";
import type { CliBench } from "./cli-bench.ts";
import type { RunningCli } from "./run-cli.ts";

/** An assistant that is connected to `longshore mcp`. */
export interface Connected {
  readonly mcp: Client;
  close(): Promise<void>;
}

export async function overStdio(bench: CliBench): Promise<Connected> {
  const mcp = new Client({ name: "tests", version: "1" });
  const env = { PATH: process.env["PATH"] ?? "", ...bench.environment() };
  await mcp.connect(
    new StdioClientTransport({ command: process.execPath, args: [bench.program(), "mcp"], env }),
  );
  return { mcp, close: () => mcp.close() };
}

/** As docs/cli.md has an assistant start it, from this package. */
export async function asDocumented(bench: CliBench, tarball: string): Promise<Connected> {
  const docs = await readFile(join(root, "docs", "cli.md"), "utf8");
  const config = /```json\n(\{\s+"mcpServers"[\s\S]*?)```/.exec(docs)?.[1] ?? "";
  // safety: otherwise the test fails.
  const { mcpServers } = JSON.parse(config) as {
    mcpServers: { longshore: { command: string; args: readonly string[] } };
  };
  const { command, args } = mcpServers.longshore;
  const mcp = new Client({ name: "tests", version: "1" });
  const env = { PATH: process.env["PATH"] ?? "", ...bench.environment() };
  const own = args.map((arg) => arg.replace("/path/to/longshore-0.1.0.tgz", tarball));
  await mcp.connect(new StdioClientTransport({ command, args: own, env, cwd: bench.folder() }));
  return { mcp, close: () => mcp.close() };
}

export async function overHttp(bench: CliBench): Promise<Connected> {
  const { url, token, end } = await startHttp(bench);
  const mcp = await connectHttp(url, { Authorization: `Bearer ${token}` });
  return {
    mcp,
    close: async () => {
      await mcp.close();
      await end();
    },
  };
}

export async function connectHttp(url: string, headers: Readonly<Record<string, string>>): Promise<Client> {
  const mcp = new Client({ name: "tests", version: "1" });
  await mcp.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return mcp;
}

/** With the token that it made, empty where it made none. */
export async function startHttp(
  bench: CliBench,
  env: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
) {
  const server: RunningCli = bench.start(["mcp", "--http", "--port", "0", ...options], { env });
  await expect.poll(server.stderr, { timeout: 20_000 }).toContain("Ctrl-C ends it");
  const url = /MCP at (\S+\/mcp)/.exec(server.stderr())?.[1] ?? "";
  return {
    url,
    token: /Bearer ([^"]+)"/.exec(server.stderr())?.[1] ?? "",
    end: () => {
      server.child.kill("SIGTERM");
      return server.ended;
    },
  };
}

/** What a request to begin a session is answered with. */
export async function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return (await begin(url, headers)).status;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Asks to begin a session. */
export function begin(url: string, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  const params = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  const accept = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
  return ask(url, { method: "POST", headers: { ...accept, ...headers } }, body);
}

/** What a browser asks before its page may begin a session. */
export function preflight(url: string, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  const wanted = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,mcp-protocol-version,mcp-session-id",
  };
  return ask(url, { method: "OPTIONS", headers: { ...wanted, ...headers } });
}

/** Not by fetch, which lets nobody choose the Host. */
function ask(url: string, options: RequestOptions, body = ""): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options);
    asked.once("error", reject);
    asked.once("response", (response) => {
      const { statusCode = 0, headers } = response;
      response.resume().once("end", () => resolve({ status: statusCode, headers }));
    });
    asked.end(body);
  });
}
