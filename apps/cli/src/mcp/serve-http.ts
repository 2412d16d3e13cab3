import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { systemError } from "../cli-error.ts";
import { allowPages } from "./allow-pages.ts";
import { type Guard, refuse, refuseStranger, refuseTokenless } from "./guard-request.ts";
import type { HttpSessions } from "./http-sessions.ts";

export interface HttpPlace {
  readonly host: string;
  readonly port: number;
  readonly guard: Guard;
}

/** How many connections may be open at once: a session has two or three. */
const mostConnections = 256;
const path = "/mcp";

/** Serves at /mcp until `stop` aborts. `onListening` gets the address. */
export async function serveHttp(
  sessions: HttpSessions,
  { host, port, guard }: HttpPlace,
  { stop, onListening }: { readonly stop: AbortSignal; readonly onListening: (url: string) => Promise<void> },
): Promise<void> {
  const app = new Hono();
  app.use(async ({ req }, next) => refuseStranger(req.raw, guard) ?? (await next()));
  app.use(allowPages(guard.origins));
  app.use(async ({ req }, next) => refuseTokenless(req.raw, guard) ?? (await next()));
  app.all(path, ({ req }) => sessions.handle(req.raw));
  app.notFound(() => refuse(404, `The server is at ${path}.`));
  // Streams of events stay open; what has to come in time are a request's headers and body, by Node's own bounds.
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(systemError(`${host}:${String(port)} cannot be served`, error)));
    server.listen(port, host, resolve);
  });
  // safety: it listens on a port, and not on a pipe.
  const bound = server.address() as AddressInfo;
  await onListening(`http://${host.includes(":") ? `[${host}]` : host}:${String(bound.port)}${path}`);
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener("abort", () => resolve(), { once: true });
  });
  server.close();
  await sessions.close();
  server.closeAllConnections();
}
