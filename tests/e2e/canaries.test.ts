import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { revokeKey } from "@longshore/shared/db/revoke-key";
import { createSecretBox } from "@longshore/shared/runtime/secret-box";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toLinkKeys } from "../../apps/api/src/access/download-links.ts";
import {
  answer,
  type ModelServer,
  startModelServer,
  wire,
} from "../../apps/worker/src/models/testing/model-server.ts";
import {
  clientSinks,
  containerSinks,
  databaseSinks,
  folderSinks,
  joinSinks,
  linkSinks,
  partSinks,
  redisSinks,
  refusalSinks,
  type Sinks,
} from "../support/canary-sinks.ts";
import {
  control,
  files,
  jobCanaries,
  leaks,
  lookAround,
  refused,
  secrets,
  shell,
  written,
} from "../support/canary-jobs.ts";
import { findCanaries } from "../support/find-canaries.ts";
import type { JobClient } from "../support/job-client.ts";
import { makeKeyOverHttp } from "../support/key-over-http.ts";
import { createRedisServer, type RedisServer } from "../support/redis-server.ts";
import { startPrinting } from "../support/running-job.ts";
import { startService } from "../support/service-process.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { makeKey } from "../support/test-keys.ts";

/** Of the operator: for the service's processes alone. */
const operator = {
  primary: "sk-canary-provider-5f2c91e07a",
  fallback: "AIzaCanary-7d1e09bb42c8f6",
  redis: "canary-redis-91bd0e",
  database: "canary-database-3a77f1",
  secretsKey: Buffer.from("canary-secrets-key-0123456789abc").toString("base64"),
  // A variable that is none of ours.
  own: "canary-operator-environment-8e17",
};
const operatorCanaries = [...Object.values(operator), Buffer.from(operator.secretsKey, "base64").toString()];
/** What links to archives are signed by is made from this, which the database keeps, and from SECRETS_KEY. */
const linkSecret = "canary-link-secret-c48e02d1";
const [linkKey] = toLinkKeys(
  Buffer.from(linkSecret),
  createSecretBox({ current: Buffer.from(operator.secretsKey, "base64"), previous: [] }),
);
const lifetime = new AsyncDisposableStack();
let stack: Stack;
let redis: RedisServer;
let models: ModelServer;
let client: JobClient;
let keyCanaries: readonly string[];
let linkCanaries: readonly string[];
let sinks: Sinks;
/** Of the Job that was looked at while it ran. */
let runningId: string;
/** Of the one that showed its secrets in every way. */
let leakingId: string;
/** Of the one whose caller has written them into all else, too. */
let writtenId: string;

async function startServices(): Promise<void> {
  redis = await createRedisServer(["--user", "canary", "on", `>${operator.redis}`, "~*", "&*", "+@all"]);
  lifetime.defer(() => redis.remove());
  await redis.start();
  const plan = (command: string) => JSON.stringify({ steps: [{ kind: "shell", command }] });
  const echoed = { error: { message: `no such key: ${operator.primary} ${operator.fallback}` } };
  models = await startModelServer(
    answer(401, echoed),
    answer(200, wire.fallback(plan('echo "failed with $TOKEN"; env; exit 3'))),
    answer(500, echoed),
    answer(200, wire.fallback(plan("exit 4"))),
    answer(403, echoed),
  );
  lifetime.use(models);
  stack = await startStack({
    backend: "postgres",
    env: {
      REDIS_URL: `redis://canary:${operator.redis}@127.0.0.1:${String(redis.port)}`,
      SECRETS_KEY: operator.secretsKey,
      PRIMARY_BASE_URL: `${models.url}/v1`,
      PRIMARY_MODEL: "p-model",
      PRIMARY_API_KEY: operator.primary,
      GEMINI_API_KEY: operator.fallback,
      FALLBACK_BASE_URL: models.url,
      LOG_LEVEL: "debug",
      OPERATORS_OWN: operator.own,
    },
    databasePassword: operator.database,
  });
  lifetime.defer(() => stack.stop());
  await stack.database.sql`UPDATE installation SET link_secret = ${Buffer.from(linkSecret)}`;
}

/** Schedules a Job, and gives its id once it has ended. */
async function run(body: object): Promise<string> {
  const id = await client.schedule(body);
  await client.ended(id, 120_000);
  return id;
}

/** Asks with keys in every place that a caller may put one by mistake; gives the secret parts of all of them. */
async function useKeys(): Promise<readonly string[]> {
  const { sql } = stack.database;
  const [good, gone] = [await makeKey(sql, "acme", ["admin"]), await makeKey(sql, "acme", ["admin"])];
  await revokeKey(sql, gone.id);
  const wrong = `lsk_wrongkey_${"canary-wrong-key-".padEnd(43, "5")}`;
  client = stack.client.withKey(good.key);
  const headers = { "User-Agent": good.key, "X-Request-Id": control, Referer: `http://x/${good.key}` };
  for (const path of [`/jobs?key=${good.key}`, `/${good.key}`, `/status/${good.key}`])
    await client.request(path, { headers });
  for (const key of [gone.key, wrong]) {
    const response = await stack.client.withKey(key).request("/jobs");
    expect(response.status).toBe(401);
    expect(findCanaries({ said: await response.text() }, [key])).toEqual([]);
  }
  return [good.key, gone.key, wrong, await makeKeyOverHttp(client)].map((key) => key.slice(-43));
}

/** Runs Jobs that show their secrets in many ways, and end in many, and gives what came to light anywhere. */
async function provoke(): Promise<Sinks> {
  const beganSeconds = Math.floor(Date.now() / 1_000);
  // Not in a shell's command, which is an argument of its process, and so seen by who may look at those.
  const code = `import os, time\nprint("running with", os.environ["TOKEN"], flush=True)\ntime.sleep(240) # ${secrets.TOKEN}`;
  runningId = await startPrinting(client, "", {
    ...written,
    steps: [{ kind: "python", code, name: secrets.TOKEN }],
  });
  const bystander = await run({ steps: [lookAround], metadata: { control } });
  const whileItRuns = joinSinks(
    await databaseSinks(stack.database.sql),
    await redisSinks(redis),
    await containerSinks(runningId, beganSeconds),
  );
  await client.request(`/cancel/${runningId}?wait=30`, { method: "POST" });
  const timedOut = { kind: "shell", command: 'echo -n "$TOKEN"; sleep 60', timeout_seconds: 1 };
  const ended = await Promise.all([
    run({ steps: [...leaks, { ...shell(`echo ${control}`), name: control }], secrets, metadata: secrets }),
    run({ prompt: `${control}: use ${secrets.TOKEN} and fail`, max_attempts: 1, secrets }),
    run({ steps: [timedOut], secrets }),
    run({
      ...written,
      steps: [{ ...shell(`: ${secrets.TOKEN}; rm given*`), name: `say ${secrets.TOKEN}` }],
      files,
    }),
  ]);
  leakingId = ended[0];
  writtenId = ended[3];
  const links = await linkSinks(client, stack.client, leakingId);
  linkCanaries = [linkSecret, linkKey.toString("hex"), linkKey.toString("base64"), links.signature];
  await writeFile(join(dirname(stack.archiveFolder), "planted"), control);
  return joinSinks(
    whileItRuns,
    await clientSinks(client, [runningId, bystander, ...ended]),
    await refusalSinks(client, refused),
    links.sinks,
    await databaseSinks(stack.database.sql),
    await folderSinks("files of DATA_DIR", dirname(stack.archiveFolder)),
    partSinks("worker", stack.worker()),
    partSinks("API", stack.api()),
    await redisSinks(redis),
    { "requests to models": JSON.stringify(models.requests.map(({ path, body }) => [path, body])) },
  );
}

beforeAll(async () => {
  await startServices();
  keyCanaries = await useKeys();
  sinks = await provoke();
}, 300_000);
afterAll(() => lifetime.disposeAsync(), 120_000);

/** What is known to be in each place, or the place was not looked into. */
const known = (): Sinks => ({
  ...named(["GET /", "GET /health", "GET /ready", "GET /openapi.json"], "x-request-id"),
  "GET /metrics": "longshore_",
  ...named(["GET /jobs", "GET /status", "GET /events", "GET /logs", "GET /logs as text"], control),
  ...named(["logs.txt", "logs.ndjson", "plan.json", "result.json", "files of DATA_DIR"], control),
  ...named(["problem responses", "requests to models", "output of the API"], control),
  ...named(["POST /cancel", "manifest.json", "redis", "output of the worker"], runningId),
  ...named(["container inspect", "events of the engine"], runningId),
  ...named(["table public.jobs", "table public.job_events"], control),
  ...{ "table public.api_keys": "acme", "table public.audit_events": "key.created" },
  ...{ outputs: "PATH=", "processes of the container": "agent.cjs", "image history": "longshore-agent" },
  ...{
    "process list": "programs/worker.mjs",
    "POST /jobs/{id}/download-link": "/shared/",
    "GET /shared": "link_forged",
  },
});

function named(places: readonly string[], text: string): Sinks {
  return Object.fromEntries(places.map((place) => [place, text]));
}

describe("a canary in each secret of a job, of the operator and of links, and in each API key,", () => {
  test("is nowhere to be seen, however programs print it and jobs end", async () => {
    // The tests' own server may have a password already; then it is the canary.
    const canaries = [
      ...jobCanaries,
      ...operatorCanaries,
      ...keyCanaries,
      ...linkCanaries,
      stack.databasePassword,
    ];
    // Where it is kept; without SECRETS_KEY it signs nothing.
    expect(findCanaries(sinks, canaries)).toEqual([`table public.installation: ${linkSecret}`]);
    // They were printed indeed.
    expect(await client.printed(leakingId)).toContain("Authorization: Bearer ***");
  });

  test("is masked where the caller has written it into a step, and its steps are run as they were written", async () => {
    const { status, plan } = await client.status(writtenId);
    expect([status, plan?.steps.map(({ name }) => name)]).toEqual(["succeeded", ["say ***"]]);
  });

  test("would be found in each of these places, as what is known to be there is", () => {
    const places = Object.entries(known());
    const missed = places.filter(
      ([name, text]) => findCanaries({ [name]: sinks[name] ?? "" }, [text]).length === 0,
    );
    expect(missed).toEqual([]);
    const unknown = Object.keys(sinks).filter((name) => !Object.hasOwn(known(), name));
    // A table may be empty.
    expect(unknown.filter((name) => !name.startsWith("table "))).toEqual([]);
  });

  test("is in no row of a job that has ended, sealed or not", async () => {
    const kept = await stack.database.sql`
      SELECT id FROM jobs WHERE secrets IS NOT NULL OR jsonb_typeof(plan_steps) = 'string'`;
    expect(kept).toEqual([]);
  });

  test.each(["api", "worker"] as const)(
    "is not in what the %s says of wrong settings",
    { timeout: 120_000 },
    async (part) => {
      const started = startService(part, {
        DATABASE_URL: `http://u:${operator.database}@127.0.0.1/`,
        REDIS_URL: `http://u:${operator.redis}@127.0.0.1/`,
        SECRETS_KEY: operator.secretsKey.slice(1),
        PRIMARY_BASE_URL: `nonsense://${operator.primary}`,
        PRIMARY_API_KEY: operator.primary,
        GEMINI_API_KEY: operator.fallback,
        FALLBACK_BASE_URL: `nonsense://u:${operator.fallback}@h`,
        PORT: "no port",
        LEASE_SECONDS: "never",
      });
      expect(await started.exited).toMatchObject({ code: 1 });
      expect(started.complaints()).toContain("DATABASE_URL");
      const said = JSON.stringify(started.log) + started.complaints();
      expect(findCanaries({ said }, [...operatorCanaries, operator.secretsKey.slice(1)])).toEqual([]);
    },
  );
});

/** With characters that every way of writing it treats otherwise. */
const spelled = 'canary/+"spelled"=\\?&<é>';

test.each([
  ...["", "a", "ab"].map((before) => Buffer.from(`${before}${spelled}!`).toString("base64")),
  ...[Buffer.from(spelled).toString("base64url"), Buffer.from(spelled).toString("hex")],
  ...[encodeURIComponent(spelled), JSON.stringify({ spelled }), JSON.stringify(JSON.stringify(spelled))],
  `${spelled.slice(0, 7)}\n${spelled.slice(7)}`,
  JSON.stringify(Buffer.from(spelled.repeat(9)).toString("base64").replaceAll(/.{40}/g, "$&\n")),
])("a canary would be found where it is spelled %j", (text) => {
  expect(findCanaries({ text }, [spelled])).toEqual([`text: ${spelled}`]);
});
