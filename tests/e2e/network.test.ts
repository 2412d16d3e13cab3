import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../attacks/probe.ts";
import { egress } from "../attacks/probes/egress.ts";
import { probeProgram, readFindings } from "../attacks/run-probes.ts";
import { type NameServer, startNameServer } from "../support/name-server.ts";
import { nameServerAt } from "../support/preload.ts";
import { systemLines } from "../support/running-job.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { startTargetHost, type TargetHost } from "../support/target-host.ts";

/** Who has come to a port of every address of this machine. */
interface Trap {
  readonly port: number;
  readonly visitors: readonly string[];
}

const lifetime = new AsyncDisposableStack();
let target: TargetHost;
let trap: Trap;
let stack: Stack;
let id: string;
let findings: readonly Finding[];

async function layTrap(): Promise<Trap> {
  const visitors: string[] = [];
  const server = createServer((socket) => {
    visitors.push(`${String(socket.localAddress)} was reached`);
    socket.destroy();
  });
  lifetime.defer(() => void server.close());
  server.listen(0, "::");
  await once(server, "listening");
  // safety: a server that listens on a port has an AddressInfo.
  return { port: (server.address() as AddressInfo).port, visitors };
}

function startNames({ address, closedAddress, gateway }: TargetHost): Promise<NameServer> {
  let turned = false;
  return startNameServer({
    "allowed.test": [address],
    "www.allowed.test": [address],
    "other.test": [address],
    "wild.test": [address],
    "chain.wild.test": { alias: "middle.wild.test" },
    "middle.wild.test": { alias: "other.test" },
    "chain-in.wild.test": { alias: "middle-in.wild.test" },
    "middle-in.wild.test": { alias: "loopback.wild.test" },
    "chain-closed.wild.test": { alias: "closed.wild.test" },
    "closed.wild.test": [closedAddress],
    "loopback.wild.test": ["127.0.0.1"],
    "six.wild.test": ["::1"],
    "mapped.wild.test": ["::ffff:127.0.0.1"],
    "both.wild.test": [address, gateway],
    "rebinding.wild.test": () => [turned ? gateway : address],
    "turn.wild.test": () => {
      turned = true;
      return [address];
    },
  });
}

beforeAll(async () => {
  target = await startTargetHost();
  lifetime.defer(() => target.remove());
  trap = await layTrap();
  const names = await startNames(target);
  lifetime.defer(() => names.close());
  const env = {
    ALLOW_FULL_NETWORK: "true",
    EGRESS_PRIVATE_RANGES: target.range,
    SECRETS_KEY: Buffer.alloc(32, 9).toString("base64"),
    ...nameServerAt(names.port),
  };
  stack = await startStack({ backend: "postgres", env });
  lifetime.defer(() => stack.stop());
  const [port, database] = [String(trap.port), new URL(stack.database.url).host];
  const own = [
    "127.0.0.1",
    "[::1]",
    "[::ffff:7f00:1]",
    "0.0.0.0",
    "localhost",
    target.gateway,
    "*.wild.test",
  ];
  const code = probeProgram(egress, {
    ...{ TARGET: target.address, CLOSED: target.closedAddress, GATEWAY: target.gateway, NAMES: names.port },
    ...{ TRAP: trap.port, DATABASE: Number(new URL(stack.database.url).port) },
  });
  id = await stack.client.schedule({
    steps: [
      { kind: "shell", command: "curl -fsS http://allowed.test:8000/ http://chain.wild.test:8000/" },
      { kind: "python", code },
    ],
    network: {
      allow: [
        ...["allowed.test:8000", "*.wild.test:8000", `${target.closedAddress}:8000`, database],
        ...own.map((host) => `${host}:${port}`),
      ],
    },
  });
  await stack.client.ended(id, 120_000);
  const lines = await stack.client.lines(id);
  findings = readFindings(
    egress,
    lines.filter(({ step }) => step === 2).map(({ text }) => text),
  );
}, 240_000);
afterAll(() => lifetime.disposeAsync(), 60_000);

describe("a job on a whole service whose network.allow lists hosts", () => {
  test("reaches these, by aliases too", async () => {
    expect(await stack.client.status(id)).toMatchObject({ status: "succeeded" });
    const lines = await stack.client.lines(id);
    expect(lines.filter(({ step }) => step === 1).map(({ text }) => text)).toEqual(
      expect.arrayContaining(["reached allowed.test:8000", "reached chain.wild.test:8000"]),
    );
  });

  test.each(egress.probes.map(({ name, holds }) => [name, holds] as const))(
    "cannot reach %s",
    (name, holds) => {
      expect(findings.find(({ probe }) => probe.name === name)?.found).toMatch(holds);
    },
  );

  test("has reached nobody else in more than 30 ways", async () => {
    expect(egress.probes.length).toBeGreaterThan(30);
    expect(trap.visitors).toEqual([]);
    const places = (await target.visits()).map((visit) => visit.split(" ").slice(0, 2).join(" "));
    const asked = ["allowed", "chain.wild", "rebinding.wild", "turn.wild"];
    expect([...new Set(places)].toSorted()).toEqual(
      asked.map((name) => `${target.address}:8000 ${name}.test:8000`),
    );
  });

  test("has what it was denied in its events, with host and port", async () => {
    const said: unknown[] = [];
    for await (const { event, data } of stack.client.events(id))
      if (event === "log" && data["stream"] === "system") said.push(data["text"]);
    const denied = (host: string, reason: string) => `network: no connection to ${host}: ${reason}`;
    const own = "it has an address of the service's own machine";
    expect(said).toEqual(
      expect.arrayContaining([
        denied("other.test:8000", "it is not in network.allow"),
        denied("allowed.test:8001", "it is not in network.allow"),
        denied(`${target.gateway}:${String(trap.port)}`, own),
        denied(`loopback.wild.test:${String(trap.port)}`, own),
        denied(`${target.closedAddress}:8000`, "it has an address that is not a public one"),
      ]),
    );
  });
});

describe("a job on the same service", () => {
  const shell = (command: string) => ({ kind: "shell", command });
  const reached = (options = "") => shell(`curl -fsS ${options} http://other.test:8000/`);
  const refused = (authority: string) =>
    shell(`test "$(curl -s --noproxy '' -o /dev/null -w '%{http_code}' http://${authority}/)" = 403`);

  test("has no secret in its events by a name that it was denied, which is told in lower case", async () => {
    const token = "Canary-4Fd1C0a97Be2";
    const asking = await stack.client.schedule({
      steps: [shell('curl -s -o /dev/null "http://$TOKEN.wild.test:9/" "http://user:$TOKEN@wild.test:9/"')],
      network: { allow: ["allowed.test:8000"] },
      secrets: { TOKEN: token },
    });
    await stack.client.ended(asking);
    const said = await systemLines(stack.client, asking);
    expect(said).toContain("network: no connection to ***.wild.test:9: it is not in network.allow");
    expect(said.join("\n").toLowerCase()).not.toContain(token.toLowerCase());
  });

  test("reaches nothing without a network", async () => {
    const none = await stack.client.schedule({ steps: [shell(`! curl -s http://${target.address}:8000`)] });
    expect(await stack.client.ended(none)).toMatchObject({ status: "succeeded" });
  });

  test("reaches what the operator has opened with network full, over HTTP, a tunnel and SOCKS5, and nothing of the machine", async () => {
    const full = await stack.client.schedule({
      steps: [
        ...[reached(), reached("--proxytunnel"), reached("--socks5-hostname 127.0.0.1:3128")],
        ...[`${target.gateway}:${String(trap.port)}`, `127.0.0.1:${String(trap.port)}`].map(refused),
        ...[`${target.closedAddress}:8000`, "loopback.wild.test:8000"].map(refused),
      ],
      network: "full",
    });
    expect(await stack.client.ended(full)).toMatchObject({ status: "succeeded" });
    expect(await stack.client.printed(full)).toBe("reached other.test:8000\n".repeat(3));
    expect(await systemLines(stack.client, full)).toContain(
      `network: no connection to ${target.closedAddress}:8000: it has an address that is not a public one`,
    );
    expect(trap.visitors).toEqual([]);
  });
});
