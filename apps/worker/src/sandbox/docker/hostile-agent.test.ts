import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { newJobId } from "@longshore/shared/domain/job-id";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runSteps, untilFramesEnd } from "../run-steps.testkit.ts";
import { adoptionOf } from "../sandbox-adoption.testsuite.ts";
import type { SandboxProvider } from "../sandbox-provider.ts";
import { newSpec, outputsOf, started } from "../sandbox-under-test.testkit.ts";
import { createDockerProvider } from "./create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "./docker-provider.testkit.ts";
import { buildScriptedImage, onCommand } from "./scripted-image.testkit.ts";
import { untilWarm } from "./until-warm.testkit.ts";

const docker = new Docker();
const run = randomUUID().slice(0, 8);
const limits = { cpus: 1, memory_mb: 128, pids: 64, disk_mb: 32 };
const soon = (): AbortSignal => AbortSignal.timeout(30_000);
const imageName = (name: string): string => `longshore-agent:hostile-${run}-${name}`;

/** What the agent writes, changed on its way out. */
const rewritten = (from: string, to: string): string => `
  const { Socket } = require("node:net");
  const write = Socket.prototype.write;
  Socket.prototype.write = function (data, ...rest) {
    // What goes to process 1 is no text.
    const text = Buffer.from(data).toString("latin1").replace(${from}, ${JSON.stringify(to)});
    return write.call(this, Buffer.from(text, "latin1"), ...rest);
  };
  require("/opt/longshore/real.cjs");`;

const atStart = {
  silent: ["setInterval(() => {}, 1000)", "did not say hello in 10000 ms"],
  garbage: ['console.log("Segmentation fault")', "no JSON"],
  ending: ['process.stderr.write("cannot find module\\u001b[31m\\n"); process.exit(3)', "cannot find module"],
  version: [rewritten('/"version":3/', '"version":99'), "speaks version 99"],
  root: [rewritten('/"root_read_only":true/', '"root_read_only":false'), "root file system can be written"],
  memory: [rewritten('/"memory_bytes":\\d+/', '"memory_bytes":null'), "memory is bounded at nothing"],
} as const;

/** The agent's hello to its second owner, changed on its way out. */
const laterHello = (changed: string): string => `
  const { Socket } = require("node:net");
  const write = Socket.prototype.write;
  let hellos = 0;
  Socket.prototype.write = function (data, ...rest) {
    const text = String(data);
    if (!text.startsWith('{"type":"hello"') || ++hellos === 1) return write.call(this, data, ...rest);
    return write.call(this, Buffer.from(${changed}), ...rest);
  };
  require("/opt/longshore/real.cjs");`;

const atAdoption = {
  laterVersion: [laterHello("text.replace('\"version\":3', '\"version\":99')"), "speaks version 99"],
  laterGarbage: [laterHello('"}{" + String.fromCharCode(10)'), "no JSON"],
  laterSilent: [laterHello('""'), "did not say hello"],
} as const;

/** What it says of its cage when it is asked once more, changed on its way out. */
const laterFacts = (changed: string): string => `
  const { Socket } = require("node:net");
  const write = Socket.prototype.write;
  Socket.prototype.write = function (data, ...rest) {
    const text = String(data);
    return write.call(this, text.startsWith('{"type":"facts"') ? Buffer.from(${changed}) : data, ...rest);
  };
  require("/opt/longshore/real.cjs");`;

const atHandOver = {
  handOverPrivileged: [
    laterFacts("text.replace('\"no_new_privs\":1', '\"no_new_privs\":0')"),
    "can gain privileges",
  ],
  handOverSilent: [laterFacts('""'), "did not answer in 1000 ms"],
  handOverGarbage: [laterFacts('"}{" + String.fromCharCode(10)'), "no JSON"],
  handOverHello: [laterFacts("text.replace('facts', 'stopped')"), "schema"],
} as const;

/** What it sends, how, by which reason it is cut off, and whether that needs nobody to pull. */
const afterStart: readonly [string, string, string, boolean][] = [
  ["garbage", 'say("}{\\n")', "no JSON", false],
  ["a line without end", 'const part = "x".repeat(1 << 20); for (;;) say(part);', "too long", true],
  [
    "more than its window",
    'for (let seq = 1; ; seq += 1) say(JSON.stringify({ type: "done", seq }) + "\\n");',
    "window",
    true,
  ],
  [
    "a frame that it may not send",
    'say(JSON.stringify({ type: "job", job_id: "x" }) + "\\n")',
    "schema",
    false,
  ],
  [
    "stderr without end",
    'const part = "x".repeat(1 << 16); for (;;) { try { fs.writeSync(2, part) } catch {} }',
    "stderr",
    true,
  ],
];

/** What it says of the outputs, changed on its way out, and whether that costs it its connection. */
const atOutputs = {
  outputsSilent: [rewritten('/^.*"outputs".*$/s', ""), false],
  outputsRefused: [rewritten('/"data":"[^"]*"/', '"data":null'), false],
  outputsGarbage: [rewritten('/"data":"[^"]*"/', '"data":7'), true],
} as const;

describe("an agent that was taken over (fault 18)", { timeout: 60_000 }, () => {
  const providers = new Map<string, SandboxProvider>();

  beforeAll(async () => {
    const scripts = {
      ...Object.fromEntries(
        [atStart, atAdoption, atHandOver, atOutputs]
          .flatMap(Object.entries<readonly [string, ...unknown[]]>)
          .map(([name, [script]]) => [name, script]),
      ),
      onCommand,
    };
    for (const [name, script] of Object.entries(scripts)) {
      const image = imageName(name.toLowerCase());
      await buildScriptedImage(docker, image, script);
      // An installation each: what one has is not in the list of another.
      providers.set(name, createDockerProvider({ ...(await dockerDeps(docker)), image }));
    }
  }, 120_000);

  afterAll(async () => {
    await removeLeftovers();
    for (const name of providers.keys())
      await docker.getImage(imageName(name.toLowerCase())).remove({ force: true });
  });

  function provider(name: string): SandboxProvider {
    const found = providers.get(name);
    if (found === undefined) throw new Error(`No image ${name} was built.`);
    return found;
  }

  // Side by side, as most of them wait for one of our bounds to be over.
  it.concurrent.each(Object.entries(atStart))("does not become a Sandbox: %s", async (name, [, reason]) => {
    const result = await provider(name).start({ jobId: newJobId(), attempt: 1, limits }, soon());
    const message: unknown = expect.stringContaining(reason);
    expect(result).toMatchObject({ ok: false, failure: { code: "sandbox_start_failed", message } });
    expect(JSON.stringify(result)).not.toContain("\\u001b");
    expect(await provider(name).list(soon())).toEqual([]);
  });

  it.concurrent.each(Object.entries(atAdoption))(
    "is not adopted, and is removed: %s",
    async (name, [, reason]) => {
      const spec = { ...newSpec(), limits };
      await started(provider(name), spec);
      const adoption = await provider(name).adopt(adoptionOf(spec), soon());
      expect(adoption).toEqual({ type: "gone", reason: expect.stringContaining(reason) as string });
      expect(await provider(name).list(soon())).toEqual([]);
    },
  );

  it.concurrent.each(Object.entries(atOutputs))(
    "does not keep the outputs from being taken: %s",
    async (name, [, isCut]) => {
      const sandbox = await started(provider(name), { ...newSpec(), limits });
      await runSteps(sandbox, ["echo kept > kept"]);
      let text = "";
      const signal = AbortSignal.timeout(60_000);
      for await (const chunk of outputsOf(sandbox, { signal }).tar)
        text += Buffer.from(chunk).toString("latin1");
      expect(text).toContain("kept\n");
      expect(sandbox.breach() !== null).toBe(isCut);
      await sandbox.end();
      await sandbox.remove();
    },
  );

  it.each(Object.entries(atHandOver))(
    "is handed to no Job from the warm pool: %s",
    async (name, [, reason]) => {
      const warnings: string[] = [];
      const deps = {
        ...(await dockerDeps(docker)),
        image: imageName(name.toLowerCase()),
        warm: { size: 1, limits },
      };
      const logger = {
        debug: () => undefined,
        warn: (fields: object) => void warnings.push(inspect(fields)),
      };
      const warm = createDockerProvider({ ...deps, logger });
      await untilWarm(warm, 1);
      const sandbox = await started(warm, { ...newSpec(), limits });
      expect(sandbox.warm).toBe(false);
      expect(warnings.join("\n")).toContain(reason);
      await warm.stop();
      await sandbox.end();
      await sandbox.remove();
      expect(await warm.list(soon())).toEqual([]);
    },
  );

  it("keeps them from nobody who is in a hurry once it is asked for them", async () => {
    const sandbox = await started(provider("outputsSilent"), { ...newSpec(), limits });
    await runSteps(sandbox, ["echo kept > kept"]);
    const hurry = new AbortController();
    let text = "";
    // Less than it is waited for otherwise.
    const { tar } = outputsOf(sandbox, { signal: AbortSignal.timeout(15_000), hurry: hurry.signal });
    const pieces = tar[Symbol.asyncIterator]();
    const first = pieces.next();
    hurry.abort();
    for (let piece = await first; piece.done !== true; piece = await pieces.next())
      text += Buffer.from(piece.value).toString("latin1");
    expect(text).toContain("kept\n");
    await sandbox.end();
    await sandbox.remove();
  });

  it.each(afterStart)(
    "is cut off when it sends %s, and costs the worker little",
    async (_, evil, reason, atOnce) => {
      const result = await provider("onCommand").start({ jobId: newJobId(), attempt: 1, limits }, soon());
      if (!result.ok) throw new Error(result.failure.message);
      const sandbox = result.value;
      const before = process.memoryUsage().rss;
      const data = Buffer.from(evil).toString("base64");
      await sandbox.send({ type: "file", path: "evil.js", data, append: false });
      // Nobody pulls: what costs memory is noticed all the same.
      if (atOnce) await vi.waitFor(() => expect(sandbox.breach()).not.toBeNull(), { timeout: 20_000 });
      await untilFramesEnd(sandbox);
      expect(sandbox.breach()).toMatch(reason);
      expect(process.memoryUsage().rss - before).toBeLessThan(50 * 2 ** 20);
      await sandbox.end();
      await sandbox.remove();
      expect(await provider("onCommand").list(soon())).toEqual([]);
    },
  );
});
