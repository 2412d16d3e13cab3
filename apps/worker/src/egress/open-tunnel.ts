import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { EgressLog } from "./egress-log.ts";
import { judgeTarget, type Reach, type Target } from "./judge-target.ts";
import type { NoUpstream, OpenUpstream } from "./open-upstream.ts";
import { carry, carryBack, type Opening, readOpening, unrecognizedName } from "./tunnel.ts";

/** How a program is told what became of its tunnel: once. */
export interface TunnelAnswer {
  readonly granted: () => void;
  readonly refused: (failure: NoUpstream) => void;
}

/** Carries what a program says to the host that it asked for, where that is whom it speaks with. Never rejects. */
export type OpenTunnel = (client: Duplex, target: Target, answer: TunnelAnswer) => Promise<void>;

export interface OpenTunnelDeps {
  readonly reach: Reach;
  readonly openUpstream: OpenUpstream;
  readonly log: EgressLog;
  /** How long the program may take to say whom it speaks with, in milliseconds. */
  readonly helloMs: number;
  /** Serves HTTP inside a tunnel: each request is judged, and has a connection of its own. */
  readonly serveHttp: (client: Duplex, target: Target) => void;
}

export function createOpenTunnel(deps: OpenTunnelDeps): OpenTunnel {
  const { reach, openUpstream, log, serveHttp } = deps;
  async function carryIfSame(client: Duplex, target: Target, upstream: Socket | null): Promise<void> {
    const hostBegins = target.port !== 80 && target.port !== 443;
    if (hostBegins && upstream !== null) carryBack(client, upstream);
    const opening = await readOpening(client, target, hostBegins ? null : deps.helloMs);
    if (upstream === null && opening.type === "plain") return serveHttp(client, target);
    const refusal = whyNotCarried(opening, target);
    if (refusal !== null) {
      log.denied(target, refusal);
      upstream?.destroy();
      return void client.end(opening.type === "plain" ? undefined : unrecognizedName);
    }
    const opened =
      upstream === null
        ? await openUpstream(target, signalOf(client))
        : { ok: true as const, value: upstream };
    if (!opened.ok) return void client.destroy();
    if (hostBegins) client.pipe(opened.value);
    else carry(client, opened.value);
  }

  return async (client, target, { granted, refused }) => {
    // On port 80 it may be HTTP, which is not carried as it is.
    const isLater = reach.type === "listed" && target.port === 80 && judgeTarget(reach, target) === null;
    const upstream = isLater ? null : await openUpstream(target, signalOf(client));
    if (upstream?.ok === false) return refused(upstream.failure);
    granted();
    if (reach.type === "full" && upstream !== null) carry(client, upstream.value);
    else await carryIfSame(client, target, upstream?.value ?? null);
  };
}

function whyNotCarried(opening: Opening, { port }: Target): string | null {
  if (opening.type === "refused") return opening.reason;
  return opening.type === "plain" && port === 443 ? "on port 443 only TLS is spoken" : null;
}

/** Aborts when the program is gone. */
function signalOf(client: Duplex): AbortSignal {
  const gone = new AbortController();
  client.once("close", () => gone.abort());
  if (client.destroyed) gone.abort();
  return gone.signal;
}
