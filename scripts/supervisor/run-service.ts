import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { tryDashboard } from "../dashboard/ensure-dashboard.ts";
import { startEmbeddedPostgres } from "../embedded-postgres/start-embedded-postgres.ts";
import { ensureEngine } from "../engine/ensure-engine.ts";
import { findFreePort } from "../host/free-port.ts";
import { ensureAgentImage } from "../image/ensure-agent-image.ts";
import { type Program, programOrSource } from "../programs/ensure-program.mjs";
import { parts } from "../programs/parts.ts";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import type { ServiceSettings } from "./service-settings.ts";
import type { Part } from "./supervise-part.ts";
import { drains, groupParts, type PartGroup } from "./part-group.ts";
import { ensureSecretsKey } from "./ensure-secrets-key.ts";
import { supervisePart } from "./supervise-part.ts";
import { hasLiveWorker } from "./has-live-worker.ts";
import { checkPort } from "./check-port.ts";
import { takeDataDir } from "./take-data-dir.ts";
import { localUrl, waitUntilReady } from "./wait-until-ready.ts";

export interface ServiceOptions {
  /** The folder of package.json. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly settings: ServiceSettings;
  readonly progress: Progress;
  readonly stop: AbortSignal;
  /** Called when a part ended with a fault that starting again does not mend. */
  readonly onMisconfigured: () => void;
}
export interface Service {
  readonly url: string;
  /** Stops the parts, then the database, and gives DATA_DIR back; within 30 s, unless the worker is to drain. */
  readonly close: () => Promise<void>;
  /** For whoever asks again, see PartGroup. */
  readonly force: PartGroup["force"];
}

/** Of the 30 s that a stop may take: the parts first, then the database. */
const PARTS_STOP_MS = 23_000;
const DATABASE_STOP_MS = 5_000;
const READY_LIMIT_MS = 60_000;

/** Sets up what is missing, then runs one API and one worker until `close`. Resolves when /ready says 200. */
export async function runService(options: ServiceOptions): Promise<Result<Service, SetupFault>> {
  await using opened = new AsyncDisposableStack();
  const { settings, stop, progress } = options;
  const portNumber = settings.port === 0 ? await findFreePort() : settings.port;
  const url = localUrl(settings.host, portNumber);
  const lock = await takeDataDir(settings.dataDir, url);
  if (!lock.ok) return lock;
  opened.defer(lock.value.release);
  const port = await checkPort(settings.host, portNumber);
  if (!port.ok) return port;
  // Neither needs the other. The database is waited for in either case: whoever has started it stops it.
  const [prepared, opening] = await Promise.allSettled([
    prepareMachine(options),
    openDatabase(options, opened),
    tryDashboard(options.root, progress.say),
  ]);
  if (prepared.status === "rejected") throw prepared.reason;
  if (opening.status === "rejected") throw opening.reason;
  const [machine, database] = [prepared.value, opening.value];
  if (!machine.ok) return machine;
  if (!database.ok) return database;
  if (stop.aborted) return fail(interrupted);

  const secretsKey = await ownSecretsKey(options);
  if (!secretsKey.ok) return secretsKey;
  const env = {
    ...machine.value,
    SECRETS_KEY: secretsKey.value,
    DATABASE_URL: database.value,
    DATA_DIR: settings.dataDir,
    PORT: `${portNumber}`,
    // Nobody else is there to take a running Job over, and nothing that was started here is to stay.
    STOP_MODE: options.env["STOP_MODE"]?.trim() || "requeue",
  };
  const group = groupParts(await startParts(options, env), { drain: drains(env), limitMs: PARTS_STOP_MS });
  opened.defer(group.stop);
  const started = await progress.phase("Starting API and worker", async () => {
    const notReady = await waitUntilReady(url, READY_LIMIT_MS, stop, () => hasLiveWorker(database.value));
    return stop.aborted ? fail(interrupted) : succeed(notReady);
  });
  if (!started.ok) return started;
  if (started.value !== null) progress.say(`! ${url}/ready: ${started.value}`);
  const lifetime = opened.move();
  return succeed({
    url,
    close: () => lifetime.disposeAsync(),
    force: group.force,
  });
}

async function ownSecretsKey({
  env,
  settings,
}: Pick<ServiceOptions, "env" | "settings">): Promise<Result<string, SetupFault>> {
  const configured = env["SECRETS_KEY"]?.trim();
  return configured ? succeed(configured) : ensureSecretsKey(settings.dataDir);
}

const interrupted: SetupFault = { what: "Stopped before it was ready.", advice: "" };

/** The engine and the agent image, built anew where it is to be fresh, as environment variables for the worker. */
export async function prepareMachine(
  options: Pick<ServiceOptions, "root" | "env" | "progress" | "stop">,
  freshImage = false,
): Promise<Result<NodeJS.ProcessEnv, SetupFault>> {
  const { root, env, progress, stop } = options;
  // A build that runs on in the engine is cancelled by the end of this process; there is nothing to wait for.
  const aborted = new Promise<Result<never, SetupFault>>((resolve) => {
    if (stop.aborted) resolve(fail(interrupted));
    stop.addEventListener("abort", () => resolve(fail(interrupted)), { once: true });
  });
  const prepare = async (): Promise<Result<NodeJS.ProcessEnv, SetupFault>> => {
    const engine = await ensureEngine(env, progress);
    if (!engine.ok) return engine;
    const image = await ensureAgentImage({
      engine: engine.value,
      root,
      chosen: env["AGENT_IMAGE"],
      runtime: env["SANDBOX_RUNTIME"],
      fresh: freshImage,
      progress,
    });
    if (!image.ok) return image;
    return succeed({ ...env, DOCKER_HOST: engine.value.host, AGENT_IMAGE: image.value });
  };
  return Promise.race([prepare(), aborted]);
}

async function openDatabase(
  { settings, progress }: ServiceOptions,
  opened: AsyncDisposableStack,
): Promise<Result<string, SetupFault>> {
  if (settings.databaseUrl !== null) return succeed(settings.databaseUrl);
  const { dataDir } = settings;
  const started = await progress.phase("Starting the embedded PostgreSQL", () =>
    startEmbeddedPostgres({ dataDir, log: (line) => progress.say(`  ${line}`) }),
  );
  if (!started.ok) return started;
  opened.defer(async () => {
    const stopped = await started.value.stop(DATABASE_STOP_MS);
    if (!stopped.ok) progress.say(stopped.failure.what);
  });
  return succeed(started.value.url);
}

async function startParts(
  { root, progress, onMisconfigured }: ServiceOptions,
  env: NodeJS.ProcessEnv,
): Promise<readonly Part[]> {
  const start = async (part: Program) => {
    const findEntry = () => programOrSource(root, part, progress.say);
    const entry = await findEntry();
    return supervisePart({ name: part.name, entry, findEntry, env, say: progress.say, onMisconfigured });
  };
  return Promise.all(parts.map(start));
}
