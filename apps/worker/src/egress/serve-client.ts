import type { Duplex } from "node:stream";
import { createByteIntake } from "./byte-intake.ts";
import type { EgressLog } from "./egress-log.ts";
import { createHttpProxy } from "./http-proxy.ts";
import type { Reach } from "./judge-target.ts";
import { createOpenTunnel, type OpenTunnel } from "./open-tunnel.ts";
import type { OpenUpstream } from "./open-upstream.ts";
import { readSocksRequest, replySocks, socksReplies, socksVersion } from "./socks5.ts";

export interface ServeClientDeps {
  readonly reach: Reach;
  readonly openUpstream: OpenUpstream;
  readonly log: EgressLog;
}

/** Serves a connection of a program, in whichever of the proxy's languages it speaks. Never rejects. */
export type ServeClient = (client: Duplex) => Promise<void>;

const firstByteTimeoutMs = 30_000;

export function createServeClient(deps: ServeClientDeps): ServeClient {
  const http = createHttpProxy({
    ...deps,
    onTunnel: (client, target, answer) => void openTunnel(client, target, answer),
  });
  const openTunnel = createOpenTunnel({ ...deps, serveHttp: http.serveTunnel });
  return async (client) => {
    const intake = createByteIntake(client, AbortSignal.timeout(firstByteTimeoutMs));
    const [first] = await intake.atLeast(1);
    intake.leave();
    if (first === undefined) return void client.destroy();
    if (first === socksVersion) return serveSocks(client, openTunnel, deps.log);
    http.serve(client);
  };
}

async function serveSocks(client: Duplex, openTunnel: OpenTunnel, log: EgressLog): Promise<void> {
  const request = await readSocksRequest(client);
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
