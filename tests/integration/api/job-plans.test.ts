// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import type { NewEvent } from "@longshore/shared/contracts/event";
import { planPage } from "@longshore/shared/contracts/job-plans";
import { freshPlanView, type PlanView } from "@longshore/shared/contracts/plan";
import type { Step } from "@longshore/shared/contracts/step";
import { appendEvents } from "@longshore/shared/db/append-events";
import { expireJobs } from "@longshore/shared/db/expire-jobs";
import type { Fence } from "@longshore/shared/db/fence";
import { closeRemovals, removeSomeEvents } from "@longshore/shared/db/removals";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBodyRoom } from "../../../apps/api/src/middleware/body-room.ts";
import { createHistoryRecorder } from "../../../apps/worker/src/pipeline/history-recorder.ts";
import { createSecretMask } from "@longshore/shared/domain/secret-mask";
import { noUsage } from "@longshore/shared/contracts/usage";
import { answerJson } from "../../support/answer-json.ts";
import { createLaterDatabases } from "../../support/later-databases.ts";
import { endStoredJob, logLines, storeJob, storeRunningJob } from "../../support/stored-job.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.remove());

const shell = (command: string): Step => ({ kind: "shell", command, continue_on_error: false });
const plan = (source: PlanView["source"], steps: readonly Step[]): NewEvent => ({
  ...{ type: "plan", body: freshPlanView(source, source === "model" ? 1 : 0, steps) },
  steps: source === "explicit" ? null : steps,
});
const append = (fence: Fence, base: number, ...events: readonly NewEvent[]) =>
  appendEvents(api.database.sql, fence, base, events, {});
const ask = async (id: string, query = "", at = api) => at.app.request(`/jobs/${id}/plans${query}`);
const plansOf = async (id: string, query = "") => planPage.parse(await (await ask(id, query)).json());

describe("the plans of a job", () => {
  test("are told while it runs and when it has ended, each with what its steps run, by its event", async () => {
    const fence = await storeRunningJob(api.database.sql);
    expect(await plansOf(fence.jobId)).toEqual({ job_id: fence.jobId, plans: [], next_after: null });
    const first = [shell("exit 3"), { ...shell("echo never"), name: "never", timeout_seconds: 5 }];
    const repair = [shell("echo mended")];
    // Both in one batch, as after an outage of the database.
    await append(
      fence,
      2,
      plan("model", first),
      ...logLines("a", "b"),
      plan("model", repair),
      ...logLines("c"),
    );
    const told = await plansOf(fence.jobId);
    expect(told.plans).toMatchObject([
      { seq: 3, attempt: 1, source: "model", turns: 1, steps: first },
      { seq: 6, attempt: 1, source: "model", turns: 1, steps: repair },
    ]);
    await endStoredJob(api.database.sql, fence, "succeeded");
    expect(await plansOf(fence.jobId)).toEqual(told);
  });

  test("that its caller gave are told from the job itself, contents as text where they are text", async () => {
    const fence = await storeRunningJob(api.database.sql);
    const steps: Step[] = [
      shell("true"),
      { kind: "write_file", path: "a", content: "Z3LDvG4=", encoding: "base64", continue_on_error: false },
    ];
    await appendEvents(api.database.sql, fence, 2, [plan("explicit", steps)], { planSteps: steps });
    expect((await plansOf(fence.jobId)).plans).toMatchObject([
      { source: "explicit", turns: 0, steps: [steps[0], { content: "grün", encoding: "utf8" }] },
    ]);
    const [row] = await api.database.sql`SELECT steps FROM job_plans WHERE job_id = ${fence.jobId}`;
    expect(row).toEqual({ steps: null });
  });

  test("that its caller gave with secrets are told to nobody, whoever has left them in clear", async () => {
    const canary = "canary-7be20c11d4";
    const steps = [shell(`echo ${canary}`)];
    for (const planSteps of [steps, "sealed"]) {
      const fence = await storeRunningJob(api.database.sql);
      await appendEvents(api.database.sql, fence, 2, [plan("explicit", steps)], { planSteps });
      await api.database.sql`UPDATE jobs SET secrets = 'x', secrets_key_id = 'k' WHERE id = ${fence.jobId}`;
      expect((await plansOf(fence.jobId)).plans).toMatchObject([{ seq: 3, steps: null }]);
      await endStoredJob(api.database.sql, fence, "failed", null);
      expect((await plansOf(fence.jobId)).plans).toMatchObject([{ seq: 3, steps: null }]);
    }
  });

  test("of a model are masked as the log is, before they are stored", async () => {
    const canary = "canary-7be20c11d4";
    const events: NewEvent[] = [];
    const writer = { add: (event: NewEvent) => void events.push(event), progress: () => undefined };
    const before = { attempt: 1, usage: noUsage, sandbox: null, node: null };
    const mask = createSecretMask([canary]);
    const recorder = createHistoryRecorder(writer, before, { mask, sealSteps: () => "sealed" });
    const steps = [shell(`echo ${canary}`)];
    const view = freshPlanView("model", 1, steps);
    recorder.plan({ view, promptVersion: "v1" }, steps);
    recorder.plan({ view: { ...view, source: "explicit" }, promptVersion: null }, steps);
    expect(events).toMatchObject([{ type: "plan", steps: [shell("echo ***")] }, { steps: null }]);
    expect(JSON.stringify(events)).not.toContain(canary);
  });

  test("come in pages: of so many, of so many bytes, and of one at least", async () => {
    const fence = await storeRunningJob(api.database.sql);
    const long = shell("x".repeat(1_000_000));
    const plans = [3, 3, 1, 5].map((times) => plan("model", Array<Step>(times).fill(long)));
    await append(fence, 2, ...plans, plan("model", [shell("last")]));
    const pages: (readonly number[])[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: Awaited<ReturnType<typeof plansOf>> = await plansOf(fence.jobId, `?after=${String(after)}`);
      pages.push(page.plans.map(({ seq }) => seq));
      after = page.next_after;
    }
    expect(pages).toEqual([[3], [4, 5], [6], [7]]);
    const one = await plansOf(fence.jobId, "?limit=1&after=6");
    expect([one.plans.map(({ seq }) => seq), one.next_after]).toEqual([[7], null]);
  });

  test("take room among the bodies of requests while they are read, and are refused where there is none", async () => {
    const fence = await storeRunningJob(api.database.sql);
    await append(fence, 2, plan("model", [shell("x".repeat(1_000))]));
    for (const [bounds, status, code] of [
      [{ perCaller: 100, overall: 1_000_000 }, 429, "too_much_at_once"],
      [{ perCaller: 1_000_000, overall: 100 }, 503, "bodies_full"],
    ] as const) {
      const full = await createTestApi({ bodyRoom: createBodyRoom(bounds), database: api.database });
      const refused = await ask(fence.jobId, "", full);
      expect([refused.status, await answerJson(refused)]).toMatchObject([status, { code }]);
    }
    for (let time = 0; time < 3; time += 1) expect((await ask(fence.jobId)).status).toBe(200);
  });

  test("count as part of what the job keeps, and go with it", async () => {
    const fence = await storeRunningJob(api.database.sql);
    await append(fence, 2, plan("model", [shell("x".repeat(100_000))]));
    await endStoredJob(api.database.sql, fence, "failed", null);
    const rows = async () => api.database.sql`SELECT FROM job_plans WHERE job_id = ${fence.jobId}`;
    const [row] = await api.database.sql`SELECT kept_bytes FROM jobs WHERE id = ${fence.jobId}`;
    expect(row?.["keptBytes"]).toBeGreaterThan(100_000);
    expect(await rows()).toHaveLength(1);
    const later = createLaterDatabases(api.database);
    expect(await expireJobs(later.after("8 days").sql, 1_000)).toBeGreaterThan(0);
    await later.close();
    expect(await answerJson(ask(fence.jobId))).toMatchObject({ status: 410, code: "expired" });
    while (await removeSomeEvents(api.database.sql)) continue;
    await closeRemovals(api.database.sql, 1_000);
    expect(await rows()).toHaveLength(0);
  });
});

test("a job that has not begun has no plans; one that is not there is 404, what is no id 400, no number 422", async () => {
  const id = await storeJob(api.database.sql);
  expect((await plansOf(id)).plans).toEqual([]);
  expect((await ask("0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87")).status).toBe(404);
  expect((await ask("nonsense")).status).toBe(400);
  for (const query of ["?after=-1", "?limit=0", "?limit=101", "?before=1"])
    expect((await ask(id, query)).status).toBe(422);
});
