// npm run start:worker [-- --drain]: one worker, with the container engine and the agent image that it needs.
import { parseWorkerConfig } from "../apps/worker/src/config.ts";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
import { runSinglePart } from "./supervisor/run-single-part.ts";

const [flag, ...more] = process.argv.slice(2);
if ((flag !== undefined && flag !== "--drain") || more.length > 0) {
  process.stderr.write(
    "Usage: npm run start:worker [-- --drain]\n  --drain  a stop waits until all running jobs have ended (STOP_MODE=drain)\n",
  );
  process.exit(1);
}
if (flag === "--drain") process.env["STOP_MODE"] = "drain";

await runSinglePart({
  name: "worker",
  findFaults: (env) => {
    const parsed = parseWorkerConfig(env);
    return parsed.ok ? [] : parsed.failure;
  },
  prepare: (progress, stop) => prepareMachine({ root, env: process.env, progress, stop }),
});
