import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { BlobStore } from "@longshore/shared/blob/blob-store";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { newArchiveKey } from "@longshore/shared/db/archive-key";
import { deleteJob } from "@longshore/shared/db/delete-job";
import { readEvents } from "@longshore/shared/db/read-events";
import { readInstallationId } from "@longshore/shared/db/read-installation-id";
import { readJob } from "@longshore/shared/db/read-job";
import { newJobId } from "@longshore/shared/domain/job-id";
import { createLogger } from "@longshore/shared/runtime/logger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EndedJob, storeEndedJob } from "../../../../tests/support/ended-jobs.ts";
import { createLaterDatabases, type LaterDatabases } from "../../../../tests/support/later-databases.ts";
import { endStoredJob, someArchive, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { retentionSweeps } from "./retention-sweeps.ts";

let database: TestDatabase;
let folder: string;
let later: LaterDatabases;
let logged: string[];
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "longshore-expiry-"));
  later = createLaterDatabases(database);
  logged = [];
});
afterEach(async () => {
  await later.close();
  await database.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The sweeps of one worker on the same database and folder, at another time. */
function sweepsAt(
  clockShift: string,
  settings = { retentionMb: 0, rowRetentionDays: 90, auditRetentionDays: 90 },
  blobStore: BlobStore = createFileBlobStore({ folder }),
) {
  const lines = new Writable({
    write: (line: Buffer, _, done) => {
      logged.push(line.toString());
      done();
    },
  });
  return retentionSweeps({
    ...{ sql: later.after(clockShift).sql, blobStore, settings },
    logger: createLogger("test", "info", lines),
  });
}

/** One round of each sweep, in their order. */
async function sweepAt(...options: Parameters<typeof sweepsAt>): Promise<void> {
  for (const sweep of sweepsAt(...options)) await sweep.run(new AbortController().signal);
}

/** A Job that ended with an archive of this name in the folder. */
async function endedJob(name: string, bytes = 5, job: EndedJob = {}): Promise<string> {
  await writeFile(join(folder, name), Buffer.alloc(bytes));
  return storeEndedJob(database.sql, { ...job, archive: { key: name, bytes } });
}

async function makeOld(name: string, hours: number): Promise<void> {
  const then = Date.now() / 1_000 - hours * 3_600;
  await utimes(join(folder, name), then, then);
}

const stored = async () => (await readdir(folder)).toSorted();
const eventsOf = (id: string) => readEvents(database.orm, id, { after: 0, limit: 10 });
const removals = async () => (await database.sql`SELECT FROM removals`).length;

test("within its retention a job keeps its archive and its events", async () => {
  const id = await endedJob("one.zip");
  await makeOld("one.zip", 150);
  await sweepAt("6 days 23 hours");
  expect(await stored()).toEqual(["one.zip"]);
  expect((await eventsOf(id)).length).toBeGreaterThan(2);
});

test("after it archive and events are gone, the job says when, and no other job is touched", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 260; n += 1)
    ids.push(await endedJob(`job-${String(n)}.zip`, 5, { endedAgo: "2 hours" }));
  const bare = await storeEndedJob(database.sql, { endedAgo: "2 hours" });
  const young = await endedJob("young.zip");
  await sweepAt("6 days 23 hours");
  expect(await stored()).toEqual(["young.zip"]);
  for (const id of [ids[0] ?? "", ids[259] ?? "", bare]) {
    expect(await readJob(database.orm, id)).toMatchObject({ state: { expiredAt: expect.any(Date) as Date } });
    expect(await eventsOf(id)).toEqual([]);
  }
  expect(await eventsOf(young)).toHaveLength(5);
  expect(await removals()).toBe(0);
});

test("a job whose archive is gone already expires all the same", async () => {
  const id = await endedJob("lost.zip");
  await rm(join(folder, "lost.zip"));
  await sweepAt("8 days");
  expect(await readJob(database.orm, id)).toMatchObject({ state: { expiredAt: expect.any(Date) as Date } });
  expect(await removals()).toBe(0);
});

test("above the total size the archives of those that ended first go, whatever their age", async () => {
  for (let hours = 4; hours >= 1; hours -= 1)
    await endedJob(`h-${String(hours)}.zip`, 600_000, { endedAgo: `${String(hours)} hours` });
  await sweepAt("0 seconds", { retentionMb: 2, rowRetentionDays: 90, auditRetentionDays: 90 });
  expect(await stored()).toEqual(["h-1.zip", "h-2.zip", "h-3.zip"]);
  await sweepAt("0 seconds", { retentionMb: 1, rowRetentionDays: 90, auditRetentionDays: 90 });
  expect(await stored()).toEqual(["h-1.zip"]);
});

test("long after its expiry the row goes too", async () => {
  const id = await endedJob("old.zip");
  await sweepAt("8 days", { retentionMb: 0, rowRetentionDays: 2, auditRetentionDays: 90 });
  expect(await readJob(database.orm, id)).not.toBeNull();
  await sweepAt("11 days", { retentionMb: 0, rowRetentionDays: 2, auditRetentionDays: 90 });
  expect(await readJob(database.orm, id)).toBeNull();
});

test("an archive that cannot be removed is tried again in each round, and told once", async () => {
  const files = createFileBlobStore({ folder });
  let broken = true;
  const failure = { code: "not_permitted", message: "archives may not be written here" } as const;
  const [, finish] = sweepsAt("0 seconds", undefined, {
    ...files,
    remove: (key) => (broken ? Promise.resolve({ ok: false, failure }) : files.remove(key)),
  });
  const round = () => finish?.run(new AbortController().signal);
  for (const name of ["a.zip", "b.zip"]) await deleteJob(database.sql, await endedJob(name));
  await round();
  await round();
  expect(await stored()).toEqual(["a.zip", "b.zip"]);
  expect(await removals()).toBe(2);
  expect(logged.filter((line) => line.includes("cannot be removed"))).toHaveLength(1);
  broken = false;
  await round();
  expect(await stored()).toEqual([]);
  expect(await removals()).toBe(0);
  expect(logged.filter((line) => line.includes("can be removed again"))).toHaveLength(1);
});

test("a removal that is cut off anywhere is finished by the next round, of any worker", async () => {
  const ids = [];
  for (const name of ["a.zip", "b.zip", "c.zip"]) ids.push(await endedJob(name, 5, { lines: 15_000 }));
  for (const id of ids) await deleteJob(database.sql, id);
  const left = async () => (await database.sql`SELECT FROM job_events`).length;
  for (let rounds = 0; (await removals()) > 0; rounds += 1) {
    expect(rounds).toBeLessThan(20);
    const before = await left();
    let asked = 0;
    // safety: nothing but `aborted` is read of it.
    const cutOff = {
      get aborted() {
        return (asked += 1) > 2;
      },
    } as AbortSignal;
    const [, finish] = sweepsAt("0 seconds");
    await finish?.run(cutOff);
    if (before > 0) expect(await left()).toBeLessThan(before);
  }
  expect(await left()).toBe(0);
  expect(await stored()).toEqual([]);
});

test("workers beside each other leave nothing, and take nothing that is to stay", async () => {
  for (let n = 0; n < 30; n += 1) await endedJob(`old-${String(n)}.zip`, 5, { endedAgo: "8 days" });
  const kept = await endedJob("kept.zip");
  await Promise.all(Array.from({ length: 4 }, () => sweepAt("0 seconds")));
  await sweepAt("0 seconds");
  expect(await stored()).toEqual(["kept.zip"]);
  expect(await eventsOf(kept)).toHaveLength(5);
  expect(await removals()).toBe(0);
});

test("an archive that is of no attempt, and that no job names, goes once it is older than any that is being written", async () => {
  await endedJob("named.zip");
  for (const name of ["left.zip", "fresh.zip"]) await writeFile(join(folder, name), "a zip");
  await writeFile(join(folder, ".left.zip.0198c0de-0000-7000-8000-000000000000.part"), "half a zip");
  await writeFile(join(folder, "not ours.txt"), "a note");
  for (const name of await stored()) if (name !== "fresh.zip") await makeOld(name, 7);
  await sweepAt("0 seconds");
  expect(await stored()).toEqual(["fresh.zip", "named.zip", "not ours.txt"]);
});

test("what a killed worker has left of an archive goes as soon as its attempt does not run any more", async () => {
  const fence = await storeRunningJob(database.sql);
  const { jobId } = fence;
  const unknown = "0198c0de-0000-7000-8000-000000000000";
  const part = (key: string) => `.${key}.zip.0198c0de-0000-7000-8000-000000000001.part`;
  const ours = newArchiveKey(await readInstallationId(database.sql), { jobId: unknown, attempt: 1 });
  const keys = [`${jobId}-a1-00000001`, `${jobId}-a2-00000002`, ours.replace(".zip", "")];
  for (const key of keys) {
    await writeFile(join(folder, `${key}.zip`), "a zip");
    await writeFile(join(folder, part(key)), "half a zip");
  }
  const sweeps = sweepsAt("0 seconds");
  const round = async () => {
    for (const sweep of sweeps) await sweep.run(new AbortController().signal);
  };
  await round();
  // Of the attempt that runs: its worker is at it.
  expect(await stored()).toEqual([part(`${jobId}-a1-00000001`), `${jobId}-a1-00000001.zip`]);
  const own = `${jobId}-a1-00000004.zip`;
  await writeFile(join(folder, own), "a zip");
  await endStoredJob(database.sql, fence, "succeeded", { ...someArchive, key: own });
  await round();
  await round();
  expect(await stored()).toEqual([own]);
});

test("what another installation keeps in the same folder is left to that one, however old it is", async () => {
  const other = newArchiveKey("0badcafe-0000-7000-8000-000000000000", { jobId: newJobId(), attempt: 1 });
  const ofBefore = `${newJobId()}-a1-00000001.zip`;
  const half = `.${other}.0198c0de-0000-7000-8000-000000000001.part`;
  for (const name of [other, ofBefore, half]) await writeFile(join(folder, name), "a zip");
  for (const name of [other, ofBefore]) await makeOld(name, 7 * 24);
  await sweepAt("0 seconds");
  expect(await stored()).toEqual([other, ofBefore, half].toSorted());
});
