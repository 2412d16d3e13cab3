import { randomUUID } from "node:crypto";
import Docker from "dockerode";
import { z } from "zod";

/** A host in two networks of the test's own, which nobody but this machine reaches. It serves HTTP on ports 8000 and 8001. */
export interface TargetHost {
  /** In the network that a test opens to Jobs. */
  readonly address: string;
  /** In the other one. */
  readonly closedAddress: string;
  /** This machine's own address in the first network. */
  readonly gateway: string;
  /** The first network's addresses, as EGRESS_PRIVATE_RANGES takes them. */
  readonly range: string;
  /** Every request so far, as `address:port host path`: where it came in, and what it asked for. */
  visits(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** `/away?<url>` leads there; all other paths say what Host was asked for. */
const program = `
import http.server, json, threading
visits = []
class Answers(http.server.BaseHTTPRequestHandler):
  protocol_version = 'HTTP/1.1'
  def log_message(self, *words): pass
  def do_GET(self):
    host, path = self.headers.get('Host', ''), self.path
    if path == '/visits':
      body = json.dumps(visits).encode()
    else:
      address, port = self.connection.getsockname()
      visits.append(f'{address}:{port} {host} {path}')
      body = f'reached {host}\\n'.encode()
    self.send_response(302 if path.startswith('/away?') else 200)
    if path.startswith('/away?'):
      self.send_header('Location', path[6:])
    self.send_header('Content-Length', str(len(body)))
    self.end_headers()
    self.wfile.write(body)
for port in (8000, 8001):
  threading.Thread(target=http.server.ThreadingHTTPServer(('', port), Answers).serve_forever).start()
`;

/** Starts it, and waits until it answers. */
export async function startTargetHost(): Promise<TargetHost> {
  await using lifetime = new AsyncDisposableStack();
  const docker = new Docker();
  const name = `longshore-target-${randomUUID()}`;
  const makeNetwork = async (networkName: string) => {
    const network = await docker.createNetwork({ Name: networkName, Driver: "bridge", Internal: true });
    lifetime.defer(async () => void (await network.remove()));
    return network;
  };
  const network = await makeNetwork(name);
  const closed = await makeNetwork(`${name}-closed`);
  const container = await docker.createContainer({
    ...{ name, Image: process.env["AGENT_IMAGE"] ?? "longshore-agent:dev" },
    ...{ Entrypoint: ["python3"], Cmd: ["-c", program], HostConfig: { NetworkMode: name } },
  });
  lifetime.defer(() => container.remove({ force: true }));
  await closed.connect({ Container: container.id });
  await container.start();
  const [pool] = (await network.inspect()).IPAM?.Config ?? [];
  const { Networks } = (await container.inspect()).NetworkSettings;
  const [address, closedAddress] = [Networks[name]?.IPAddress, Networks[`${name}-closed`]?.IPAddress];
  if (pool?.Subnet === undefined || pool.Gateway === undefined || !address || !closedAddress)
    throw new Error(`the engine gave ${name} no addresses`);
  const visits = async () =>
    z.array(z.string()).parse(await askUntilReached(`http://${address}:8000/visits`));
  await visits();
  const kept = lifetime.move();
  return {
    ...{ address, closedAddress, visits },
    gateway: pool.Gateway,
    range: pool.Subnet,
    remove: () => kept.disposeAsync(),
  };
}

async function askUntilReached(url: string): Promise<unknown> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await (await fetch(url, { signal: AbortSignal.timeout(2_000) })).json();
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`${url} was not reached within 30 s`, { cause });
    }
  }
}
