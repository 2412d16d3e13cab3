import type { Duplex } from "node:stream";
import { createByteIntake } from "./byte-intake.ts";
import type { EgressLog } from "./egress-log.ts";
import type { EgressPaces } from "./egress-paces.ts";
import { createHttpProxy } from "./http-proxy.ts";
import type { Reach } from "./judge-target.ts";
import { createOpenTunnel, type OpenTunnel } from "./open-tunnel.ts";
import type { OpenUpstream } from "./open-upstream.ts";
import { refuseSocks4, socks4Version } from "./socks4.ts";
import { readSocksRequest, replySocks, socksReplies, socksVersion } from "./socks5.ts";

export interface ServeClientDeps {
  readonly reach: Reach;
  readonly openUpstream: OpenUpstream;
  readonly log: EgressLog;
  readonly paces: Pick<EgressPaces, "requests">;
  /** How long a program may take to ask, and to say in a tunnel whom it speaks with; in milliseconds. */
  readonly headMs: number;
  readonly helloMs: number;
}

/** Serves a connection of a program, in whichever of the proxy's languages it speaks. Never rejects. */
export type ServeClient = (client: Duplex) => Promise<void>;

export function createServeClient(deps: ServeClientDeps): ServeClient {
  const http = createHttpProxy({
    ...deps,
    onTunnel: (client, target, answer) => void openTunnel(client, target, answer),
  });
  const openTunnel = createOpenTunnel({ ...deps, serveHttp: http.serveTunnel });
  return async (client) => {
    const intake = createByteIntake(client, AbortSignal.timeout(deps.headMs));
    const [first] = await intake.atLeast(1);
    intake.leave();
    if (first === undefined) return void client.destroy();
    if (first === socksVersion) return serveSocks(client, openTunnel, deps);
    if (first === socks4Version) {
      deps.log.denied(await refuseSocks4(client, deps.headMs), "of SOCKS only version 5 is served");
      return void client.end();
    }
    http.serve(client);
  };
}

async function serveSocks(
  client: Duplex,
  openTunnel: OpenTunnel,
  { log, headMs }: Pick<ServeClientDeps, "log" | "headMs">,
): Promise<void> {
  const request = await readSocksRequest(client, headMs);
  if (request.type === "refused") {
    log.denied(request.asked, request.reason);
    return void client.end();
  }
  await openTunnel(client, request.target, {
    granted: () => replySocks(client, socksReplies.granted),
    refused({ code }) {
      replySocks(client, code === "refused" ? socksReplies.notAllowed : socksReplies.unreachable);
      client.end();
    },
  });
}
