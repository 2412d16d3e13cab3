import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { createMessageSplitter } from "./message-splitter.ts";

/** A wire to a PostgreSQL that is cut at a message of the test's choice. */
export interface ResettingProxy {
  readonly port: number;
  /** The next connection is reset (RST) once the server's first `messages` messages have gone through. */
  resetNextAfter(messages: number): void;
  /** Connections that were reset so far. */
  readonly resets: number;
  close(): Promise<void>;
}

/** Starts one in front of a server on this machine that is spoken to without TLS. */
export async function startResettingProxy(serverPort: number): Promise<ResettingProxy> {
  let resetAfter = Number.POSITIVE_INFINITY;
  let resets = 0;
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    let left = resetAfter;
    resetAfter = Number.POSITIVE_INFINITY;
    const server = connect(serverPort, "127.0.0.1");
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket.setNoDelay(true));
      socket.on("error", end).on("close", end);
    }
    const cut = () => {
      resets += 1;
      client.resetAndDestroy();
      server.destroy();
    };
    client.pipe(server);
    const split = createMessageSplitter((message) => {
      if (left < 0) return;
      if (--left === 0) {
        left = -1;
        // Only once it is on the wire, so that the client has it before it is cut off.
        client.write(message, cut);
      } else client.write(message);
    });
    server.on("data", split);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    resetNextAfter: (messages) => void (resetAfter = messages),
    get resets() {
      return resets;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}
