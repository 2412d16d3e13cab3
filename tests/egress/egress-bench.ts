import { createServer, type AddressInfo, connect, type Server, type Socket } from "node:net";
import { agentEgressFrame, workerEgressFrame } from "@longshore/shared/contracts/egress-wire";
import type { NetworkRequest } from "@longshore/shared/contracts/network";
import { createEgressRelay } from "../../agent-image/src/egress/egress-relay.ts";
import { createAddressPolicy } from "../../apps/worker/src/egress/address-policy.ts";
import {
  createEgress,
  type Egress,
  type EgressDeps,
  type EgressSettings,
} from "../../apps/worker/src/egress/create-egress.ts";
import { egressPaces } from "../../apps/worker/src/egress/egress-paces.ts";
import { toReach } from "../../apps/worker/src/egress/judge-target.ts";

/** Addresses that the policy takes for public ones. Nothing is ever sent there: see `connectTo`. */
export const exampleAddress = "93.184.216.34";
export const otherAddress = "151.101.1.69";

/** What names lead to; a function answers each look-up anew. */
export type Names = Readonly<Record<string, readonly string[] | (() => readonly string[])>>;

/** Where "address:port" really is, on this machine's loopback. */
export type Places = Readonly<Record<string, number>>;

/** The settings of a worker's egress in which names, and places of addresses, are the test's own. The rest is the product's. */
export interface TestWorld {
  readonly settings: EgressSettings;
  /** Every address and port that was connected to. */
  readonly connected: readonly string[];
}

export function createTestWorld(names: Names, places: Places, connected: string[] = []): TestWorld {
  return {
    connected,
    settings: {
      permitsFull: false,
      resolve: (name) => {
        const found = names[name];
        const value = typeof found === "function" ? found() : found;
        return Promise.resolve(
          value === undefined ? { ok: false, failure: "its name is not known" } : { ok: true, value },
        );
      },
      connectTo(address, port) {
        const place = `${address}:${String(port)}`;
        connected.push(place);
        // What has no place here goes to a port where nobody listens, and nowhere else.
        return connect({
          host: "127.0.0.1",
          port: places[place] ?? 1,
          allowHalfOpen: true,
          autoSelectFamily: false,
        });
      },
      refuseAddress: createAddressPolicy({ privateRanges: [], ownAddresses: () => ["93.184.216.99"] }),
      serviceAddresses: () => Promise.resolve(new Set(["93.184.216.98", "postgres.wild.test"])),
      mostBytes: 64 * 1_048_576,
      paces: egressPaces,
      ...{ idleMs: 60_000, headMs: 30_000, helloMs: 10_000 },
    },
  };
}

/** An agent's relay and a worker's egress, joined by the lines of the wire, without a Sandbox between them. */
export interface EgressBench {
  /** Where programs find the proxy. */
  readonly port: number;
  readonly lines: readonly string[];
  readonly egress: Egress;
  /** Connects to the proxy, as a program does. */
  dial(): Promise<Socket>;
  close(): Promise<void>;
}

export async function openEgressBench(
  network: NetworkRequest,
  settings: EgressSettings,
): Promise<EgressBench> {
  const reach = toReach(network, settings.permitsFull);
  if (reach === null) throw new Error("a Job without a network has no egress");
  const lines: string[] = [];
  const deps: EgressDeps = {
    ...settings,
    reach,
    bytesBefore: 0,
    send: (frame) => {
      const line = JSON.stringify(frame);
      return new Promise((resolve) => {
        setImmediate(() => {
          relay.take(workerEgressFrame.parse(JSON.parse(line)));
          resolve();
        });
      });
    },
    say: (line) => lines.push(line),
  };
  const egress = createEgress(deps);
  const relay = createEgressRelay({
    send: (line) => {
      setImmediate(() => {
        egress.take(agentEgressFrame.parse(JSON.parse(line.toString())), line.length, (breach) => {
          throw new Error(breach);
        });
      });
    },
  });
  const server = createServer({ allowHalfOpen: true, noDelay: true }, relay.accept);
  const port = await listen(server);
  return {
    ...{ port, lines, egress },
    dial: () => dial(port),
    close: async () => {
      egress.stop();
      relay.reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Lets a server listen on a free port of the loopback, and gives that. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
  // safety: a server that listens on TCP has such an address.
  return (server.address() as AddressInfo).port;
}

export async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

/** Says something to the proxy, and gives all that comes back until it closes, or until `until` is in it. */
export async function converse(port: number, said: string | Buffer, until?: string): Promise<string> {
  const socket = await dial(port);
  socket.write(said);
  const heard = await hear(socket, until);
  socket.destroy();
  return heard;
}

/** What comes from a socket until it ends, or until `until` is in it. */
export async function hear(socket: Socket, until?: string): Promise<string> {
  let heard = "";
  return new Promise((resolve) => {
    const take = (bytes: Buffer): void => {
      heard += bytes.toString("latin1");
      if (until !== undefined && heard.includes(until)) finish();
    };
    function finish(): void {
      socket.off("data", take);
      resolve(heard);
    }
    socket.on("data", take);
    socket.once("end", finish);
    socket.once("close", finish);
  });
}
