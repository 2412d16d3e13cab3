// npm run attacks [-- --mutations …]: the attack suite beyond what npm test runs of it; see docs/security.md.
import { join } from "node:path";
import { succeed } from "@longshore/shared/domain/result";
import { root } from "./root.ts";
import { runSuiteCommand } from "./supervisor/run-suite-command.ts";

const suite = join(root, "tests", "attacks", "main.ts");
await runSuiteCommand(suite, () => Promise.resolve(succeed(null)));
