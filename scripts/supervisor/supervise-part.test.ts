import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { restartPause } from "./restart-pause.ts";
import { type Part, type PartOptions, supervisePart } from "./supervise-part.ts";

let folder: string;
let part: Part | undefined;
let lines: string[];
let misconfigured: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-part-"));
  lines = [];
  misconfigured = 0;
});
afterEach(async () => {
  await part?.stop(1_000);
  await rm(folder, { recursive: true, force: true });
});

/** Runs `code` as the part's program; `note(word)` in it appends a line to a file. */
async function supervise(code: string, more: Pick<PartOptions, "findEntry"> = {}): Promise<void> {
  const note = `import { appendFileSync } from "node:fs"; const note = (word) => appendFileSync(${JSON.stringify(join(folder, "notes"))}, word + "\\n");`;
  const entry = join(folder, "main.ts");
  await writeFile(entry, `${note}\n${code}`);
  part = supervisePart({
    name: "api",
    entry,
    env: process.env,
    say: (line) => lines.push(line),
    onMisconfigured: () => misconfigured++,
    ...more,
  });
}

const notes = () => readFile(join(folder, "notes"), "utf8").catch(() => "");
const soon = { timeout: 15_000, interval: 50 };

describe("a part of the service", () => {
  test("that died is started again, after a pause", async () => {
    await supervise(`note("up"); process.exit(1);`);
    await expect.poll(notes, soon).toBe("up\nup\n");
    expect(lines[0]).toBe("api ended (exit code 1); starting it again in 0.5 s.");
  });

  test("is started again from where its program is by then", async () => {
    const other = join(folder, "other.mjs");
    await writeFile(
      other,
      `import { appendFileSync } from "node:fs"; appendFileSync(${JSON.stringify(join(folder, "notes"))}, "other\\n"); setInterval(() => {}, 1000);`,
    );
    await supervise(`note("up"); process.exit(1);`, { findEntry: () => Promise.resolve(other) });
    await expect.poll(notes, soon).toBe("up\nother\n");
  });

  test("that ended for its configuration is not started again", async () => {
    await supervise(`note("up"); process.exit(78);`);
    await expect.poll(() => misconfigured, soon).toBe(1);
    expect(await notes()).toBe("up\n");
    expect(lines).toEqual([]);
  });

  test("is asked to stop by SIGTERM, and waited for", async () => {
    await supervise(
      `process.on("SIGTERM", () => setTimeout(() => { note("down"); process.exit(0); }, 100)); note("up"); setInterval(() => {}, 1000);`,
    );
    await expect.poll(notes, soon).toBe("up\n");
    await part?.stop(10_000);
    expect(await notes()).toBe("up\ndown\n");
    expect(lines).toEqual([]);
  });

  test("that does not stop is killed, with a word about it", async () => {
    await supervise(`process.on("SIGTERM", () => {}); note("up"); setInterval(() => {}, 1000);`);
    await expect.poll(notes, soon).toBe("up\n");
    await part?.stop(200);
    expect(lines).toEqual(["api did not stop within 0.2 s, and is killed."]);
  });
});

test("the pause before a restart doubles from half a second, up to thirty", () => {
  expect([1, 2, 3, 6, 7, 100].map(restartPause)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000]);
});
