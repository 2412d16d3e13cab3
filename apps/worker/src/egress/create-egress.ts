import type { Duplex } from "node:stream";
import type { WorkerEgressFrame } from "@longshore/shared/contracts/egress-wire";
import type { RefuseAddress } from "./address-policy.ts";
import { createEgressChannel, type EgressChannel } from "./egress-channel.ts";
import { createEgressLog } from "./egress-log.ts";
import type { EgressPaces } from "./egress-paces.ts";
import type { Reach } from "./judge-target.ts";
import { type ConnectTo, createOpenUpstream } from "./open-upstream.ts";
import type { ResolveName } from "./resolve-name.ts";
import { createPacedTurns } from "./paced-turns.ts";
import { createServeClient } from "./serve-client.ts";

/** What all Jobs of a worker share. */
export interface EgressSettings {
  /** Whether the operator permits `full` now: a Job may have been stored when it was so. */
  readonly permitsFull: boolean;
  readonly resolve: ResolveName;
  readonly connectTo: ConnectTo;
  readonly refuseAddress: RefuseAddress;
  readonly serviceAddresses: () => Promise<ReadonlySet<string>>;
  /** Of one Job, in both directions together. */
  readonly mostBytes: number;
  readonly paces: EgressPaces;
  /** How long a connection may be without a byte, in milliseconds. */
  readonly idleMs: number;
  /** How long a program may take to ask for something whole: a request's head, or what SOCKS begins with. */
  readonly headMs: number;
  /** How long it may take, in a tunnel, to say by a TLS hello whom it speaks with. */
  readonly helloMs: number;
}

export interface EgressDeps extends EgressSettings {
  readonly reach: Reach;
  /** Bytes that the Job's programs have had under an earlier owner. */
  readonly bytesBefore: number;
  readonly send: (frame: WorkerEgressFrame) => Promise<void>;
  /** Writes a `system` line of the Job's log. */
  readonly say: (line: string) => void;
}

/** The network of one Job: a proxy for the programs in its Sandbox. */
export interface Egress extends Pick<EgressChannel, "take"> {
  /** Bytes of the Job so far. */
  bytes(): number;
  /** Ends all connections, and tells in the log what they were. Idempotent. */
  stop(): void;
}

/** Connections at once, of one Job. */
const mostConnections = 64;
const bytesPerMb = 1_048_576;

export function createEgress(deps: EgressDeps): Egress {
  const log = createEgressLog(deps.say);
  const serve = createServeClient({ ...deps, log, openUpstream: createOpenUpstream({ ...deps, log }) });
  const turns = createPacedTurns(deps.paces.connections, () =>
    log.slowed("new connections", deps.paces.connections.perSecond),
  );
  const open = createOpenClients();
  let bytes = deps.bytesBefore;
  const isUsedUp = (): boolean => bytes > deps.mostBytes;

  function welcome(client: Duplex): void {
    if (isUsedUp() || open.count() >= mostConnections) {
      const reason = isUsedUp()
        ? usedUp(deps.mostBytes)
        : `${String(mostConnections)} connections are open at once`;
      log.deniedAny("one more host", reason);
      return void client.destroy();
    }
    open.add(client);
    turns.take(client, () => void serve(client));
  }

  function count(more: number): void {
    const before = isUsedUp();
    bytes += more;
    if (before || !isUsedUp()) return;
    log.deniedAny("any host from here on", usedUp(deps.mostBytes));
    open.destroyAll();
  }

  const channel = createEgressChannel({
    ...{ send: deps.send, idleMs: deps.idleMs, paces: deps.paces, onConnection: welcome, onBytes: count },
    onSlowed: (what) => log.slowed(what === "bytes" ? "bytes of messages" : what, deps.paces[what].perSecond),
  });
  return {
    take: channel.take,
    bytes: () => bytes,
    stop() {
      channel.close();
      log.sumUp();
    },
  };
}

function createOpenClients() {
  const open = new Set<Duplex>();
  return {
    add(client: Duplex): void {
      open.add(client);
      client.once("close", () => open.delete(client));
    },
    /** Those do not count that were destroyed in this very moment, and tell of it only later. */
    count: () => [...open].filter(({ destroyed }) => !destroyed).length,
    destroyAll(): void {
      for (const client of open) client.destroy();
    },
  };
}

function usedUp(mostBytes: number): string {
  return `the ${String(Math.floor(mostBytes / bytesPerMb))} MB that a job may move are used up (EGRESS_MB)`;
}
