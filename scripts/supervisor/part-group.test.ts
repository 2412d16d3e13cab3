import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { groupParts, type PartGroup } from "./part-group.ts";
import { type Part, supervisePart } from "./supervise-part.ts";

const soon = { timeout: 15_000, interval: 50 };

let folder: string;
let parts: Part[];
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-parts-"));
  parts = [];
  said = [];
});
afterEach(async () => {
  await Promise.all(parts.map((part) => part.stop(1_000)));
  await rm(folder, { recursive: true, force: true });
});

/** A part that notes each SIGTERM, and ends at the `last` one. */
async function add(name: string, last: number): Promise<void> {
  const entry = join(folder, `${name}.ts`);
  await writeFile(
    entry,
    `import { appendFileSync } from "node:fs";
     const note = (word: string) => appendFileSync(${JSON.stringify(join(folder, "notes"))}, "${name} " + word + "\\n");
     let asked = 0;
     process.on("SIGTERM", () => { asked += 1; note("asked"); if (asked === ${String(last)}) process.exit(0); });
     note("up");
     setInterval(() => {}, 1000);`,
  );
  const say = (line: string) => said.push(line);
  parts.push(supervisePart({ name, entry, env: process.env, say, onMisconfigured: () => undefined }));
  await expect.poll(notes, soon).toContain(`${name} up`);
}

const notes = async () => (await readFile(join(folder, "notes"), "utf8").catch(() => "")).split("\n");
const group = (drain: boolean): PartGroup => groupParts(parts, { drain, limitMs: 500 });

test("parts that drain are stopped last first, without a limit, and asked again they hand over", async () => {
  await add("api", 1);
  await add("worker", 2);
  const draining = group(true);
  const stopped = draining.stop();
  await expect.poll(notes, soon).toContain("worker asked");
  expect(await notes()).not.toContain("api asked");
  expect(draining.force()).toBe("go_on");
  await stopped;
  const asked = (await notes()).filter((note) => note.endsWith("asked"));
  expect(asked).toEqual(["worker asked", "worker asked", "api asked"]);
  expect(said).toEqual([]);
});

test("a drain that does not hand over within the limit either is killed", async () => {
  await add("worker", 99);
  const draining = group(true);
  const stopped = draining.stop();
  await expect.poll(notes, soon).toContain("worker asked");
  expect(draining.force()).toBe("go_on");
  await stopped;
});

test("who asks the others again has them killed at once", async () => {
  await add("worker", 99);
  expect(group(false).force()).toBe("leave");
  await expect.poll(() => said.join(), soon).toContain("worker ended (SIGKILL)");
});
