// npm run start:worker [-- --drain]: one worker, with the container engine and the agent image that it needs.
import { parseArgs } from "node:util";
import { parseWorkerConfig } from "../apps/worker/src/config.ts";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
import { runSinglePart } from "./supervisor/run-single-part.ts";
import { readCommandLine } from "./terminal/command-line.ts";

const options = readCommandLine(process.argv.slice(2), {
  usage: `npm run start:worker [-- --drain]: one worker, with the container engine and the agent image that it needs
  --drain  a stop waits until all running jobs have ended (STOP_MODE=drain)
`,
  read: (args) =>
    parseArgs({ args: [...args], options: { drain: { type: "boolean", default: false } } }).values,
});
if (!options.ok) process.exit(options.failure);
if (options.value.drain) process.env["STOP_MODE"] = "drain";

await runSinglePart({
  name: "worker",
  findFaults: (env) => {
    const parsed = parseWorkerConfig(env);
    return parsed.ok ? [] : parsed.failure;
  },
  prepare: (progress, stop) => prepareMachine({ root, env: process.env, progress, stop }),
});
