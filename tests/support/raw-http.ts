// First: see there.
import { createTestApi, type TestApi } from "./test-api.ts";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ApiParts } from "../../apps/api/src/deps.ts";
import { type ServerBounds, serverBounds } from "../../apps/api/src/edge/server-bounds.ts";
import { startServer } from "../../apps/api/src/server.ts";

/** The API behind its own HTTP server on loopback, spoken to in bytes. */
export interface RawHttp {
  readonly api: TestApi;
  readonly port: number;
  /** A connection of which nothing is read yet, from a loopback address of its own where one is given; its errors are nobody's. */
  open(localAddress?: string): Socket;
  /** Sends the pieces, and gives all that comes back until the other side closes, a character a byte. */
  exchange(...pieces: readonly (string | Buffer)[]): Promise<string>;
  remove(): Promise<void>;
}

export interface RawHttpChanges {
  readonly parts?: Partial<ApiParts>;
  readonly bounds?: Partial<ServerBounds>;
}

/** Starts it on a free port, over a database of its own. */
export async function startRawHttp({ parts = {}, bounds = {} }: RawHttpChanges = {}): Promise<RawHttp> {
  const api = await createTestApi(parts);
  const started = await startServer(api.app, { host: "127.0.0.1", port: 0 }, { ...serverBounds, ...bounds });
  if (!started.ok) throw new Error(started.failure.message);
  const { port, close } = started.value;
  const open = (localAddress = "127.0.0.1") =>
    connect({ host: "127.0.0.1", port, localAddress }).on("error", () => undefined);
  return {
    ...{ api, port, open },
    exchange: async (...pieces) => {
      const socket = open();
      const answer = readAll(socket);
      for (const piece of pieces) socket.write(piece);
      return await answer;
    },
    remove: async () => {
      await close(0);
      await api.remove();
    },
  };
}

/** All that the other side sends until it closes. */
export async function readAll(socket: Socket): Promise<string> {
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
  await once(socket, "close");
  return answer;
}

/** The answers in what came over a connection: their statuses and the codes of their problems. */
export function statusesIn(answer: string): readonly number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
}
