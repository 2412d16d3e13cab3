import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { vi } from "vitest";

/**
 * `cut`: nobody is there. `blocked`: what is said is lost. `frozen`: nothing moves in either direction, and the engine
 * sees a client that does not read, like the one of a worker that was stopped; what was said arrives when it is open again.
 */
type State = "open" | "cut" | "blocked" | "frozen";

/** Calls of the engine by their request lines. */
export const engineCalls = {
  create: /^POST \S*\/containers\/create\?/u,
  start: /^POST \S*\/containers\/\S+\/start/u,
  attach: /^POST \S*\/attach\?/u,
  inspect: /^GET \S*\/containers\/[^/ ]+\/json/u,
  stats: /^GET \S*\/containers\/\S+\/stats\?/u,
  list: /^GET \S*\/containers\/json/u,
  rename: /^POST \S*\/rename\?/u,
  kill: /^POST \S*\/kill\?/u,
  remove: /^DELETE \S*\/containers\//u,
  exec: /^POST \S*\/containers\/\S+\/exec/u,
  execStart: /^POST \S*\/exec\/\S+\/start/u,
} as const;

/** A call that the engine hangs on. */
export interface HeldCall {
  /** Waits until somebody has made it. */
  readonly reached: () => Promise<void>;
  /** The engine goes on: it does what it was asked for, whether or not the client still waits. */
  readonly release: () => void;
}

export interface EngineWay {
  /** A client that goes this way. */
  readonly docker: Docker;
  /** The same for processes, as DOCKER_HOST. */
  readonly host: string;
  readonly set: (next: State) => void;
  /** Lets the next request with this text through, and is cut when the engine answers it. */
  readonly cutAtAnswerTo: (text: string) => void;
  readonly isCut: () => boolean;
  /** From now on the engine hangs on these calls. */
  readonly hold: (call: RegExp) => HeldCall;
  /** Releases what is still held. */
  readonly releaseAll: () => void;
  readonly close: () => Promise<void>;
}

/** A way to the real engine that a test can cut, block, freeze, or hang for chosen calls. */
export async function openEngineWay(): Promise<EngineWay> {
  // safety: docker-modem's way to the socket that it uses, which its types leave out.
  const modem = new Docker().modem as unknown as { getSocketPath(): Promise<string> };
  const enginePath = await modem.getSocketPath();
  const folder = await mkdtemp(join(tmpdir(), "longshore-engine-"));
  const path = join(folder, "docker.sock");
  const sockets = new Set<Socket>();
  const holds = createHolds();
  const traffic: Traffic = { state: "open", losing: null, holds, cut: () => set("cut") };

  function set(next: State): void {
    traffic.state = next;
    for (const socket of sockets) {
      if (next === "cut") socket.destroy();
      if (next === "frozen") socket.pause();
      else socket.resume();
    }
  }

  const server = createServer((client) => {
    if (traffic.state === "cut") return void client.destroy();
    const engine = connect(enginePath);
    joinSockets(client, engine, traffic);
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
      if (traffic.state === "frozen") socket.pause();
    }
  }).listen(path);
  await once(server, "listening");

  return {
    docker: new Docker({ socketPath: path }),
    host: `unix://${path}`,
    set,
    cutAtAnswerTo(text) {
      traffic.losing = text;
    },
    isCut: () => traffic.state === "cut",
    hold: holds.hold,
    releaseAll: holds.releaseAll,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Traffic {
  state: State;
  /** The text of the request whose answer cuts the way. */
  losing: string | null;
  readonly holds: ReturnType<typeof createHolds>;
  readonly cut: () => void;
}

/** Carries what one client and the engine say to each other. */
function joinSockets(client: Socket, engine: Socket, traffic: Traffic): void {
  let held = false;
  client.on("data", (bytes) => {
    if (traffic.losing !== null && bytes.includes(traffic.losing)) {
      traffic.losing = null;
      engine.prependOnceListener("data", traffic.cut);
    }
    if (traffic.state === "blocked") return;
    held = traffic.holds.take(bytes, () => {
      if (client.destroyed) engine.once("data", () => engine.destroy());
      engine.write(bytes);
    });
    if (!held) engine.write(bytes);
  });
  engine.on("data", (bytes) => traffic.state === "blocked" || client.write(bytes));
  client.on("close", () => held || engine.destroy());
  // What the engine had said still arrives.
  engine.on("close", () => client.destroySoon());
}

/** The calls that the engine hangs on, and what goes on once it hangs no more. */
function createHolds() {
  const holding = new Map<RegExp, (() => void)[]>();

  function take(bytes: Buffer, goOn: () => void): boolean {
    const line = bytes.subarray(0, 2_000).toString("latin1");
    for (const [call, waiting] of holding) {
      if (!call.test(line)) continue;
      waiting.push(goOn);
      return true;
    }
    return false;
  }

  function hold(call: RegExp): HeldCall {
    const waiting: (() => void)[] = [];
    holding.set(call, waiting);
    return {
      reached: () =>
        vi.waitFor(
          () => {
            if (waiting.length === 0) throw new Error(`Nobody has asked for ${String(call)}.`);
          },
          { timeout: 10_000, interval: 5 },
        ),
      release() {
        holding.delete(call);
        for (const goOn of waiting.splice(0)) goOn();
      },
    };
  }

  function releaseAll(): void {
    const all = [...holding.values()];
    holding.clear();
    for (const waiting of all) for (const goOn of waiting.splice(0)) goOn();
  }

  return { take, hold, releaseAll };
}
