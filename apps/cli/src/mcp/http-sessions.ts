import { randomUUID } from "node:crypto";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { idleMs, largestMessageBytes, lastWordsMs, mostSessions } from "./bounds.ts";
import type { McpSession } from "./create-mcp-session.ts";
import { refuse } from "./guard-request.ts";

interface OpenSession extends McpSession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  lastAsked: number;
}

/** The sessions of streamable HTTP: each has a server of its own, none lives for ever, and there are never too many. */
export interface HttpSessions {
  handle(request: Request): Promise<Response>;
  /** Ends all, and what they wait for. */
  close(): Promise<void>;
}

export function createHttpSessions(createSession: () => McpSession): HttpSessions {
  const sessions = new Map<string, OpenSession>();
  let beginning = 0;
  const end = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    await session?.server.close();
  };
  const timer = setInterval(() => {
    const before = Date.now() - idleMs;
    for (const [id, session] of sessions) if (isIdle(session) && session.lastAsked < before) void end(id);
  }, idleMs / 10).unref();
  const begin = async (request: Request): Promise<Response> => {
    if (sessions.size + beginning >= mostSessions) {
      const oldest = longestSilent(sessions);
      if (oldest === null) return refuse(503, "Too many sessions: end one, and try again.");
      await end(oldest);
    }
    beginning += 1;
    try {
      return await beginSession(createSession(), request, { sessions, end });
    } finally {
      beginning -= 1;
    }
  };
  return {
    handle: async (request) => {
      const id = request.headers.get("mcp-session-id");
      if (id === null) return begin(request);
      const session = sessions.get(id);
      if (session === undefined) return refuse(404, "There is no such session: begin another.");
      session.lastAsked = Date.now();
      return session.transport.handleRequest(request);
    },
    close: async () => {
      clearInterval(timer);
      const open = [...sessions.values()];
      await Promise.all([...sessions.keys()].map((id) => end(id)));
      await Promise.all(open.map(({ calls }) => calls.settled(lastWordsMs)));
    },
  };
}

async function beginSession(
  session: McpSession,
  request: Request,
  {
    sessions,
    end,
  }: { readonly sessions: Map<string, OpenSession>; readonly end: (id: string) => Promise<void> },
): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    maxRequestBodySize: largestMessageBytes,
    onsessioninitialized: (id) => void sessions.set(id, { ...session, transport, lastAsked: Date.now() }),
    onsessionclosed: (id) => end(id),
  });
  await session.server.connect(transport);
  try {
    return await transport.handleRequest(request);
  } finally {
    // It was no initialization: nothing will ever come to this one again.
    if (transport.sessionId === undefined) await session.server.close();
  }
}

function isIdle({ calls }: OpenSession): boolean {
  return calls.count() === 0;
}

/** The one that makes place for another; none that waits for an answer does. */
function longestSilent(sessions: ReadonlyMap<string, OpenSession>): string | null {
  const [oldest] = [...sessions]
    .filter(([, session]) => isIdle(session))
    .toSorted(([, one], [, other]) => one.lastAsked - other.lastAsked);
  return oldest?.[0] ?? null;
}
