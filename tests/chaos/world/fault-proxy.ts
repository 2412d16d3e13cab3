import { once } from "node:events";
import { createServer, connect, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Where a proxy listens, or what it stands in front of. */
export type Address = { readonly port: number } | { readonly path: string };

/** One client of a proxy, seen by an inspector. */
export interface ProxiedConnection {
  /** Bytes of the server wait until it resolves, where it is set. */
  holdAnswers: Promise<void> | null;
  /** What the client has asked a stream of its own for (`Upgrade`); null where it has not. */
  upgraded: string | null;
  destroy(): void;
}

export interface FaultProxyOptions {
  /** A TCP port of 127.0.0.1 (0: any) or the path of a unix socket. */
  readonly listen: Address;
  readonly target: Address;
  /** Sees what a client sends before it goes on; while it waits, so do the bytes. False drops the connection. */
  readonly inspect?: (piece: Buffer, connection: ProxiedConnection) => Promise<boolean>;
}

/** A wire that can be cut, hung, slowed or taken away, in front of something that stays well. */
export interface FaultProxy {
  readonly port: number;
  /** What is asked of the upgraded streams that are open, and who has said all it has to say. */
  streams(): readonly string[];
  /** Everything works again; what hung goes on. */
  pass(): Promise<void>;
  /** Connections are cut, and new ones refused. */
  refuse(): void;
  /** Nothing gets through, and nobody is told. */
  hang(): void;
  /** Each piece takes this much longer, both ways. */
  slow(ms: number): void;
  /** Cuts what is open (RST); new connections work. */
  cut(): void;
  close(): Promise<void>;
}

interface Traffic {
  delayMs: number;
  /** While it is pending, nothing moves. */
  hung: PromiseWithResolvers<void> | null;
}

/** Starts a proxy that passes everything on. */
export async function createFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const traffic: Traffic = { delayMs: 0, hung: null };
  const isTcp = "port" in options.listen;
  const pairs = new Map<Socket, { readonly server: Socket; readonly connection: ProxiedConnection }>();
  const accept = (client: Socket) => {
    const server = connect({ ...options.target, allowHalfOpen: true });
    const destroy = () => {
      // An RST is more like a cut than a polite end, where there is one.
      if (isTcp) client.resetAndDestroy();
      else client.destroy();
      server.destroy();
    };
    const connection: ProxiedConnection = { holdAnswers: null, upgraded: null, destroy };
    pairs.set(client, { server, connection });
    client.once("close", () => {
      pairs.delete(client);
      server.destroy();
    });
    server.once("close", () => client.destroy());
    for (const socket of [client, server]) socket.on("error", () => undefined).setNoDelay(true);
    void carry(client, server, traffic, async (piece) => options.inspect?.(piece, connection) ?? true);
    void carry(server, client, traffic, async () => {
      await connection.holdAnswers;
      return true;
    });
  };
  const listener = createListener(accept);
  let port = await listener.listen(options.listen);
  const cut = () => {
    for (const [client, { connection }] of pairs) if (!client.destroyed) connection.destroy();
  };
  const release = () => {
    traffic.delayMs = 0;
    traffic.hung?.resolve();
    traffic.hung = null;
  };
  return {
    get port() {
      return port;
    },
    streams: () =>
      [...pairs].flatMap(([client, { server, connection }]) => {
        if (connection.upgraded === null) return [];
        const ends = [client.readableEnded && "ended by the client", server.readableEnded && "by the server"];
        return [[connection.upgraded, ...ends.filter((end) => end !== false)].join(", ")];
      }),
    pass: async () => {
      release();
      port = await listener.listen("path" in options.listen ? options.listen : { port });
    },
    refuse: () => {
      listener.stop();
      cut();
    },
    hang: () => (traffic.hung ??= Promise.withResolvers<void>()) && undefined,
    slow: (ms) => void (traffic.delayMs = ms),
    cut,
    close: async () => {
      release();
      listener.stop();
      cut();
      await Promise.resolve();
    },
  };
}

/** A server that can stop listening and listen again at the same place. */
function createListener(accept: (client: Socket) => void) {
  let server: Server | null = null;
  return {
    listen: async (at: Address): Promise<number> => {
      if (server !== null) return portOf(server);
      const opened = createServer({ allowHalfOpen: true }, accept);
      opened.on("error", () => undefined);
      server = opened;
      opened.listen("path" in at ? { path: at.path } : { port: at.port, host: "127.0.0.1" });
      await once(opened, "listening");
      return portOf(opened);
    },
    stop: () => {
      server?.close();
      server = null;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Carries bytes one way, in order, as fast as the taker takes them. */
async function carry(
  from: Socket,
  to: Socket,
  traffic: Traffic,
  inspect: (piece: Buffer) => Promise<boolean>,
): Promise<void> {
  try {
    // Not destroyed at its end: a client that has said all it has to say still listens.
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      // safety: a socket without an encoding gives buffers.
      const piece = chunk as Buffer;
      if (!(await inspect(piece))) return;
      if (traffic.delayMs > 0) await pause(traffic.delayMs);
      await traffic.hung?.promise;
      if (to.destroyed) return;
      if (!to.write(piece)) await drained(to);
    }
    await traffic.hung?.promise;
    to.end();
  } catch {
    to.destroy();
  }
}

/** Resolves when a socket takes bytes again, or is gone. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.once("drain", done).once("close", done);
  });
}
