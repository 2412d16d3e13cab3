// npm run bench [-- ROW… --quick --profile]: how fast Longshore is, beside its peers; see docs/performance.md.
import { join } from "node:path";
import { succeed } from "@longshore/shared/domain/result";
import { ensureChromium } from "./host/ensure-chromium.ts";
import { ensureRedis } from "./host/ensure-redis.ts";
import { ensureZip } from "./host/ensure-zip.ts";
import { root } from "./root.ts";
import { runSuiteCommand } from "./supervisor/run-suite-command.ts";

await runSuiteCommand(join(root, "bench", "src", "main.ts"), async (progress) => {
  for (const ensure of [ensureRedis, ensureZip, ensureChromium]) {
    const tools = await ensure(progress);
    if (!tools.ok) return tools;
  }
  return succeed(null);
});
