import type { Socket } from "node:net";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { orAborted } from "../pipeline/or-aborted.ts";
import type { RefuseAddress } from "./address-policy.ts";
import type { EgressLog } from "./egress-log.ts";
import { describeTarget, judgeTarget, type Reach, type Target } from "./judge-target.ts";
import { normalHost } from "./normal-host.ts";
import type { ResolveName } from "./resolve-name.ts";

/** Why there is no connection. `refused` is our word; the other is the network's. */
export interface NoUpstream {
  readonly code: "refused" | "unreachable";
  /** A sentence for the program that asked, and for the log. */
  readonly message: string;
}

/** Connects to what a program asked for, where it may. The caller destroys the socket. */
export type OpenUpstream = (target: Target, signal: AbortSignal) => Promise<Result<Socket, NoUpstream>>;

/** Begins to connect to an address. Looks nothing up. */
export type ConnectTo = (address: string, port: number) => Socket;

export interface OpenUpstreamDeps {
  readonly connectTo: ConnectTo;
  readonly reach: Reach;
  readonly resolve: ResolveName;
  readonly refuseAddress: RefuseAddress;
  /** Names and addresses of the service's own parts, as far as they are on other machines; see `normalHost`. */
  readonly serviceAddresses: () => Promise<ReadonlySet<string>>;
  readonly log: EgressLog;
}

/** For the service's own parts, the name, all addresses that are tried, and the handshake. */
const connectTimeoutMs = 10_000;
const mostAddressesTried = 4;
const ownPart = "it is a part of the service itself";
const tooLate = "it does not answer in time";

/**
 * Makes what opens connections. The name is judged, then resolved once, then every one of its addresses is judged, and one
 * of these is connected to: a second look-up, which could answer otherwise, never happens.
 */
export function createOpenUpstream(deps: OpenUpstreamDeps): OpenUpstream {
  return async (target, signal) => {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]);
    const refused = judgeTarget(deps.reach, target);
    const addresses = refused === null ? await addressesOf(deps, target, bounded) : refuse(refused);
    const socket = addresses.ok
      ? await connectToOne(deps.connectTo, addresses.value, target.port, bounded)
      : addresses;
    if (!socket.ok && !signal.aborted) deps.log.denied(target, socket.failure.message);
    if (socket.ok) deps.log.opened(target, socket.value);
    return socket.ok
      ? socket
      : fail({ ...socket.failure, message: sentence(target, socket.failure.message) });
  };
}

function sentence(target: Target, reason: string): string {
  return `${describeTarget(target)} cannot be reached from here: ${reason}.`;
}

function refuse(message: string): Result<never, NoUpstream> {
  return fail({ code: "refused", message });
}

function unreachable(message: string): Result<never, NoUpstream> {
  return fail({ code: "unreachable", message });
}

/** All addresses of the target, each of which may be connected to. */
async function addressesOf(
  { resolve, refuseAddress, serviceAddresses }: OpenUpstreamDeps,
  { host }: Target,
  signal: AbortSignal,
): Promise<Result<readonly string[], NoUpstream>> {
  const services = await orAborted(serviceAddresses(), signal);
  if (services === "aborted") return unreachable(tooLate);
  // Its name too, as it may not have been resolved yet.
  if (host.type === "name" && services.has(normalHost(host.text))) return refuse(ownPart);
  const resolved = host.type === "address" ? succeed([host.text]) : await resolve(host.text, signal);
  if (!resolved.ok) return unreachable(resolved.failure);
  for (const address of resolved.value) {
    const refused = refuseAddress(address);
    if (refused !== null) return refuse(refused);
    if (services.has(normalHost(address))) return refuse(ownPart);
  }
  return resolved;
}

async function connectToOne(
  connectTo: ConnectTo,
  addresses: readonly string[],
  port: number,
  signal: AbortSignal,
): Promise<Result<Socket, NoUpstream>> {
  let reason = "it has no address";
  for (const address of addresses.slice(0, mostAddressesTried)) {
    const tried = await connected(connectTo(address, port), signal);
    if (typeof tried !== "string") return succeed(tried);
    reason = tried;
    if (signal.aborted) break;
  }
  return unreachable(signal.aborted ? tooLate : reason);
}

/** The socket once it is connected, or why there is none, as a sentence's end. */
function connected(socket: Socket, signal: AbortSignal): Promise<Socket | string> {
  return new Promise((resolve) => {
    const abort = (): void => finish(tooLate);
    const onError = (error: NodeJS.ErrnoException): void =>
      finish(connectFaults[error.code ?? ""] ?? "it cannot be reached");
    function finish(reason: string | null): void {
      signal.removeEventListener("abort", abort);
      socket.off("error", onError);
      // From here on it is whoever has it that hears of its end, by `close`.
      socket.on("error", () => undefined);
      if (reason !== null) socket.destroy();
      resolve(reason ?? socket);
    }
    socket.on("error", onError);
    socket.once("connect", () => finish(null));
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
  });
}

const connectFaults: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it refuses the connection",
  ETIMEDOUT: tooLate,
};
