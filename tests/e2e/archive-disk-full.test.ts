import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  mountSmallFileSystem,
  type SmallFileSystem,
  whyNoSmallFileSystem,
} from "../support/small-file-system.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { storeJob } from "../support/stored-job.ts";

let stack: Stack | undefined;
let disk: SmallFileSystem | null = null;
afterEach(async () => {
  await stack?.stop();
  disk?.remove();
  [stack, disk] = [undefined, null];
});

const start = async (folder: string, minFreeMb: number): Promise<Stack> => {
  const env = { AGENT_OUTPUT_DIR: folder, MIN_FREE_DISK_MB: String(minFreeMb) };
  stack = await startStack({ backend: "postgres", env });
  return stack;
};
const fill = (folder: string, bytes: number) => writeFileSync(join(folder, "filler"), Buffer.alloc(bytes));
const makes = (size: string) => [{ kind: "shell", command: `head -c ${size} /dev/urandom > big` }];

describe("matrix row 14: the disk is full where archives are written", () => {
  test("a job whose archive has no room has failed with the reason, and leaves no part of it", async ({
    skip,
  }) => {
    disk = mountSmallFileSystem(8);
    if (disk === null) return skip(whyNoSmallFileSystem);
    const { client } = await start(disk.folder, 0);
    const id = await client.schedule({ steps: makes("20M"), max_attempts: 1 });
    const job = await client.ended(id, 60_000);
    expect(job).toMatchObject({ status: "failed", failure: { code: "internal", retryable: true } });
    expect(job.failure?.message).toContain("no room left");
    expect(job).toMatchObject({ output: null, download_link: null });
    expect(readdirSync(disk.folder)).toEqual([]);
  }, 90_000);

  test("it is tried again while it may be, and succeeds once there is room", async ({ skip }) => {
    disk = mountSmallFileSystem(8);
    if (disk === null) return skip(whyNoSmallFileSystem);
    const { client, containers } = await start(disk.folder, 0);
    fill(disk.folder, 7_000_000);
    const id = await client.schedule({ steps: makes("3M"), max_attempts: 4 });
    for await (const { event, data } of client.events(id))
      if (event === "state" && data["status"] === "queued" && data["attempt"] === 2) break;
    expect(readdirSync(disk.folder)).toEqual(["filler"]);
    rmSync(join(disk.folder, "filler"));
    const job = await client.ended(id, 90_000);
    expect(job.status).toBe("succeeded");
    expect(job.attempt).toBeGreaterThan(1);
    const { zip } = await client.download(id);
    expect(zip.json("manifest.json")).toMatchObject({ not_taken: [] });
    expect(readdirSync(disk.folder)).toHaveLength(1);
    // It goes after the end is told (decisions/008).
    await expect.poll(containers, { timeout: 15_000 }).toEqual([]);
  }, 120_000);
});

test("while the disk is nearly full a worker takes no jobs, and goes on by itself when there is room", async ({
  skip,
}) => {
  disk = mountSmallFileSystem(16);
  if (disk === null) return skip(whyNoSmallFileSystem);
  const { client, database, worker, api } = await start(disk.folder, 8);
  fill(disk.folder, 12_000_000);
  const nearlyFull = (line: Readonly<Record<string, unknown>>) => String(line["msg"]).includes("nearly full");
  await worker().logged(nearlyFull);
  // As one that was accepted before: a sweep offers it to the queue.
  const id = await storeJob(database.sql, { steps: [{ kind: "shell", command: "echo hi" }] });
  const reportedAfterOffer = async () => {
    const [row] = await database.sql<{ reported: boolean }[]>`
      SELECT (SELECT max(seen_at) FROM workers) > dispatched_at + interval '3 seconds' AS reported
        FROM jobs WHERE id = ${id}`;
    return row?.reported;
  };
  await expect.poll(reportedAfterOffer, { timeout: 30_000, interval: 200 }).toBe(true);
  expect(await client.status(id)).toMatchObject({ status: "queued", attempt: 1 });
  await expect(client.schedule({ prompt: "x" })).rejects.toThrow("storage_full");
  rmSync(join(disk.folder, "filler"));
  expect(await client.ended(id, 30_000)).toMatchObject({ status: "succeeded", attempt: 1 });
  for (const part of [worker(), api()]) {
    expect(part.log.filter(nearlyFull)).toHaveLength(1);
    expect(part.log.filter(({ msg }) => String(msg).includes("room for archives again")).length).toBeLessThan(
      2,
    );
  }
}, 90_000);
