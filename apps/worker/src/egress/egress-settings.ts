import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { type AddressRange, createAddressPolicy } from "./address-policy.ts";
import type { EgressSettings } from "./create-egress.ts";
import { egressPaces } from "./egress-paces.ts";
import { createResolveName } from "./resolve-name.ts";
import { createServiceAddresses } from "./service-addresses.ts";

export interface EgressOptions {
  readonly allowFullNetwork: boolean;
  readonly egressMb: number;
  readonly egressPrivateRanges: readonly AddressRange[];
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
}

const bytesPerMb = 1_048_576;
const bounds = { paces: egressPaces, idleMs: 60_000, headMs: 30_000, helloMs: 10_000 };

/**
 * The network of this worker's Jobs, as the operator has set it. `others` are where else the service has its parts: the
 * engine, and the database where its URL leaves that to the environment.
 */
export function egressSettings(
  options: EgressOptions,
  others: readonly (string | undefined)[],
): EgressSettings {
  return {
    permitsFull: options.allowFullNetwork,
    resolve: createResolveName(),
    connectTo: (address, port) =>
      connect({ host: address, port, allowHalfOpen: true, noDelay: true, autoSelectFamily: false }),
    refuseAddress: createAddressPolicy({
      privateRanges: options.egressPrivateRanges,
      ownAddresses,
    }),
    serviceAddresses: createServiceAddresses(
      [options.databaseUrl, options.redisUrl, ...others.map((other) => other ?? null)],
      async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    ),
    mostBytes: options.egressMb * bytesPerMb,
    ...bounds,
  };
}

/** Null where there is no descriptor left to ask the kernel with: a Job's connection is then refused, and the worker lives. */
function ownAddresses(): readonly string[] | null {
  try {
    return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
  } catch {
    return null;
  }
}
