// npm run check: the whole gate.
import { runGate } from "./gate/run-gate.ts";
import { root } from "./root.ts";
import { elapsed } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";

await runCommand(async (stop) => {
  const began = Date.now();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const failed = await runGate(root, say, stop);
  if (stop.aborted) return 130;
  say(
    failed.length === 0
      ? `The gate is open (${elapsed(began)}).`
      : `The gate is shut: ${failed.join(", ")} (${elapsed(began)}).`,
  );
  return failed.length === 0 ? 0 : 1;
});
