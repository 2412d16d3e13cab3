import { createServer, type Socket } from "node:net";
import { createFrameWriter } from "../wire/frame-writer.ts";
import { readResume, type ResumeFrame } from "../wire/read-worker-frame.ts";
import { readFirstLine } from "./first-line.ts";
import type { Connection } from "./ownership.ts";

export interface RelayListenerDeps {
  /** True where this connection is the owner's now. Its frames go to `input` from then on. */
  readonly admit: (connection: Connection, resume: ResumeFrame) => boolean;
  readonly inputOf: (connection: Connection) => (bytes: Buffer) => void;
  readonly lose: (connection: Connection) => void;
}

/** How many may be connected without having said who they are. */
export const mostStrangers = 4;

/** How long one may take to say it, in milliseconds. */
export const strangerMs = 5_000;

/** Connections that wait in the kernel. */
const backlog = 16;

/**
 * Listens for relays at the agent's socket: `name` in the abstract namespace, where a name has one holder and goes with
 * it. Resolves when it listens, and rejects where it cannot, as no worker could then take the Sandbox over. Returns what
 * ends it.
 *
 * Steps may connect as well. A stranger that does not show who it is, in one line, is closed without a word. One too many
 * closes the oldest: a relay speaks as soon as it has connected, so that a flood does not shut it out.
 */
export async function listenForRelays(name: string, deps: RelayListenerDeps): Promise<() => void> {
  const strangers = new Set<Socket>();

  function closeOldest(): void {
    for (const socket of strangers) {
      if (strangers.size <= mostStrangers) return;
      strangers.delete(socket);
      socket.destroy();
    }
  }

  function welcome(socket: Socket): void {
    strangers.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => strangers.delete(socket));
    readFirstLine(socket, strangerMs, (line, rest) => {
      const resume = line === null ? null : readResume(line);
      if (resume === null || !become(socket, resume, rest, deps)) socket.destroy();
      strangers.delete(socket);
    });
    // Not before the loop has read once from all who have connected by now.
    setImmediate(() => setImmediate(closeOldest));
  }

  const server = createServer(welcome);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path: `\0${name}`, backlog }, resolve);
  });
  // From here on they are of single connections (no descriptor left), and Steps can bring them about.
  server.on("error", () => undefined);
  return () => {
    for (const socket of strangers) socket.destroy();
    server.close();
  };
}

/** False where it is no owner. */
function become(socket: Socket, resume: ResumeFrame, rest: Buffer, deps: RelayListenerDeps): boolean {
  const writer = createFrameWriter(socket);
  const connection: Connection = {
    send: writer.send,
    close() {
      writer.stop();
      socket.destroy();
    },
  };
  if (!deps.admit(connection, resume)) return false;
  const input = deps.inputOf(connection);
  socket.on("data", input);
  socket.once("end", () => deps.lose(connection));
  socket.once("close", () => deps.lose(connection));
  if (rest.length > 0) input(rest);
  return true;
}
