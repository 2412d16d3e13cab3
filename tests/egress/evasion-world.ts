import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { ResolveName } from "../../apps/worker/src/egress/resolve-name.ts";
import {
  createTestWorld,
  type EgressBench,
  exampleAddress,
  listen,
  openEgressBench,
  otherAddress,
  type TestWorld,
} from "./egress-bench.ts";

/** A program's way out, hosts that it may reach and others that it may not. Nothing of it leaves the loopback. */
export interface EvasionWorld {
  readonly bench: EgressBench;
  readonly world: TestWorld;
  /** What the web host was asked, since `forget`. */
  readonly asked: readonly IncomingMessage[];
  /** What a host that takes anything was told, since `forget`. */
  toldOpaque(): string;
  /** Which names were looked up, since `forget`. */
  readonly lookedUp: readonly string[];
  /** How often "rebinding.wild.test" was looked up. */
  looks(): number;
  /** Forgets what was asked and connected to. */
  forget(): void;
  close(): Promise<void>;
}

/** One for all tests of a \`describe\`, that forgets after each of them. */
export function evasionWorld(): () => EvasionWorld {
  let open: EvasionWorld;
  beforeAll(async () => {
    open = await openEvasionWorld();
  });
  afterEach(() => open.forget());
  afterAll(() => open.close());
  return () => open;
}

/** What the programs of these tests may reach. */
const allow = ["example.test", "*.wild.test", "tls.test", "odd.test:8443", "missing.test"];

async function openEvasionWorld(): Promise<EvasionWorld> {
  const asked: IncomingMessage[] = [];
  const connected: string[] = [];
  let looks = 0;
  const web = createServer((request, response) => {
    asked.push(request);
    if (request.url === "/away") response.setHeader("Location", "http://169.254.169.254/latest/");
    response.statusCode = request.url === "/away" ? 302 : 200;
    response.end(`reached ${request.headers.host ?? ""}`);
  });
  let told = "";
  const opaque = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", (bytes) => (told += bytes.toString("latin1")));
    socket.on("error", () => undefined).end("reached opaque");
  });
  const [webPort, opaquePort] = [await listen(web), await listen(opaque)];
  const rebinding = () => (looks++ === 0 ? [exampleAddress] : ["127.0.0.1"]);
  const world = createTestWorld(
    { ...names, "rebinding.wild.test": rebinding },
    {
      [`${exampleAddress}:80`]: webPort,
      [`${exampleAddress}:443`]: opaquePort,
      [`${exampleAddress}:8443`]: opaquePort,
      [`${otherAddress}:80`]: webPort,
    },
    connected,
  );
  const lookedUp: string[] = [];
  const resolve: ResolveName = (name, signal) => {
    lookedUp.push(name);
    return world.settings.resolve(name, signal);
  };
  const bench = await openEgressBench({ allow }, { ...world.settings, resolve });
  return {
    ...{ bench, world, asked, lookedUp, toldOpaque: () => told, looks: () => looks },
    forget() {
      told = "";
      lookedUp.length = 0;
      asked.length = 0;
      connected.length = 0;
    },
    async close() {
      await bench.close();
      web.close();
      opaque.close();
    },
  };
}

const names = {
  "example.test": [exampleAddress],
  "www.wild.test": [exampleAddress],
  "wild.test": [exampleAddress],
  "other.test": [otherAddress],
  "tls.test": [exampleAddress],
  "odd.test": [exampleAddress],
  "private.wild.test": ["10.0.0.5"],
  "loopback.wild.test": ["127.0.0.1"],
  "metadata.wild.test": ["169.254.169.254"],
  "mapped.wild.test": ["::ffff:169.254.169.254"],
  "v6.wild.test": ["::1"],
  "local6.wild.test": ["fd00::1"],
  "nat64.wild.test": ["64:ff9b::a9fe:a9fe"],
  "half.wild.test": [exampleAddress, "192.168.1.1"],
  "own.wild.test": ["93.184.216.99"],
  "database.wild.test": ["93.184.216.98"],
  "gateway.wild.test": ["172.17.0.1"],
  "sixtofour.wild.test": ["2002:7f00:1::1"],
  "teredo.wild.test": ["2001:0:7f00:1::1"],
  "localnat64.wild.test": ["64:ff9b:1::7f00:1"],
  "unspecified.wild.test": ["0.0.0.0"],
  "broadcast.wild.test": ["255.255.255.255"],
  "sitelocal.wild.test": ["fec0::1"],
  "zone.wild.test": ["2606:2800:220:1::1%eth0"],
  "text.wild.test": ["example.test"],
  "postgres.wild.test": [exampleAddress],
};

export const get = (url: string, headers = "Host: x\r\n"): string =>
  `GET ${url} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`;

export const connectTo = (authority: string): string =>
  `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
