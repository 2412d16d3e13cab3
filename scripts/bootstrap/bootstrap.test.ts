import { spawn } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const scripts = join(import.meta.dirname, "..");
let root: string;

/** A clone with the real bootstrap, a program to go on in, and an npm that only notes that it was called. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "longshore-bootstrap-"));
  await cp(join(scripts, "bootstrap.mjs"), join(root, "scripts", "bootstrap.mjs"));
  for (const folder of ["bootstrap", "lock", "programs"]) {
    await cp(join(scripts, folder), join(root, "scripts", folder), { recursive: true });
  }
  await writeFile(join(root, "package-lock.json"), "{}");
  await writeEntry("check", "console.log('went on with', process.argv.slice(2).join(' '))");
  await writeNpm("mkdir -p node_modules && sleep 0.3 && touch node_modules/.package-lock.json");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const writeEntry = (name: string, code: string) => writeFile(join(root, "scripts", `${name}.ts`), code);

async function writeNpm(body: string): Promise<void> {
  await mkdir(join(root, "bin"), { recursive: true });
  await writeFile(join(root, "bin", "npm"), `#!/bin/sh\necho called >> "${root}/npm-calls"\n${body}\n`);
  await chmod(join(root, "bin", "npm"), 0o755);
}

interface Run {
  readonly code: number | null;
  readonly output: string;
}

function bootstrap(args: readonly string[], during?: (output: string, pid: number) => void): Promise<Run> {
  const env = { ...process.env, PATH: `${join(root, "bin")}${delimiter}${process.env["PATH"] ?? ""}` };
  const child = spawn(process.execPath, [join(root, "scripts", "bootstrap.mjs"), ...args], { env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      during?.(output, child.pid ?? 0);
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

const npmCalls = async () =>
  (await readFile(join(root, "npm-calls"), "utf8").catch(() => "")).split("\n").length - 1;

describe("the bootstrap", () => {
  test("installs once, says so, and goes on with the arguments", async () => {
    const first = await bootstrap(["check", "a", "b c"]);
    expect(first).toMatchObject({ code: 0, output: expect.stringContaining("went on with a b c") });
    expect(first.output).toContain("Dependencies installed in");
    const second = await bootstrap(["check"]);
    expect(second.output).toBe("went on with \n");
    expect(await npmCalls()).toBe(1);
  });

  test("installs again where the lockfile is newer", async () => {
    await bootstrap(["check"]);
    await writeFile(join(root, "package-lock.json"), "{} ");
    await bootstrap(["check"]);
    expect(await npmCalls()).toBe(2);
  });

  test("of two that start at once, one installs and the other waits for it", async () => {
    const runs = await Promise.all([bootstrap(["check"]), bootstrap(["check"])]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(await npmCalls()).toBe(1);
  });

  test.each([
    ["npm error code ENOSPC", "The disk is full"],
    ["npm error code EACCES", "no rights to write"],
    ["npm error code ENOTFOUND", "registry cannot be reached"],
    ["npm error something else", "npm ci failed"],
  ])("tells %j as one message that says what to do, and ends with 1", async (words, advice) => {
    await writeNpm(`echo "${words}" >&2; exit 1`);
    const { code, output } = await bootstrap(["check"]);
    expect(code).toBe(1);
    expect(output).toContain(words);
    expect(output.trimEnd().split("\n").at(-1)).toContain(advice);
  });

  test("ends npm test with the totals as the last line, also where nothing could be installed", async () => {
    await writeNpm("exit 1");
    const { code, output } = await bootstrap(["test"]);
    expect(code).toBe(1);
    expect(output.trimEnd().split("\n").at(-1)).toBe("0 passed, 1 failed");
  });

  test("passes the exit code on", async () => {
    await writeEntry("check", "process.exit(42)");
    expect(await bootstrap(["check"])).toMatchObject({ code: 42 });
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "forwards %s, and waits for the end of what it started",
    async (signal) => {
      await writeEntry(
        "check",
        `process.once("${signal}", () => setTimeout(() => { console.log("tidied up"); process.exit(7); }, 100)); console.log("up"); setInterval(() => {}, 1000);`,
      );
      let sent = false;
      const run = await bootstrap(["check"], (output, pid) => {
        if (!sent && output.includes("up\n")) sent = process.kill(pid, signal);
      });
      expect(run.code).toBe(7);
      expect(run.output).toContain("tidied up");
    },
  );

  test("lets what it started know when it is killed itself", async () => {
    const note = join(root, "note");
    await writeEntry(
      "check",
      `import { writeFileSync } from "node:fs"; process.once("disconnect", () => { writeFileSync(${JSON.stringify(note)}, "alone"); process.exit(0); }); console.log("up"); setInterval(() => {}, 1000);`,
    );
    let killed = false;
    await bootstrap(["check"], (output, pid) => {
      if (!killed && output.includes("up\n")) killed = process.kill(pid, "SIGKILL");
    });
    await expect.poll(() => readFile(note, "utf8").catch(() => ""), { timeout: 10_000 }).toBe("alone");
  });
});
