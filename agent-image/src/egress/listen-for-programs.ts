import { createServer, type Server, type Socket } from "node:net";

/**
 * Where programs find the proxy: on the Sandbox's own loopback, which no other Sandbox shares. The same each time, so that
 * a Job may write it down. Nothing of a Job runs before the agent listens.
 */
export const proxyPort = 3_128;

/**
 * Listens for programs that want a connection. Resolves when it listens; rejects where it cannot. A connection may be half
 * open: a program that has said all that it will say may still be answered.
 */
export async function listenForPrograms(port: number, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port }, resolve);
  });
  // From here on they are of single connections (no descriptor left), and Steps can bring them about.
  server.on("error", () => undefined);
  return server;
}
