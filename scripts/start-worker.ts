// npm run start:worker: one worker, with the container engine and the agent image that it needs.
import { parseWorkerConfig } from "../apps/worker/src/config.ts";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
import { runSinglePart } from "./supervisor/run-single-part.ts";

await runSinglePart({
  name: "worker",
  findFaults: (env) => {
    const parsed = parseWorkerConfig(env);
    return parsed.ok ? [] : parsed.failure;
  },
  prepare: (progress, stop) => prepareMachine({ root, env: process.env, progress, stop }),
});
