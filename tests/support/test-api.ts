// First: see there.
import "../../apps/api/src/openapi/extend-zod.ts";
import { createDiskGuard } from "@longshore/shared/blob/create-disk-guard";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { limitSettings, toLimitMaxima } from "@longshore/shared/config/limit-settings";
import type { Message } from "@longshore/shared/contracts/message";
import { noTenantLimits } from "@longshore/shared/domain/tenant-limits";
import { createComponentStates } from "@longshore/shared/runtime/component-states";
import { createLogger } from "@longshore/shared/runtime/logger";
import { createSecretBox } from "@longshore/shared/runtime/secret-box";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { createAccess } from "../../apps/api/src/access/create-access.ts";
import { createApp } from "../../apps/api/src/app.ts";
import type { Api } from "../../apps/api/src/api-env.ts";
import { type ApiParts, createDeps } from "../../apps/api/src/deps.ts";
import { createEventSignals } from "../../apps/api/src/streaming/event-signals.ts";
import { listenForEvents } from "../../apps/api/src/streaming/listen-for-events.ts";
import { dashboardFolder } from "../../scripts/dashboard/ensure-dashboard.ts";
import { root } from "../../scripts/root.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

/** The API over a database of its own, without a server and without a queue. */
export interface TestApi {
  readonly app: Api;
  readonly database: TestDatabase;
  readonly archives: ReturnType<typeof createFileBlobStore>;
  /** What was given to the queue. */
  readonly dispatched: readonly Message[];
  /** What was logged, one JSON object a line. */
  readonly logged: readonly string[];
  readonly stop: () => void;
  remove(): Promise<void>;
}

/** `given` is a database to use instead of a fresh one; the API removes it in the end. */
export async function createTestApi(
  { corsOrigins = [], ...changes }: Partial<ApiParts> & { readonly corsOrigins?: readonly string[] } = {},
  given?: TestDatabase,
): Promise<TestApi> {
  const database = given ?? (await createTestDatabase());
  const folder = await mkdtemp(join(tmpdir(), "longshore-archives-"));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  // Beside another on its database, whose removal would take that away: such a one is a single test's.
  if (changes.database !== undefined) onTestFinished(removeFolder);
  const archives = createFileBlobStore({ folder });
  const signals = createEventSignals();
  const unlisten = await listenForEvents(database.sql, signals);
  const dispatched: Message[] = [];
  const logged: string[] = [];
  const stopping = new AbortController();
  const lines = new Writable({
    write: (chunk: Buffer, _, done) => {
      logged.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger("api", "debug", lines);
  const access = createAccess({ sql: database.sql, corsOrigins, logger });
  const parts: ApiParts = {
    access,
    ...{ database, archives, signals },
    disk: createDiskGuard({ folder, minFreeMb: 0, logger: createLogger("api", "fatal") }),
    dispatch: (message) => dispatched.push(message),
    pingQueue: () => Promise.resolve(),
    limitMaxima: toLimitMaxima(limitSettings.parse({})),
    tenantLimits: noTenantLimits,
    permits: { fullNetwork: false },
    retentionDays: 7,
    secretBox: createSecretBox({ current: Buffer.alloc(32, 7), previous: [] }),
    logger,
    states: createComponentStates(createLogger("api", "fatal")),
    version: "0.0.0-test",
    stopping: stopping.signal,
    streamBounds: { perCaller: 100, overall: 200 },
    dashboardFolder: dashboardFolder(root),
    ...changes,
  };
  return {
    app: createApp(createDeps(parts)),
    ...{ database, archives, dispatched, logged },
    stop: () => stopping.abort(),
    remove: async () => {
      stopping.abort();
      // A database that a test has stopped cannot be told; its connections go with it.
      if (given === undefined) await unlisten();
      await access.close();
      await database.remove();
      await removeFolder();
    },
  };
}
