import { randomUUID } from "node:crypto";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deleteJob } from "@longshore/shared/db/delete-job";
import { requestCancel } from "@longshore/shared/db/request-cancel";
import { localTenant } from "@longshore/shared/domain/access";
import { newJobId } from "@longshore/shared/domain/job-id";
import { describe, test } from "vitest";
import { storeManyEndedJobs } from "../support/ended-jobs.ts";
import { createDoctorBench, type DoctorBench } from "../support/doctor-bench.ts";
import { endStoredJob, storeJob, storeRunningJob } from "../support/stored-job.ts";

/** A Job that is due for an hour, and was given to the queue a while ago. */
async function storeDispatched({ sql }: DoctorBench): Promise<string> {
  const id = await storeJob(sql);
  await sql`UPDATE jobs SET run_after = run_after - interval '1 hour',
              dispatched_at = longshore_now() - interval '5 minutes' WHERE id = ${id}`;
  return id;
}

/** A running Job whose Lease outlives the test. */
async function storeLongRunning({ sql }: DoctorBench) {
  const fence = await storeRunningJob(sql);
  await sql`UPDATE jobs SET lease_until = longshore_now() + interval '1 hour' WHERE id = ${fence.jobId}`;
  return fence;
}

// Side by side: each waits for the doctor's second look most of its time.
describe.concurrent("npm run doctor", () => {
  test("calls an empty service healthy", async ({ expect }) => {
    await using bench = await createDoctorBench();
    expect(await bench.doctor()).toMatchObject({ code: 0, wrong: {}, report: { healthy: true } });
  }, 240_000);

  test.for(["redis", "postgres"] as const)(
    "names every kind of left-over, mends it with --fix, and leaves what is in use alone (queue on %s)",
    { timeout: 240_000 },
    async (backend, { expect }) => {
      await using bench = await createDoctorBench(backend);
      const { sql, folder } = bench;
      const running = await storeLongRunning(bench);
      const over = await storeRunningJob(sql);
      await endStoredJob(sql, over, "failed", null);
      await sql`UPDATE job_events SET time = time - interval '1 hour' WHERE job_id = ${over.jobId}`;
      const present = `longshore-${running.jobId}-a1-e1`;
      const orphans = [`longshore-${over.jobId}-a1`, `longshore-${newJobId()}-a2-e3`];
      for (const name of [present, ...orphans]) await bench.startContainer(name);

      const undelivered = await storeJob(sql);
      await sql`UPDATE jobs SET run_after = run_after - interval '2 minutes' WHERE id = ${undelivered}`;
      const lost = await storeDispatched(bench);
      await bench.offer(await storeDispatched(bench));
      const nobody = newJobId();
      await bench.offer(nobody);

      await bench.endWithArchive("whole.zip", 5);
      await writeFile(join(folder, "whole.zip"), "whole");
      const stray = `${over.jobId}-a1-0badcafe.zip`;
      await bench.leave(stray, "stray");
      const part = (jobId: string) => `.${jobId}-a1-0badcafe.zip.${randomUUID()}.part`;
      const abandoned = part(over.jobId);
      await bench.leave(abandoned, "half");
      const written = part(running.jobId);
      await writeFile(join(folder, written), "half");

      await sql`INSERT INTO job_events (job_id, seq, attempt, type, stream, text)
                SELECT ${nobody}::uuid, n, 1, 'log', 'stdout', 'x' FROM generate_series(1, 25000) AS n`;
      await sql`INSERT INTO idempotency_keys (caller, key, body_sha256, job_id)
                VALUES ('', 'k', 'x', ${nobody}::uuid)`;
      await bench.reportWorker(randomUUID(), "gone", 2 * 86_400);

      // A container that is a few seconds old is not called an orphan, nor missed once it is older.
      await expect
        .poll(async () => Object.keys((await bench.doctor()).wrong), { timeout: 60_000, interval: 1_000 })
        .toContain("containers");
      const found = await bench.doctor();
      expect(found.code, found.said).toBe(1);
      const names = (name: string) =>
        (found.wrong[name] ?? []).map((each) => each.replace(/(:| attempt| \().*/, "")).toSorted();
      expect(Object.fromEntries(Object.keys(found.wrong).map((name) => [name, names(name)]))).toEqual({
        containers: orphans.toSorted(),
        "waiting jobs": [lost, undelivered].toSorted(),
        messages: [`${nobody}-a1`],
        archives: [stray],
        "temporary files": [abandoned],
        events: [nobody],
        "idempotency keys": ["k"],
        workers: ["gone"],
      });

      const mended = await bench.doctor("--fix");
      expect(mended.code, mended.said).toBe(0);
      expect(mended.report?.mended).toContain(`removed 25,000 events of job ${nobody}`);
      expect(mended.report?.mended).toHaveLength(10);
      expect(await bench.containers()).toEqual([`/${present}`]);
      expect((await readdir(folder)).toSorted()).toEqual([written, "whole.zip"].toSorted());
      expect(await sql`SELECT FROM jobs WHERE status = 'queued' AND dispatched_at IS NULL`).toHaveLength(0);
      expect(await sql`SELECT FROM job_events WHERE job_id = ${nobody}`).toHaveLength(0);
      expect(await bench.doctor()).toMatchObject({ code: 0, wrong: {}, report: { mended: [] } });
    },
  );

  test("knows whose a warm container is: a live worker's is in use, that of one that is gone is an orphan", async ({
    expect,
  }) => {
    await using bench = await createDoctorBench();
    const [alive, gone] = [randomUUID(), randomUUID()];
    // Heard of until the test is over, however long that takes.
    await bench.reportWorker(alive, "alive", -3_600);
    const [kept, left] = [`longshore-warm-${randomUUID()}`, `longshore-warm-${randomUUID()}`];
    await bench.startContainer(kept, alive);
    await bench.startContainer(left, gone);
    await expect
      .poll(async () => (await bench.doctor()).wrong["containers"], { timeout: 90_000, interval: 2_000 })
      .toEqual([expect.stringMatching(new RegExp(`^${left}: of no live worker`, "u"))]);
    expect(await bench.doctor("--fix")).toMatchObject({ code: 0 });
    expect(await bench.containers()).toEqual([`/${kept}`]);
  }, 240_000);

  test("says of a lost archive that it is lost: --fix expires its job, and keeps what is left of it", async ({
    expect,
  }) => {
    await using bench = await createDoctorBench();
    const missing = await bench.endWithArchive("missing.zip", 7);
    const short = await bench.endWithArchive("short.zip", 7);
    const other = await bench.endWithArchive("other.zip", 7);
    await bench.leave("short.zip", "cut");
    await bench.leave("other.zip", "altered");
    const found = await bench.doctor();
    expect(found).toMatchObject({ code: 1, wrong: { downloads: [expect.any(String), expect.any(String)] } });
    expect(found.wrong["downloads"]?.join("\n")).not.toContain("other.zip");
    const mended = await bench.doctor("--fix", "--deep");
    expect(mended.code, mended.said).toBe(0);
    for (const id of [missing, short, other]) {
      expect(mended.said).toContain(`LOST: the archive of job ${id}`);
      expect(await bench.sql`SELECT FROM jobs WHERE id = ${id} AND expired_at IS NOT NULL`).toHaveLength(1);
    }
    expect((await readdir(bench.folder)).toSorted()).toEqual(["other.zip.damaged", "short.zip.damaged"]);
  }, 240_000);

  test("doubts the folder where not one archive is there, however many they should be, and expires no job", async ({
    expect,
  }) => {
    await using bench = await createDoctorBench();
    await bench.endWithArchive("only.zip", 7);
    const doubted = await bench.doctor("--fix");
    expect(doubted).toMatchObject({ code: 1, report: { mended: [] } });
    expect(doubted.wrong["downloads"]?.[0]).toContain("is AGENT_OUTPUT_DIR right?");
    // More than are listed and mended in one round.
    await storeManyEndedJobs(bench.sql, 1_200);
    expect(await bench.doctor("--fix")).toMatchObject({ code: 1, report: { mended: [] } });
    await rm(bench.folder, { recursive: true });
    const away = await bench.doctor("--fix");
    expect(away).toMatchObject({ code: 2, report: null });
    expect(away.said).toContain(`${bench.folder}, is not there`);
    expect(await bench.sql`SELECT FROM jobs WHERE expired_at IS NOT NULL`).toHaveLength(0);
  }, 240_000);

  test("leaves wrong what it cannot mend: histories, leases, jobs without a container", async ({
    expect,
  }) => {
    await using bench = await createDoctorBench();
    const { sql } = bench;
    const failed = async () => {
      const fence = await storeRunningJob(sql);
      await endStoredJob(sql, fence, "failed", null);
      return fence.jobId;
    };
    const [gap, untold, twice] = [await failed(), await failed(), await failed()];
    await sql`DELETE FROM job_events WHERE job_id = ${gap} AND seq = 2`;
    await sql`UPDATE job_events SET body = '{"status": "succeeded"}' WHERE job_id = ${untold} AND type = 'end'`;
    await sql`UPDATE job_events SET type = 'end' WHERE job_id = ${twice} AND seq = 1`;
    const expired = await storeRunningJob(sql);
    await sql`UPDATE jobs SET lease_until = longshore_now() - interval '1 minute' WHERE id = ${expired.jobId}`;
    const bare = await storeLongRunning(bench);
    await sql`UPDATE jobs SET attempt_started_at = longshore_now() - interval '2 minutes' WHERE id = ${bare.jobId}`;
    const doubled = await storeLongRunning(bench);
    for (const name of [`longshore-${doubled.jobId}-a1`, `longshore-${doubled.jobId}-a1-e1`])
      await bench.startContainer(name);

    const found = await bench.doctor("--fix");
    expect(found, found.said).toMatchObject({ code: 1, report: { mended: [] } });
    expect(Object.keys(found.wrong).toSorted()).toEqual(["histories", "leases", "running jobs"]);
    const histories = found.wrong["histories"]?.join("\n") ?? "";
    expect(histories).toContain(`${gap}: 1 of its 4 events are missing`);
    expect(histories).toContain(`${untold}: it is failed, and its last events do not say so`);
    expect(histories).toContain(`${twice}: it is failed, and its events tell of 2 ends`);
    expect(found.wrong["leases"]).toMatchObject([expect.stringContaining(expired.jobId)]);
    const runningJobs = found.wrong["running jobs"]?.join("\n") ?? "";
    expect(runningJobs).toContain(`${bare.jobId} attempt 1: has had no running container`);
    expect(runningJobs).toContain(`${doubled.jobId} attempt 1: 2 containers of it run at once`);

    for (const id of [gap, untold, twice]) await deleteJob(sql, id);
    for (const fence of [expired, bare]) await endStoredJob(sql, fence, "failed", null);
    const left = await bench.doctor();
    expect(Object.keys(left.wrong)).toEqual(["running jobs"]);
    await endStoredJob(sql, doubled, "failed", null);
    expect((await bench.doctor()).wrong["running jobs"]).toBeUndefined();
  }, 240_000);

  test("calls a removal that does not get on wrong while a worker lives that should do it", async ({
    expect,
  }) => {
    await using bench = await createDoctorBench();
    await bench.sql`INSERT INTO removals (job_id, events_left, asked_at)
                    VALUES (${newJobId()}::uuid, 10, longshore_now() - interval '1 hour')`;
    expect(await bench.doctor()).toMatchObject({ code: 0 });
    await bench.reportWorker(randomUUID(), "here", -120);
    expect(await bench.doctor()).toMatchObject({ code: 1, wrong: { removals: [expect.any(String)] } });
  }, 240_000);

  test("calls the message of a deleted job wrong only where a worker has room to throw it away, and says that it waits", async ({
    expect,
  }) => {
    await using bench = await createDoctorBench();
    const { sql } = bench;
    const id = await storeDispatched(bench);
    await bench.offer(id);
    await requestCancel(sql, id, 7);
    const by = { tenant: localTenant, keyId: null, requestId: "test" };
    expect(await deleteJob(sql, id, by)).toMatchObject({ ok: true });
    const waits = {
      code: 0,
      report: {
        lines: expect.arrayContaining([
          expect.objectContaining({ name: "messages", holds: expect.stringContaining("1 of deleted jobs") }),
        ]),
      },
    };
    expect(await bench.doctor()).toMatchObject(waits);
    // A worker has removed what was behind the job, and is gone.
    await sql`DELETE FROM job_events WHERE job_id = ${id}`;
    await sql`DELETE FROM removals WHERE job_id = ${id}`;
    expect(await bench.doctor()).toMatchObject(waits);
    await bench.reportWorker(randomUUID(), "here", -120);
    expect(await bench.doctor()).toMatchObject({
      ...{ code: 1, wrong: { messages: [expect.stringContaining(`${id}-a1: there is no such job`)] } },
    });
    expect(await bench.doctor("--fix")).toMatchObject({ code: 0 });
  }, 240_000);

  test("calls a message whose attempt is over wrong only where a worker has room to throw it away", async ({
    expect,
  }) => {
    await using bench = await createDoctorBench();
    const { sql } = bench;
    const fence = await storeRunningJob(sql);
    await endStoredJob(sql, fence, "failed", null);
    await sql`UPDATE job_events SET time = time - interval '1 hour' WHERE job_id = ${fence.jobId}`;
    await bench.offer(fence.jobId);
    expect(await bench.doctor()).toMatchObject({ code: 0 });
    await bench.reportWorker(randomUUID(), "here", -120);
    const found = await bench.doctor();
    expect(found).toMatchObject({ code: 1, wrong: { messages: [expect.stringContaining(fence.jobId)] } });
    expect(await bench.doctor("--fix")).toMatchObject({ code: 0 });
  }, 240_000);
});
