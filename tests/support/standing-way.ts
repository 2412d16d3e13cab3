import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server on which the connections of now can be made to stand still. */
export async function openStandingWay(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const [server, host] = [Number(target.port), target.hostname];
  const sockets = new Set<Socket>();
  const gate = createServer((client) => {
    const upstream = connect(server, host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy()).pipe(to);
    }
  }).listen(0, "127.0.0.1");
  await once(gate, "listening");
  // safety: it listens on TCP.
  const { port } = gate.address() as AddressInfo;
  return {
    url: Object.assign(target, { host: `127.0.0.1:${String(port)}` }).href,
    freeze: () => sockets.forEach((socket) => socket.pause()),
    thaw: () => sockets.forEach((socket) => socket.resume()),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      gate.close();
      await once(gate, "close");
    },
  };
}
