import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** A line to a service that breaks at random. */
export interface CuttingProxy {
  readonly url: string;
  /** The next so many connections are reset, each in the midst of what the server sends. */
  cutNext(connections: number): void;
  /** Connections that were cut so far. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** Starts one in front of a server on this machine. A cut comes after 0 to `mostBytes` of the server's, drawn anew for each. */
export async function startCuttingProxy(serverUrl: string, mostBytes: number): Promise<CuttingProxy> {
  let [cuts, toCome] = [0, 0];
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(Number(new URL(serverUrl).port), "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket.setNoDelay(true));
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    let left = Math.floor(Math.random() * mostBytes);
    client.pipe(server);
    server.on("data", (piece: Buffer) => {
      if (toCome === 0 || piece.length <= left) {
        left = Math.max(0, left - piece.length);
        client.write(piece);
        return;
      }
      [cuts, toCome] = [cuts + 1, toCome - 1];
      // Only once it is on the wire, so that the client has it before it is cut off.
      client.write(piece.subarray(0, left), () => client.resetAndDestroy());
      server.destroy();
    });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  // safety: it listens on a port.
  const { port } = listener.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    cutNext: (connections) => void (toCome = connections),
    get cuts() {
      return cuts;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}
