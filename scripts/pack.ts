// npm run pack [-- FOLDER]: what others install, as tarballs of npm; into .longshore/packed where no folder is named.
import { join, resolve } from "node:path";
import { packClient } from "./pack/pack-client.ts";
import { root } from "./root.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

await runCommand(async (stop) => {
  const [folder = join(root, ".longshore", "packed"), ...more] = process.argv.slice(2);
  if (more.length > 0 || folder.startsWith("-")) {
    process.stderr.write("Usage: npm run pack [-- FOLDER]\n");
    return 2;
  }
  const to = resolve(folder);
  const packed = await createProgress().phase("Packing the client", () => packClient(root, to, stop));
  if (!packed.ok) {
    process.stderr.write(describeFault(packed.failure));
    return 1;
  }
  process.stdout.write(`${packed.value}\n`);
  return 0;
});
