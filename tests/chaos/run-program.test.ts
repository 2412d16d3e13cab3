import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";

const runProgramFile = new URL("run-program.ts", import.meta.url).href;

let child: ChildProcess | undefined;
afterEach(() => void child?.kill("SIGKILL"));

/** Runs `work` as a program, with a channel to this one as a suite has; gives how it ended and what it said. */
async function ended(work: string, { boundMs = 60_000, signal }: Options = {}) {
  const source = `import { runProgram } from ${JSON.stringify(runProgramFile)};
    await runProgram(async (stop) => { process.send("begun"); ${work} }, ${String(boundMs)});`;
  const program = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  child = program;
  const exited = once(program, "exit");
  if (program.stderr === null) throw new Error("what it says goes elsewhere");
  const said = text(program.stderr);
  if (signal !== undefined) {
    await once(program, "message");
    program.kill(signal);
  }
  // safety: the first argument of node's "exit" event.
  const [code] = (await exited) as [number | null];
  return { code, said: await said };
}

interface Options {
  readonly boundMs?: number;
  readonly signal?: NodeJS.Signals;
}

test("a program ends with the code that its work gives, and says nothing", async () => {
  expect(await ended("return 3;")).toEqual({ code: 3, said: "" });
});

test("a program whose work rejects says why and ends with 1, though who started it still listens", async () => {
  const { code, said } = await ended('throw new Error("could not start");');
  expect(code).toBe(1);
  expect(said).toContain("could not start");
});

test("a program that is asked to stop has its work told, and ends with what that makes of it", async () => {
  const work = 'await new Promise((done) => stop.addEventListener("abort", done)); return 4;';
  expect(await ended(work, { signal: "SIGTERM" })).toEqual({ code: 4, said: "" });
});

test("a program that something keeps open ends in time all the same, and says what that was", async () => {
  const { code, said } = await ended("setInterval(() => undefined, 1_000_000); return 5;", { boundMs: 300 });
  expect(code).toBe(5);
  expect(said).toMatch(/did not end within 300 ms: open are .*Timeout/);
});

test("a program that spins without ever waiting ends in time all the same, and says where", async () => {
  const spin = "async function spinsForEver() { for (;;) await null; }";
  const { code, said } = await ended(`${spin} setTimeout(spinsForEver); return 6;`, { boundMs: 1_000 });
  expect(code).toBe(6);
  expect(said).toMatch(/did not end within 1000 ms: it is busy;[^]*at spinsForEver/);
});
