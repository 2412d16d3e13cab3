import { randomBytes } from "node:crypto";
import { createClient } from "@longshore/client";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";
import { makeKey } from "../support/test-keys.ts";
import { accessTestsuite } from "./access.testsuite.ts";
import { administrationTestsuite } from "./administration.testsuite.ts";
import type { Bench } from "./bench.ts";
import { jobTestsuite } from "./job.testsuite.ts";
import { jobsTestsuite } from "./jobs.testsuite.ts";
import { newJobTestsuite } from "./new-job.testsuite.ts";
import { openBrowser, type OpenPage, type TestBrowser } from "../support/open-browser.ts";
import { outputsTestsuite } from "./outputs.testsuite.ts";
import { pagesTestsuite } from "./pages.testsuite.ts";
import { plannedJobTestsuite } from "./planned-job.testsuite.ts";

const secretsKey = randomBytes(32).toString("base64");
// One service and one browser for all pages: starting them takes longer than most tests.
let stack: Stack;
let browser: TestBrowser;
let bench: Bench;
let opened: OpenPage[] = [];
let isOutage = false;
beforeAll(async () => {
  stack = await startStack({ backend: "postgres", env: { WARM_POOL_SIZE: "2", SECRETS_KEY: secretsKey } });
  const { sql } = stack.database;
  const { port } = await stack.api().logged(({ msg }) => msg === "listening");
  const url = `http://127.0.0.1:${String(port)}`;
  const scopes = ["jobs:read", "jobs:write"] as const;
  const keys = {
    owner: (await makeKey(sql, "acme", scopes)).key,
    rival: (await makeKey(sql, "rival", scopes)).key,
    watcher: (await makeKey(sql, "acme", ["jobs:read"])).key,
    admin: (await makeKey(sql, "acme", ["admin"])).key,
    operator: (await makeKey(sql, "local", ["admin"])).key,
  };
  browser = await openBrowser(url);
  const client = createClient({ url, apiKey: keys.owner });
  bench = {
    ...{ url, stack, keys },
    open: async (path, reader = { key: keys.owner }) => {
      const page = await browser.open(path, reader === "nobody" ? {} : { key: keys.owner, ...reader });
      opened.push(page);
      return page.page;
    },
    schedule: async (body) => (await client.schedule(body)).job_id,
    expectOutage: () => void (isOutage = true),
    ended: async (id) => {
      for await (const { type } of client.events(id)) if (type === "end") return;
    },
  };
}, 120_000);
afterEach(async () => {
  const faults = opened
    .flatMap((each) => each.faults)
    .filter((fault) => !(isOutage && /net::ERR_(?:CONNECTION|INCOMPLETE)/.test(fault)));
  isOutage = false;
  opened = [];
  await browser.closePages();
  expect(faults).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

accessTestsuite(() => bench);
administrationTestsuite(() => bench);
newJobTestsuite(() => bench);
jobsTestsuite(() => bench);
jobTestsuite(() => bench);
outputsTestsuite(() => bench);
plannedJobTestsuite(() => bench);
pagesTestsuite(() => bench);
