// npm run demo [-- "a prompt"]: all set-up, then one Job from its prompt to the zip on disk, then everything stopped.
// npm run demo -- --ui: the same service, for a browser, until Ctrl-C.
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { demoPrompt } from "./demo/demo-prompt.ts";
import { listZip } from "./demo/list-zip.ts";
import {
  downloadArchive,
  followEvents,
  readStatus,
  scheduleJob,
  UnexpectedAnswer,
} from "./demo/longshore-client.ts";
import { showEvent } from "./demo/show-event.ts";
import { findFreePort } from "./host/free-port.ts";
import { loadEnvFile } from "./host/load-env-file.ts";
import { root } from "./root.ts";
import { describeSettingsFaults, readServiceSettings } from "./supervisor/service-settings.ts";
import { runService } from "./supervisor/run-service.ts";
import { readCommandLine, UsageError } from "./terminal/command-line.ts";
import { createProgress, elapsed } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

const usage = `npm run demo [-- "a prompt"]: starts all that is needed, runs one job from its prompt to the zip, and stops it all
npm run demo -- --ui: starts it for a browser, and stays until Ctrl-C
`;

await runCommand(async (asked, onForce) => {
  const began = Date.now();
  const options = readCommandLine(process.argv.slice(2), { usage, read: readPrompt });
  if (!options.ok) return options.failure;
  const prompt = options.value;
  loadEnvFile(root);
  const env = await demoEnvironment();
  const settings = readServiceSettings(env);
  if (!settings.ok) {
    process.stderr.write(describeSettingsFaults(settings.failure));
    return 1;
  }
  const progress = createProgress();
  const misconfigured = new AbortController();
  const stop = AbortSignal.any([asked, misconfigured.signal]);
  const onMisconfigured = () => misconfigured.abort();
  const service = await runService({ root, env, settings: settings.value, progress, stop, onMisconfigured });
  if (!service.ok) {
    process.stderr.write(describeFault(service.failure));
    return asked.aborted ? 130 : 1;
  }
  onForce(service.value.force);
  try {
    if (prompt === null) return await showDashboard(service.value.url, progress.say, stop);
    const succeeded = await showJob(service.value.url, prompt, stop);
    progress.say(`\nFrom the command to the zip: ${elapsed(began)}`);
    return succeeded ? 0 : 1;
  } catch (error) {
    if (stop.aborted) return asked.aborted ? 130 : 1;
    if (!(error instanceof UnexpectedAnswer)) throw error;
    process.stderr.write(describeFault({ what: error.message, advice: "The log above may say why." }));
    return 1;
  } finally {
    await progress.phase("Stopping all that was started", () => service.value.close());
  }
});

/** The prompt to run; null where a browser is to be served instead. */
function readPrompt(args: readonly string[]): string | null {
  const [first] = args;
  if (first === "--ui" && args.length === 1) return null;
  if (first?.startsWith("--") === true) throw new UsageError(`Unknown option ${JSON.stringify(first)}`);
  return args.join(" ").trim() || demoPrompt;
}

/** Says where the dashboard is, and leaves it there until it is to stop. */
async function showDashboard(url: string, say: (line: string) => void, stop: AbortSignal): Promise<number> {
  say(`\n  Open ${url}/ui in a browser: "New job" has examples that run without a model.`);
  say("  To stop it: Ctrl-C. What was run is there again at the next `npm run demo -- --ui`.\n");
  if (!stop.aborted) await once(stop, "abort");
  return 0;
}

/** A service of the demo's own, on this machine only: it disturbs none that runs, and leaves no Job in its database. */
async function demoEnvironment(): Promise<NodeJS.ProcessEnv> {
  const { DATABASE_URL: _database, REDIS_URL: _redis, AGENT_OUTPUT_DIR: _archives, ...env } = process.env;
  const dataDir = join(root, ".longshore", "demo");
  await mkdir(dataDir, { recursive: true });
  return {
    ...env,
    HOST: "127.0.0.1",
    PORT: String(await findFreePort()),
    DATA_DIR: dataDir,
    LOG_LEVEL: env["LOG_LEVEL"] ?? "warn",
    WARM_POOL_SIZE: env["WARM_POOL_SIZE"] ?? "1",
  };
}

/** Runs one Job and shows it as it goes. True where it succeeded and its zip is on disk. */
async function showJob(url: string, prompt: string, stop: AbortSignal): Promise<boolean> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(`\n${prompt.trimEnd().replaceAll(/^/gm, "  > ")}\n`);
  const { id, eventsLink } = await scheduleJob(url, prompt);
  say(`Job ${id}`);
  for await (const event of followEvents(url, eventsLink, stop)) {
    const line = showEvent(event);
    if (line !== null) say(line);
  }
  const { status, failure, download_link: link } = await readStatus(url, id);
  if (link !== null) {
    const file = join(root, "longshore-demo", `${id}.zip`);
    await downloadArchive(url, link, file, stop);
    const entries = await listZip(file);
    say(`\n${relative(process.cwd(), file)}`);
    for (const { path, bytes } of entries) say(`${String(bytes).padStart(12)}  ${path}`);
    say(`\nThe zip lies at ${file}`);
  }
  if (failure === null) say(`The job ${status}.`);
  else say(`✗ The job ${status}: ${failure.code}: ${failure.message}`);
  return status === "succeeded" && link !== null;
}
