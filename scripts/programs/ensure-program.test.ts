import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findFreePort } from "../host/free-port.ts";
import { ensureProgram, programOrSource } from "./ensure-program.mjs";

const run = promisify(execFile);
const program = { name: "greeter", entry: "src/main.ts" };
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "longshore-programs-"));
  await mkdir(join(root, "src"));
  await writeSource("main.ts", 'import { word } from "./word.ts"; console.log(word);');
  await writeSource("word.ts", 'export const word: string = "hello";');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** As it was written a while ago: what changes while it is bundled is bundled again. */
async function writeSource(name: string, code: string, secondsAgo = 60): Promise<void> {
  const path = join(root, "src", name);
  await writeFile(path, code);
  const then = Date.now() / 1_000 - secondsAgo;
  await utimes(path, then, then);
}

const output = async (...flags: string[]) =>
  run(process.execPath, [...flags, await ensureProgram(root, program)]).then(
    ({ stdout, stderr }) => stdout + stderr,
    ({ stderr }: { stderr: string }) => stderr,
  );

describe("a program in one file", () => {
  test("does what its sources say, also after one of them has changed", async () => {
    expect(await output()).toBe("hello\n");
    await writeSource("word.ts", 'export const word: string = "good evening";');
    expect(await output()).toBe("good evening\n");
    await writeSource("more.ts", 'export const more = "and good night";');
    await writeSource("word.ts", 'export { more as word } from "./more.ts";');
    expect(await output()).toBe("and good night\n");
    await writeSource("more.ts", 'export const more = "and now good night";');
    expect(await output()).toBe("and now good night\n");
  });

  test("is made once for the same sources", async () => {
    const first = await stat(await ensureProgram(root, program));
    const second = await stat(await ensureProgram(root, program));
    expect(second.ino).toBe(first.ino);
  });

  test("is made again where its file is gone or cut off, or what is known of it cannot be read", async () => {
    const file = await ensureProgram(root, program);
    await rm(file);
    expect(await output()).toBe("hello\n");
    await writeFile(file, "");
    expect(await output()).toBe("hello\n");
    await writeFile(`${file}.inputs.json`, "{ half a");
    expect(await output()).toBe("hello\n");
  });

  test("is made by several at once without one reading half of it", async () => {
    const outputs = await Promise.all(Array.from({ length: 4 }, () => output()));
    expect(outputs).toEqual(Array.from({ length: 4 }, () => "hello\n"));
  });

  test("finds the files that lie beside its sources", async () => {
    await writeFile(join(root, "src", "word.txt"), "from a file");
    await writeSource(
      "word.ts",
      'import { readFileSync } from "node:fs"; export const word = readFileSync(new URL("word.txt", import.meta.url), "utf8") + import.meta.dirname;',
    );
    expect(await output()).toBe(`from a file${join(root, "src")}\n`);
  });

  test("names in a trace the file and the line as they are written", async () => {
    await writeSource("word.ts", 'export const word: string = "";\nthrow new Error("no word");');
    expect(await output("--enable-source-maps")).toMatch(/src\/word\.ts:2:\d+/);
  });

  test("is its source where it cannot be made, and why is said", async () => {
    const said: string[] = [];
    await writeFile(join(root, ".longshore"), "a file where a folder should be");
    expect(await programOrSource(root, program, (line) => said.push(line))).toBe(join(root, "src/main.ts"));
    expect(said.join()).toMatch(/greeter starts from its sources.*EEXIST|ENOTDIR/);
    await rm(join(root, ".longshore"));
    await writeSource("word.ts", 'import "./nowhere.ts"; export const word = "";');
    expect(await programOrSource(root, program, (line) => said.push(line))).toBe(join(root, "src/main.ts"));
    expect(said.join()).toContain("nowhere.ts");
    expect(await readFile(join(root, "src/main.ts"), "utf8")).toContain("word");
  });

  test("loads what an engine behind ssh needs when it is asked for one, and not before", async () => {
    await symlink(resolve("node_modules"), join(root, "node_modules"));
    const closed = await findFreePort();
    await writeSource(
      "main.ts",
      `import { createRequire } from "node:module";
       import Dockerode from "dockerode";
       const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes("/ssh2/"));
       console.log(new Dockerode().modem.protocol, loaded());
       const far = new Dockerode({ protocol: "ssh", host: "127.0.0.1", port: ${String(closed)}, username: "nobody" });
       await far.ping().catch((error: Error) => console.log(error.message, loaded()));`,
    );
    expect(await output("--no-deprecation")).toBe(
      `http false\nconnect ECONNREFUSED 127.0.0.1:${String(closed)} true\n`,
    );
  });
});
