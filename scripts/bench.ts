// npm run bench [-- ROW… --quick --profile]: how fast Longshore is, beside its peers; see docs/performance.md.
import { join } from "node:path";
import { ensureRedis } from "./host/ensure-redis.ts";
import { ensureZip } from "./host/ensure-zip.ts";
import { root } from "./root.ts";
import { runSuiteCommand } from "./supervisor/run-suite-command.ts";

await runSuiteCommand(join(root, "bench", "src", "main.ts"), async (progress) => {
  const redis = await ensureRedis(progress);
  return redis.ok ? ensureZip(progress) : redis;
});
