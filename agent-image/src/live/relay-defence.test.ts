import { relayUser } from "@longshore/shared/contracts/agent-wire";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startAgent, type AgentSandbox } from "../testing/agent-sandbox.ts";
import { jobFrame, python, resumeToken, shell, textOf } from "../testing/job-frame.ts";

let agent: AgentSandbox;
beforeEach(async () => {
  agent = await startAgent();
}, 60_000);
afterEach(() => agent.remove());

const slow = { timeout: 60_000 };

/** What a Step tries against a relay, once there is one. Prints the attempts that got through. */
const attack = `
import os, signal, socket, time
def relays():
  return [int(p) for p in os.listdir('/proc') if p.isdigit() and b'relay' in open(f'/proc/{p}/cmdline','rb').read()]
while not relays(): time.sleep(0.02)
[relay] = relays()
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
  try: os.kill(relay, number); print('signal', number)
  except PermissionError: pass
for name in ('mem', 'environ', 'maps', 'fd/0', 'fd/1', 'fd/3', 'exe', 'cwd/.'):
  try: open(f'/proc/{relay}/{name}').close(); print('opened', name)
  except PermissionError: pass
try: os.listdir(f'/proc/{relay}/fd'); print('listed fd')
except PermissionError: pass
with socket.socket(socket.AF_UNIX) as s:
  try: s.bind('\\0longshore-agent'); print('took the name')
  except OSError as e: print(e.strerror)
for token in ('', 'guess'):
  with socket.socket(socket.AF_UNIX) as s:
    s.connect('\\0longshore-agent')
    s.sendall(b'{"type":"resume","after":0,"epoch":99,"token":"%s"}\\n' % token.encode())
    try: print('heard', s.recv(10))
    except ConnectionResetError: print('heard', b'')
print('leaked' if b'${resumeToken}' in b''.join(open(f'/proc/self/{n}','rb').read() for n in ('environ', 'cmdline')) else 'not told')
`;

test("a Step cannot reach the relay, take the agent's name, or get past the token", slow, async () => {
  // What the first owner acknowledged, the agent would not tell the second one.
  agent.link.acknowledges = false;
  agent.link.send(jobFrame([python(attack), shell("echo next")]));
  await agent.link.takeEvent((event) => event.type === "step_started");
  const { link, exitCode } = await agent.relay();
  link.send({ type: "resume", after: 0, epoch: 1, token: resumeToken });
  await link.take("done");
  expect(textOf(link.frames, "stdout").split("\n")).toEqual([
    "Address already in use",
    "heard b''",
    "heard b''",
    "not told",
    "next",
  ]);
  expect(await exitCode()).toBeNull();
});

test("the end of a Step and a cancel kill what the Job's user runs, and spare the relay", slow, async () => {
  agent.link.acknowledges = false;
  agent.link.send(jobFrame([shell("setsid sleep 300 & sleep 1; echo first"), shell("sleep 300")]));
  const { link, exitCode } = await agent.relay();
  link.send({ type: "resume", after: 0, epoch: 1, token: resumeToken });
  const startedAt = performance.now();
  await link.takeEvent((event) => event.type === "step_started" && event.index === 2);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  link.send({ type: "cancel" });
  await link.take("stopped");
  expect(performance.now() - startedAt).toBeLessThan(6_000);
  const users = (await agent.exec("ps", "-e", "-o", "uid=,comm=")).split("\n");
  expect(users.filter((line) => line.includes("relay"))).toEqual([
    expect.stringMatching(new RegExp(`^ *${String(relayUser.split(":")[0])} `)),
  ]);
  expect(users.join("\n")).not.toMatch(/sleep|bash/);
  expect(await exitCode()).toBeNull();
});

test(
  "a Step that floods the agent with connections does not keep a worker from taking over",
  slow,
  async () => {
    const flood = `
import socket
held = []
while True:
  s = socket.socket(socket.AF_UNIX)
  s.connect('\\0longshore-agent')
  held = [*held[-99:], s]`;
    agent.link.send(jobFrame([python(flood)]));
    await agent.link.takeEvent((event) => event.type === "step_started");
    for (const epoch of [1, 2, 3, 4, 5]) {
      const { link } = await agent.relay();
      link.send({ type: "resume", after: 0, epoch, token: resumeToken });
      await link.take("hello");
    }
    // Each end that the agent has accepted, or has waiting, bears its name; a hundred were held at the other end.
    const sockets = (await agent.exec("cat", "/proc/net/unix")).match(/@longshore-agent$/gm);
    expect(sockets?.length).toBeLessThan(50);
  },
);
