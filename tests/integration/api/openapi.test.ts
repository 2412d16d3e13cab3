// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.remove());

const operation = z.looseObject({
  summary: z.string(),
  parameters: z
    .array(
      z.looseObject({ name: z.string(), in: z.enum(["path", "query", "header"]), schema: z.looseObject({}) }),
    )
    .optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
});

const document = z.looseObject({
  openapi: z.literal("3.1.0"),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string(),
    z.strictObject({
      get: operation.optional(),
      post: operation.optional(),
      patch: operation.optional(),
      delete: operation.optional(),
    }),
  ),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})) }),
});

const read = async () => {
  const response = await api.app.request("/openapi.json");
  return document.parse(await response.json());
};

const referencesIn = (value: unknown): string[] => {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === "$ref" && typeof each === "string" ? [each] : referencesIn(each),
  );
};

test("every route that is answered is documented, apart from pages for people and the document itself", async () => {
  const { paths } = await read();
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const answered = api.app.routes
    .filter(({ method, path }) => method !== "ALL" && !/^\/(?:docs|openapi|ui)/.test(path))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:([a-z]+)(?:\{[^}]+\})?/g, "{$1}")}`);
  expect(documented.toSorted()).toEqual([...new Set(answered)].toSorted());
  expect(documented).toHaveLength(26);
});

test("every reference leads somewhere, and every part has a schema of its own name", async () => {
  const whole = await read();
  const names = Object.keys(whole.components.schemas);
  for (const reference of referencesIn(whole)) {
    expect(names).toContain(reference.replace("#/components/schemas/", ""));
  }
  expect(names).toEqual(
    expect.arrayContaining(["Job", "JobList", "ScheduleRequest", "Problem", "LogPage", "EventEnd"]),
  );
  expect(whole.components.schemas["Plan"]).toMatchObject({ type: "object" });
});

test("headers, parameters and errors of a route are told", async () => {
  const { paths } = await read();
  const names = (path: string, method: "get" | "post") =>
    paths[path]?.[method]?.parameters?.map((parameter) => `${parameter.in} ${parameter.name}`);
  expect(names("/schedule", "post")).toEqual(["header Idempotency-Key"]);
  expect(names("/events/{id}", "get")).toEqual(["path id", "query after", "header Last-Event-ID"]);
  expect(names("/download/{id}", "get")).toEqual(expect.arrayContaining(["header Range", "header If-Range"]));
  expect(names("/jobs", "get")).toContain("query metadata.<key>");
  expect(Object.keys(paths["/schedule"]?.post?.responses ?? {})).toEqual(
    expect.arrayContaining(["200", "202", "400", "409", "413", "415", "422", "429", "500", "503"]),
  );
  expect(Object.keys(paths["/download/{id}"]?.get?.responses ?? {})).toEqual(
    expect.arrayContaining(["200", "206", "304", "404", "409", "410", "416"]),
  );
});
