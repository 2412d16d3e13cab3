// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { problem } from "@longshore/shared/contracts/problem";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WrongRequest } from "./wrong-bodies.ts";
import { wrongRequests } from "./wrong-requests.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.remove());

const send = ({ method = "POST", path = "/schedule", headers = {}, body }: WrongRequest) =>
  api.app.request(path, {
    method,
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });

test.each(wrongRequests)("$name is answered with $status $code", async (wrong) => {
  const response = await send(wrong);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  expect(response.headers.get("X-Request-Id")).toBeTruthy();
  const body = problem.parse(await response.json());
  expect(body).toMatchObject({ status: wrong.status, code: wrong.code });
  expect(response.status).toBe(wrong.status);
  const fault = body.errors?.[0];
  if (wrong.pointer !== undefined) expect(fault?.pointer).toBe(wrong.pointer);
  expect(fault?.detail ?? body.detail).toMatch(wrong.says);
  if (wrong.status === 405) expect(response.headers.get("Allow")).toBeTruthy();
});

test("bytes that are no UTF-8 are 400, not replaced", async () => {
  const body = Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  const response = await api.app.request("/schedule", {
    ...{ method: "POST", headers: { "Content-Type": "application/json" }, body },
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: "invalid_utf8" });
});

test("every fault of a body is told at once", async () => {
  const wrong = { prompt: "", max_turns: 0, limits: { cpu: 1, cpus: 0 }, x: 1 };
  const response = await api.app.request("/schedule", {
    ...{ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wrong) },
  });
  const { errors } = problem.parse(await response.json());
  const pointers = errors?.map(({ pointer }) => pointer).toSorted();
  expect(pointers).toEqual(["/limits/cpu", "/limits/cpus", "/max_turns", "/prompt", "/x"]);
});

test("nothing of all this was logged as a fault of ours, and nothing was stored", async () => {
  expect(api.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  const [row] = await api.database.sql`SELECT count(*) FROM jobs`;
  expect(row).toEqual({ count: 0 });
});

test("a request id is taken over where it is safe, and made where it is not", async () => {
  const own = await api.app.request("/health", { headers: { "X-Request-Id": "abc-1" } });
  expect(own.headers.get("X-Request-Id")).toBe("abc-1");
  for (const bad of ["a b", "x".repeat(129), "é"]) {
    const made = await api.app.request("/health", { headers: { "X-Request-Id": bad } });
    expect(made.headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
  }
});
