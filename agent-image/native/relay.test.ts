import { relayProgram, relayUser } from "@longshore/shared/contracts/agent-wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHardenedContainer, docker, runHardened } from "./hardened-container.ts";
import type { HardenedContainer } from "./hardened-container.ts";

let container: HardenedContainer;
beforeAll(async () => {
  container = await createHardenedContainer();
}, 60_000);
afterAll(() => container.remove());

/** Runs a script as a worker's exec does: with the relay's user, in a folder that it may enter. */
const asRelay = (script: string) =>
  docker("exec", "--user", relayUser, "--workdir", "/", container.id, "bash", "-o", "pipefail", "-c", script);

/** Python that holds the agent's name as `server`, then does `then`; started before the script that it stands for. */
async function withAgent(then: string, script: string) {
  const code = `import os, socket, time
server = socket.socket(socket.AF_UNIX)
server.bind('\\0longshore-agent')
server.listen()
open('/tmp/listens', 'w').close()
${then}`;
  await container.exec("rm", "-f", "/tmp/listens");
  const agent = container.exec("timeout", "30", "python3", "-c", code);
  const isListening = async () => (await container.exec("test", "-e", "/tmp/listens")).exitCode;
  await expect.poll(isListening, { timeout: 10_000 }).toBe(0);
  const relay = await asRelay(script);
  return { relay, agent: await agent };
}

const echo = `peer, _ = server.accept()
while data := peer.recv(65536): peer.sendall(data)
peer.sendall(b'end')
peer.close()`;

describe("the relay", () => {
  test("passes everything on, both ways, until its worker has ended and been answered", async () => {
    const script = `head -c 20000000 /dev/zero | tr '\\0' x | ${relayProgram} | md5sum; echo "$(head -c 20000000 /dev/zero | tr '\\0' x; printf end)" | head -c 20000003 | md5sum`;
    const { relay } = await withAgent(echo, script);
    const [passed, wanted] = relay.stdout.trim().split("\n");
    expect(passed).toBe(wanted);
    expect(relay).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("ends with 2 where no agent listens", async () => {
    expect(await asRelay(`echo hello | ${relayProgram}`)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "relay: the agent's socket: Connection refused\n",
    });
  });

  test("ends with 3 where the agent closes without a word, its input still open", async () => {
    const closing = "peer, _ = server.accept()\npeer.recv(100)\npeer.close()";
    const { relay } = await withAgent(closing, `(echo hello; sleep 20) | (${relayProgram}; echo $?; kill 0)`);
    expect(relay.stdout).toBe("3\n");
  });

  test("does not connect before it has something to say", async () => {
    expect(await asRelay(`${relayProgram} < /dev/null`)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  test("ends within seconds where nobody reads what the agent said before it closed", async () => {
    const talking = `peer, _ = server.accept()
peer.setblocking(False)
try:
  while True: peer.send(b'x' * 65536)
except BlockingIOError: pass
peer.close()
time.sleep(3)`;
    const script = `(echo hello; sleep 20) | (${relayProgram}; echo ended >&2) | (sleep 4; kill 0)`;
    const { relay } = await withAgent(talking, script);
    expect(relay.stderr).toContain("ended\n");
  });

  test("waits without work while neither side reads", async () => {
    const stuck = "peer, _ = server.accept()\ntime.sleep(3)";
    const script = `(yes | ${relayProgram} & sleep 2; cat /proc/$(pgrep relay)/stat | cut -d' ' -f14,15; kill 0)`;
    const { relay } = await withAgent(stuck, script);
    const [user = NaN, system = NaN] = relay.stdout.split(" ").map(Number);
    expect(user + system).toBeLessThan(20); // hundredths of a second
  });
}, 60_000);

test("an agent whose name is taken ends, and says so", async () => {
  const hold = `import socket, time
s = socket.socket(socket.AF_UNIX)
s.bind('\\0longshore-agent')
time.sleep(20)`;
  const script = `python3 -c "$1" & until grep -q longshore-agent /proc/net/unix; do sleep 0.05; done; exec /opt/longshore/agentd /opt/longshore/agent.cjs`;
  const ended = await runHardened("bash", "-c", script, "bash", hold);
  expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
  expect(ended.stderr).toMatch(/^agent: no worker could take over: .*EADDRINUSE/);
}, 60_000);
