import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a program of the project with these arguments, and nothing of the tests' environment. */
async function run(file: string, ...args: readonly string[]) {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [file, ...args], {
    ...{ cwd: root, env: { PATH, HOME }, stdio: ["ignore", "pipe", "pipe"] },
    timeout: 25_000,
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [code, out, said] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, said };
}

const scripts = ["start", "start-api", "start-worker", "demo", "image", "doctor", "keys"];
const suites = ["chaos", "attacks", "fuzz", "bench", "pack"];

test.each([...scripts, ...suites])(
  "%s says what it is for where it is asked to help",
  { timeout: 30_000 },
  async (name) => {
    const { code, out, said } = await run(`scripts/${name}.ts`, "--help");
    expect({ code, said }).toEqual({ code: 0, said: "" });
    expect(out).toMatch(/npm (?:run|start)/);
    expect(out).not.toMatch(/^ +at /m);
  },
);

test("chaos lists its trials where it is asked for them", { timeout: 30_000 }, async () => {
  const { code, out } = await run("scripts/chaos.ts", "--trial", "--help");
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("redis-outage") });
});

const programs = [
  ...[...scripts, "fuzz", "pack"].map((name) => `scripts/${name}.ts`),
  // What the commands of the suites run once the machine is ready.
  ...["tests/chaos/main.ts", "tests/chaos/trials/main.ts", "tests/attacks/main.ts", "bench/src/main.ts"],
];
test.each(programs)(
  "%s says in a line what is wrong with its arguments",
  { timeout: 30_000 },
  async (file) => {
    const { code, out, said } = await run(file, "--no-such-option");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(said).toMatch(/^[^\n]+\n$/);
  },
);
