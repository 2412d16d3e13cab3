// npm start: one API and one worker, with the set-up before them, until SIGINT or SIGTERM.
import { once } from "node:events";
import { loadEnvFile } from "./host/load-env-file.ts";
import { root } from "./root.ts";
import { describeSettingsFaults, readServiceSettings } from "./supervisor/service-settings.ts";
import type { ServiceSettings } from "./supervisor/service-settings.ts";
import { runService } from "./supervisor/run-service.ts";
import { readCommandLine, readNothing } from "./terminal/command-line.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

const usage = `npm start: one API and one worker, and all that they need, until Ctrl-C or SIGTERM
  Settings come from the environment and from .env; .env.example says which there are.
`;

await runCommand(async (asked, onForce) => {
  const options = readCommandLine(process.argv.slice(2), { usage, read: readNothing });
  if (!options.ok) return options.failure;
  loadEnvFile(root);
  const settings = readServiceSettings(process.env);
  if (!settings.ok) {
    process.stderr.write(describeSettingsFaults(settings.failure));
    return 1;
  }
  const progress = createProgress();
  const misconfigured = new AbortController();
  const stop = AbortSignal.any([asked, misconfigured.signal]);
  const service = await runService({
    root,
    env: process.env,
    settings: settings.value,
    progress,
    stop,
    onMisconfigured: () => misconfigured.abort(),
  });
  if (!service.ok) {
    if (stop.aborted) return misconfigured.signal.aborted ? 1 : 0;
    process.stderr.write(describeFault(service.failure));
    return 1;
  }
  onForce(service.value.force);
  if (!stop.aborted) {
    progress.say(welcome(service.value.url, settings.value));
    await once(stop, "abort");
  }
  await progress.phase("Stopping", () => service.value.close());
  return misconfigured.signal.aborted ? 1 : 0;
});

function welcome(url: string, { dataDir, databaseUrl }: ServiceSettings): string {
  return [
    "",
    `  Longshore is ready at ${url}`,
    `  Dashboard             ${url}/ui`,
    `  Documentation         ${url}/docs`,
    `  Data                  ${dataDir}${databaseUrl === null ? "" : ", and the database of DATABASE_URL"}`,
    "  To stop it            Ctrl-C, or SIGTERM",
    "",
  ].join("\n");
}
