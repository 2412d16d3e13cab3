// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { askedRequest } from "@longshore/shared/contracts/asked-request";
import { requestCancel } from "@longshore/shared/db/request-cancel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBodyRoom } from "../../../apps/api/src/middleware/body-room.ts";
import { answerJson, jobIdOf } from "../../support/answer-json.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.remove());

const post = async (body: unknown, at = api) =>
  jobIdOf(
    at.app.request("/schedule", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
const ask = async (id: string, at = api) => at.app.request(`/jobs/${id}/request`);
const asked = async (id: string) => askedRequest.parse(await (await ask(id)).json());
const storedOf = async (id: string) => {
  const [row] = await api.database
    .sql`SELECT request, prompt, metadata, max_attempts FROM jobs WHERE id = ${id}`;
  return row;
};
const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString("base64");

const noise = Uint8Array.from({ length: 300 }, (_, at) => at % 256);
const whole = {
  prompt: "  sort “these” 🚢  ",
  steps: [
    { kind: "shell", command: "sort a.txt", name: "sorting", timeout_seconds: 5 },
    { kind: "python", code: "print(1)", continue_on_error: true },
    { kind: "write_file", path: "b/c.txt", content: base64("grün\n"), encoding: "base64" },
  ],
  files: [
    { path: "a.txt", content: "b\na\n" },
    { path: "text.csv", content: base64("größe,1\n"), encoding: "base64" },
    { path: "noise.bin", content: base64(noise), encoding: "base64" },
    { path: "with-nul", content: "a\0b" },
  ],
  env: { LANG: "C", EMPTY: "" },
  network: { allow: ["pypi.org", "*.example.org:8443"] },
  limits: { cpus: 0.5, memory_mb: 128, max_tokens: 10 },
  max_turns: 2,
  max_attempts: 1,
  metadata: { team: "harbour" },
};

describe("what was asked of a job", () => {
  test("is told whole, with what is in force, and contents as text where they are text", async () => {
    const { request, secret_names } = await asked(await post(whole));
    expect(secret_names).toEqual([]);
    expect(request).toEqual({
      ...whole,
      prompt: "sort “these” 🚢",
      steps: [
        { ...whole.steps[0], continue_on_error: false },
        whole.steps[1],
        { ...whole.steps[2], content: "grün\n", encoding: "utf8", continue_on_error: false },
      ],
      files: [
        { path: "a.txt", content: "b\na\n", encoding: "utf8" },
        { path: "text.csv", content: "größe,1\n", encoding: "utf8" },
        whole.files[2],
        { path: "with-nul", content: base64("a\0b"), encoding: "base64" },
      ],
      limits: {
        ...{ timeout_seconds: 600, cpus: 0.5, memory_mb: 128, pids: 256, disk_mb: 1_024, output_mb: 256 },
        ...{ log_mb: 16, max_tokens: 10 },
      },
    });
  });

  test.each([
    ["with everything", whole],
    ["with a prompt alone", { prompt: "list:\n```sh\nls\n```" }],
    ["with steps alone", { steps: [{ kind: "shell", command: "true" }] }],
  ])("makes an equal job when it is posted again: %s", async (_, body) => {
    const id = await post(body);
    const first = await asked(id);
    const again = await post(first.request);
    expect(again).not.toBe(id);
    expect((await asked(again)).request).toEqual(first.request);
    const { request: stored, ...row } = { ...(await storedOf(again)) };
    expect(row).toEqual({ ...(await storedOf(id)), request: undefined });
    expect(stored).toEqual(first.request);
  });

  test("has no steps that a planner has made, before the end and after it", async () => {
    const id = await post({ prompt: "list:\n```sh\nls\n```" });
    await api.database.sql`UPDATE jobs SET plan_steps = '[{"kind":"shell","command":"ls"}]' WHERE id = ${id}`;
    expect((await asked(id)).request).not.toHaveProperty("steps");
    await requestCancel(api.database.sql, id, 7);
    expect((await asked(id)).request).toMatchObject({ prompt: "list:\n```sh\nls\n```", max_turns: 3 });
  });

  test("stays in base64 where JSON would write the text longer, so that it can be sent again", async () => {
    const content = base64("\u0001".repeat(1_000));
    const { request } = await asked(
      await post({ prompt: "x", files: [{ path: "a", content, encoding: "base64" }] }),
    );
    expect(request.files).toEqual([{ path: "a", content, encoding: "base64" }]);
  });

  test("takes room among the bodies of requests while it is read, and is refused where there is none", async () => {
    const id = await post(whole);
    for (const [bounds, status, code] of [
      [{ perCaller: 100, overall: 1_000_000 }, 429, "too_much_at_once"],
      [{ perCaller: 1_000_000, overall: 100 }, 503, "bodies_full"],
    ] as const) {
      const full = await createTestApi({ bodyRoom: createBodyRoom(bounds), database: api.database });
      const refused = await ask(id, full);
      expect([refused.status, await answerJson(refused)]).toMatchObject([status, { code }]);
      expect(refused.headers.get("Retry-After")).toBe("2");
    }
    const twice = await createTestApi({
      bodyRoom: createBodyRoom({ perCaller: 5_000, overall: 5_000 }),
      database: api.database,
    });
    for (let time = 0; time < 5; time += 1) expect((await ask(id, twice)).status).toBe(200);
  });
});

describe("of a job with secrets", () => {
  const canary = "canary-51c07aa2fe";
  const body = { ...whole, prompt: `use ${canary}`, secrets: { TOKEN: canary } };
  const refusal = async (id: string) => {
    const response = await ask(id);
    const text = await response.text();
    expect(text).not.toContain(canary);
    expect(text).not.toContain("TOKEN");
    return { status: response.status, problem: JSON.parse(text) as unknown };
  };

  test("nothing is told while it is sealed, nor when it was wiped, but what to do", async () => {
    const id = await post(body);
    expect(await refusal(id)).toMatchObject({
      status: 409,
      problem: { code: "request_sealed", detail: expect.stringContaining("POST /schedule") },
    });
    await requestCancel(api.database.sql, id, 7);
    expect(await refusal(id)).toMatchObject({
      status: 410,
      problem: { code: "request_wiped", detail: expect.stringContaining("POST /schedule") },
    });
  });

  test("nothing is told either where a version of before has left its request in clear", async () => {
    const id = await post(body);
    const { secrets: _, files: __, ...rest } = body;
    const clear = { ...rest, files: whole.files.slice(0, 1) };
    await api.database
      .sql`UPDATE jobs SET request = request || ${api.database.sql.json(clear)} WHERE id = ${id}`;
    expect(await refusal(id)).toMatchObject({ status: 409, problem: { code: "request_sealed" } });
    await requestCancel(api.database.sql, id, 7);
    expect(await refusal(id)).toMatchObject({ status: 410, problem: { code: "request_wiped" } });
  });
});

test("a job whose retention is over is 410, whether it had secrets or not", async () => {
  for (const body of [whole, { ...whole, secrets: { TOKEN: "canary-51c07aa2fe" } }]) {
    const id = await post(body);
    await requestCancel(api.database.sql, id, 7);
    await api.database.sql`UPDATE jobs SET expired_at = longshore_now() WHERE id = ${id}`;
    expect(await answerJson(ask(id))).toMatchObject({ status: 410, code: "expired" });
  }
});

test("a job that is not there is 404, and what is no id is 400", async () => {
  expect((await ask("0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87")).status).toBe(404);
  expect((await ask("nonsense")).status).toBe(400);
});
