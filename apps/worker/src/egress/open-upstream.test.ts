import { succeed } from "@longshore/shared/domain/result";
import { expect, it } from "vitest";
import { createEgressLog } from "./egress-log.ts";
import { readTarget } from "./judge-target.ts";
import { createOpenUpstream, type OpenUpstreamDeps } from "./open-upstream.ts";
import { createServiceAddresses } from "./service-addresses.ts";

const target = readTarget("example.test:443", null);
const waiting = new AbortController().signal;

/** Opens a connection to example.test, which no test gets as far as. */
function open(deps: Pick<OpenUpstreamDeps, "serviceAddresses" | "resolve">, signal: AbortSignal) {
  if (!target.ok) throw new Error(target.failure);
  const openUpstream = createOpenUpstream({
    ...deps,
    connectTo: () => {
      throw new Error("nobody is to be connected to");
    },
    reach: { type: "full" },
    refuseAddress: () => null,
    log: createEgressLog(() => undefined),
  });
  return openUpstream(target.value, signal);
}

it.each([
  ["postgres://u@[2001:0db8:0:0::5]:5432/db", "2001:db8::5"],
  ["postgres://u@[::ffff:192.0.2.7]/db", "192.0.2.7"],
  ["tcp://192.0.2.7:2375", "::ffff:c000:207"],
])("a service at %s is not connected to by a name that leads to %s", async (url, address) => {
  const serviceAddresses = createServiceAddresses([url], (host) => Promise.resolve([host]));
  const resolve = () => Promise.resolve(succeed([address]));
  expect(await open({ serviceAddresses, resolve }, waiting)).toMatchObject({
    ok: false,
    failure: { code: "refused" },
  });
});

it("who goes while the service's own addresses are being found out waits for them no longer, and has no name looked up", async () => {
  const looked: string[] = [];
  const gone = new AbortController();
  const opening = open(
    {
      serviceAddresses: () => new Promise(() => undefined),
      resolve: (name) => {
        looked.push(name);
        return Promise.resolve(succeed([]));
      },
    },
    gone.signal,
  );
  gone.abort();
  expect(await opening).toMatchObject({ ok: false, failure: { code: "unreachable" } });
  expect(looked).toEqual([]);
});
