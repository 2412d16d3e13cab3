import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { partFile } from "../../../scripts/programs/parts.ts";
import { root } from "../../../scripts/root.ts";
import { jobIdOf } from "../../support/answer-json.ts";
import { makeKey } from "../../support/test-keys.ts";
import { createTestDatabase, type TestDatabase } from "../../support/test-database.ts";

const entry = partFile(root, "api");

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "longshore-api-"));
});
afterAll(async () => {
  await database.remove();
  await rm(folder, { recursive: true, force: true });
});

interface ApiProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

const start = (env: Record<string, string>, supervised = false): ApiProcess => {
  const child = spawn(process.execPath, [entry], {
    env: { PATH: process.env["PATH"] ?? "", DATA_DIR: folder, ...env },
    stdio: ["ignore", "pipe", "pipe", ...(supervised ? (["ipc"] as const) : [])],
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  // safety: "close" gives the exit code first.
  const exited = once(child, "close").then(([code]) => code as number | null);
  return { child, output: () => output, exited };
};

const portOf = async ({ output, exited }: ApiProcess): Promise<number> => {
  const found = () => /"port":(\d+),"msg":"listening"/.exec(output())?.[1];
  let ended = false;
  void exited.then(() => (ended = true));
  await expect.poll(() => ended || found() !== undefined, { timeout: 20_000 }).toBe(true);
  const port = found();
  if (port === undefined) throw new Error(`the API did not start: ${output()}`);
  return Number(port);
};

test("all faults of the settings are told in one message, and the exit code is 1", async () => {
  const api = start({ PORT: "abc", RETENTION_DAYS: "-1", HOST: "0.0.0.0", LIMIT_CPUS: "many" });
  expect(await api.exited).toBe(1);
  for (const name of ["PORT", "RETENTION_DAYS", "HOST", "LIMIT_CPUS", "DATABASE_URL"]) {
    expect(api.output()).toMatch(new RegExp(`^- ${name} must`, "m"));
  }
});

test("an address that others can reach needs a key, and one that was made is enough", async () => {
  const own = await createTestDatabase();
  try {
    const env = { HOST: "0.0.0.0", PORT: "0", DATABASE_URL: own.url };
    const refused = start(env);
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toMatch(/^- HOST must be a loopback address.*npm run keys -- create/m);
    await makeKey(own.sql, "acme", ["jobs:read"]);
    const api = start(env);
    const url = `http://127.0.0.1:${String(await portOf(api))}`;
    expect((await fetch(`${url}/jobs`)).status).toBe(401);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    api.child.kill("SIGTERM");
    expect(await api.exited).toBe(0);
  } finally {
    await own.remove();
  }
});

test("under a supervisor, what starting again does not mend has an exit code of its own", async () => {
  expect(await start({ PORT: "abc" }, true).exited).toBe(78);
});

test("a port that is taken ends in one message that says what to do", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const api = start({ PORT: String(port), DATABASE_URL: database.url });
  expect(await api.exited).toBe(1);
  expect(api.output()).toContain(`PORT=${String(port)}: another program does.`);
  taken.close();
});

test("a database that is not there ends in one message that names the setting", async () => {
  const url = new URL(database.url);
  url.pathname = "/nowhere";
  const api = start({ DATABASE_URL: url.href });
  expect(await api.exited).toBe(1);
  expect(api.output()).toMatch(/database "nowhere" does not exist.*Set DATABASE_URL/);
});

test.each(["postgres", "redis"])(
  "it runs with its queue in %s, and stops cleanly with a stream open",
  async (queue) => {
    const env = queue === "redis" ? { REDIS_URL: inject("redisUrl") } : {};
    const api = start({ PORT: "0", DATABASE_URL: database.url, LOG_LEVEL: "info", ...env });
    const url = `http://127.0.0.1:${String(await portOf(api))}`;
    const id = await jobIdOf(
      fetch(`${url}/schedule`, {
        ...{ method: "POST", headers: { "Content-Type": "application/json" }, body: '{"prompt":"x"}' },
      }),
    );
    const dispatched = async () =>
      (await database.sql`SELECT FROM jobs WHERE id = ${id} AND dispatched_at IS NOT NULL`).length;
    await expect.poll(dispatched, { timeout: 15_000 }).toBe(1);
    const stream = await fetch(`${url}/events/${id}`);
    expect(stream.status).toBe(200);
    const reading = stream.text();
    const stopAt = performance.now();
    api.child.kill("SIGTERM");
    expect(await api.exited).toBe(0);
    expect(await reading).toContain("event: state");
    expect(performance.now() - stopAt).toBeLessThan(10_000);
  },
);
