import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { newJobId } from "@longshore/shared/domain/job-id";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDockerProvider } from "../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "../../apps/worker/src/sandbox/docker/docker-provider.testkit.ts";
import type { StepsRun } from "../../apps/worker/src/sandbox/run-steps.testkit.ts";
import { testCa, testCertificate, testKey } from "./certificates.fixture.ts";
import { createTestWorld, exampleAddress, listen } from "./egress-bench.ts";
import { runWithNetwork } from "./run-with-network.ts";

const python = (code: string): string => `python3 - <<'END'\n${code}\nEND`;
const refusedFetch = (url: string): string =>
  `test "$(curl -sS -o /dev/null -w '%{http_code}' '${url}')" = 403`;

const largeBytes = 12 * 1_048_576;

/** Each exits 0 where the Sandbox has its network, and no more than that. */
const probes: readonly [string, string][] = [
  ["reaches an allowed host with curl", "curl -fsS http://example.test/ | grep 'reached example.test'"],
  [
    "reaches it over TLS with curl",
    "curl -fsS --cacert ca.pem https://example.test/ | grep 'reached example.test'",
  ],
  [
    "reaches it with python",
    python(
      "import urllib.request as r\nassert r.urlopen('http://example.test/').read() == b'reached example.test'",
    ),
  ],
  [
    "reaches it over TLS with python",
    python(
      "import ssl, urllib.request as r\nc = ssl.create_default_context(cafile='ca.pem')\nassert r.urlopen('https://example.test/', context=c).read() == b'reached example.test'",
    ),
  ],
  [
    "reaches it with node's fetch, over TLS and without",
    "NODE_EXTRA_CA_CERTS=ca.pem node -e \"Promise.all(['http', 'https'].map(async (s) => { if (await (await fetch(s + '://example.test/')).text() !== 'reached example.test') process.exit(1) }))\"",
  ],
  [
    "reaches it over SOCKS5 with curl",
    "curl -fsS --cacert ca.pem --socks5-hostname 127.0.0.1:3128 https://example.test/ | grep reached",
  ],
  ["reaches it with git", "git ls-remote http://example.test/repository.git | grep refs/heads/main"],
  [
    "uploads and gets the same back",
    "head -c 3000000 /dev/urandom > up; curl -fsS --data-binary @up http://example.test/echo > down; cmp up down",
  ],
  [
    "sees the proxy in its environment, and nothing of where it leads",
    "test 9 = $(env | grep -ic proxy) && test -z \"$(env | grep -i proxy | grep -vE '127.0.0.1|^NODE_USE_ENV_PROXY=1$')\"",
  ],
  ["cannot reach a host that is not listed", refusedFetch("http://other.test/")],
  ["cannot reach a listed host by its address", refusedFetch(`http://${exampleAddress}/`)],
  ["cannot reach a private address by a name", refusedFetch("http://private.test/")],
  ["cannot reach the metadata service", refusedFetch("http://169.254.169.254/latest/meta-data/")],
  [
    "cannot reach the host's gateway, engine or loopback",
    `${refusedFetch("http://172.17.0.1:2375/")} && ${refusedFetch("http://127.0.0.2:5432/")}`,
  ],
  ["cannot go around the proxy", `! curl -sS --noproxy '*' -m 5 http://${exampleAddress}/`],
  [
    "cannot connect directly",
    python(
      `import socket\ntry:\n  socket.create_connection(("${exampleAddress}", 443), 3)\nexcept OSError as e: assert e.errno == 101, e\nelse: raise SystemExit(1)`,
    ),
  ],
  [
    "cannot send UDP",
    python(
      `import socket\ntry:\n  socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("${exampleAddress}", 53))\nexcept OSError: pass\nelse: raise SystemExit(1)`,
    ),
  ],
  [
    "cannot resolve names itself, allowed or not",
    python(
      "import socket\ntry:\n  socket.getaddrinfo('example.test', 80)\nexcept OSError: pass\nelse: raise SystemExit(1)",
    ),
  ],
  [
    "cannot ask the proxy for a name server",
    "! curl -sS -m 5 --proxytunnel -o /dev/null http://example.test:53/",
  ],
  [
    "cannot reach over SOCKS5 what it resolved by itself",
    `! curl -sS -m 5 --socks5 127.0.0.1:3128 http://${exampleAddress}/`,
  ],
  [
    "cannot reach another host behind the TLS name of an allowed one",
    "! curl -sS -m 5 --cacert ca.pem --connect-to other.test:443:example.test:443 https://other.test/",
  ],
  [
    "cannot use ftp or gopher",
    "! curl -sS -m 5 --fail ftp://example.test/ && ! curl -sS -m 5 gopher://example.test:80/_x | grep reached",
  ],
  ["finds no socket of the engine", "! curl -sS -m 5 --unix-socket /var/run/docker.sock http://x/"],
  ["sees only the loopback", 'test "$(ls /sys/class/net)" = lo'],
  [
    "downloads and uploads what is large",
    `curl -fsS -o large http://example.test/large && test $(stat -c %s large) = ${String(largeBytes)} && ` +
      "curl -fsS -o /dev/null --data-binary @large http://example.test/echo; status=$?; rm -f large; exit $status",
  ],
  [
    "has a log that is not held up by a download",
    "(curl -fsS http://example.test/endless > /dev/null & echo $! > pid; seq 1 20000; kill $(cat pid))",
  ],
];

describe(
  "a program in a real Sandbox with network.allow [example.test, private.test]",
  { timeout: 120_000 },
  () => {
    const lines: string[] = [];
    let run: StepsRun;
    let close = (): void => undefined;

    beforeAll(async () => {
      const web = createServer(answer);
      const tls = createTlsServer({ key: testKey, cert: testCertificate }, answer);
      const places = {
        [`${exampleAddress}:80`]: await listen(web),
        [`${exampleAddress}:443`]: await listen(tls),
      };
      const world = createTestWorld(
        { "example.test": [exampleAddress], "private.test": ["10.0.0.1"] },
        places,
      );
      const provider = createDockerProvider(await dockerDeps(new Docker()));
      const limits = { cpus: 2, memory_mb: 256, pids: 64, disk_mb: 64 };
      const started = await provider.start(
        { jobId: newJobId(), attempt: 1, limits },
        AbortSignal.timeout(30_000),
      );
      if (!started.ok) throw new Error(started.failure.message);
      const ca = {
        type: "file",
        path: "ca.pem",
        data: Buffer.from(testCa).toString("base64"),
        append: false,
      } as const;
      await started.value.send(ca);
      run = await runWithNetwork(started.value, {
        settings: world.settings,
        network: { allow: ["example.test", "private.test"] },
        say: (line) => void lines.push(line),
        commands: probes.map(([, command]) => command),
      });
      close = () => {
        web.closeAllConnections();
        tls.closeAllConnections();
        web.close();
        tls.close();
      };
    }, 120_000);
    afterAll(async () => {
      close();
      await removeLeftovers();
    });

    it.each(probes.map(([what], index) => [what, index] as const))("%s", (_, index) => {
      const printed = run.events.flatMap((event) =>
        event.type === "lines" && event.index === index + 1 ? event.lines.slice(0, 20) : [],
      );
      expect({ exitCode: run.exitCodes[index], printed: run.exitCodes[index] === 0 ? [] : printed }).toEqual({
        exitCode: 0,
        printed: [],
      });
    });

    it("has what it was denied in its log, with host and port, and what it moved", () => {
      expect(lines).toContain("network: no connection to other.test:80: it is not in network.allow");
      expect(lines).toContain(
        "network: no connection to private.test:80: it has an address that is not a public one",
      );
      expect(lines.join("\n")).toMatch(
        /network: example\.test:80: \d+ connections, \d+ bytes sent, \d+ received/,
      );
    });
  },
);

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { url = "" } = request;
  if (url === "/echo") return void request.pipe(response);
  if (url === "/large") return void response.end(Buffer.alloc(largeBytes));
  if (url === "/endless") {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on("drain", more);
    return more();
  }
  if (url.startsWith("/repository.git/info/refs")) {
    return void response.end(`${"0".repeat(39)}1\trefs/heads/main\n`);
  }
  response.end(`reached ${request.headers.host ?? ""}`);
}
