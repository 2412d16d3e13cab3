// npm run start:api: the API alone. It needs no container engine.
import { succeed } from "@longshore/shared/domain/result";
import { parseApiConfig } from "../apps/api/src/config.ts";
import { tryDashboard } from "./dashboard/ensure-dashboard.ts";
import { root } from "./root.ts";
import { runSinglePart } from "./supervisor/run-single-part.ts";
import { readCommandLine, readNothing } from "./terminal/command-line.ts";

const options = readCommandLine(process.argv.slice(2), {
  usage: "npm run start:api: the API alone; it needs DATABASE_URL, and no container engine\n",
  read: readNothing,
});
if (!options.ok) process.exit(options.failure);

await runSinglePart({
  name: "api",
  findFaults: (env) => {
    const parsed = parseApiConfig(env);
    return parsed.ok ? [] : parsed.failure;
  },
  prepare: async (progress) => {
    await tryDashboard(root, progress.say);
    return succeed(process.env);
  },
});
