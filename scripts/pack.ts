// npm run pack [-- FOLDER]: what others install, as tarballs of npm; into .longshore/packed where no folder is named.
import { join, resolve } from "node:path";
import { packCli } from "./pack/pack-cli.ts";
import { packClient } from "./pack/pack-client.ts";
import { root } from "./root.ts";
import { readCommandLine, UsageError } from "./terminal/command-line.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

const usage = `npm run pack [-- FOLDER]: makes tarballs of npm of what others install, in .longshore/packed where no folder is named
`;

await runCommand(async (stop) => {
  const options = readCommandLine(process.argv.slice(2), { usage, read: readFolder });
  if (!options.ok) return options.failure;
  const to = options.value;
  const progress = createProgress();
  for (const [name, pack] of [
    ["the client", packClient],
    ["the command line", packCli],
  ] as const) {
    const packed = await progress.phase(`Packing ${name}`, () => pack(root, to, stop));
    if (!packed.ok) {
      process.stderr.write(describeFault(packed.failure));
      return 1;
    }
    process.stdout.write(`${packed.value}\n`);
  }
  return 0;
});

function readFolder([folder = join(root, ".longshore", "packed"), ...more]: readonly string[]): string {
  if (folder.startsWith("-")) throw new UsageError(`Unknown option ${JSON.stringify(folder)}`);
  if (more.length > 0) throw new UsageError("It takes one folder");
  return resolve(folder);
}
