// npm run chaos [-- --seed S --minutes M …]: the chaos suite on separate processes, with real faults; see docs/reliability.md.
// npm run chaos -- --trial NAME: one of the acceptance trials instead.
import { join } from "node:path";
import { ensureRedis } from "./host/ensure-redis.ts";
import { root } from "./root.ts";
import { runSuiteCommand } from "./supervisor/run-suite-command.ts";

const isTrial = process.argv.some((each) => each === "--trial" || each.startsWith("--trial="));
const suite = join(root, "tests", "chaos", ...(isTrial ? ["trials"] : []), "main.ts");
await runSuiteCommand(suite, ensureRedis);
