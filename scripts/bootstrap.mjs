// The first program of every npm script. It runs on any Node ≥ 20, before anything is installed, so it has no
// dependencies: it installs them when needed and goes on in scripts/<command>.ts under the pinned Node 24.
import { join } from "node:path";
import { installDependencies } from "./bootstrap/install-dependencies.mjs";
import { runPinnedNode } from "./bootstrap/run-pinned-node.mjs";
import { root } from "./bootstrap/root.mjs";
import { programOrSource } from "./programs/ensure-program.mjs";

const commands = [
  "start",
  "start:api",
  "start:worker",
  "demo",
  "test",
  "check",
  "image",
  "doctor",
  "keys",
  "chaos",
  "attacks",
  "fuzz",
  "bench",
  "pack",
];
/** What people wait for, or a machine that comes up. */
const bundled = ["start", "start:api", "start:worker", "demo", "doctor", "keys"];
const [command = "", ...args] = process.argv.slice(2);

/** One message that says what to do. `npm test` promises its totals as the last line, whatever happened. */
function giveUp(message) {
  process.stderr.write(`\n${message}\n`);
  if (command === "test") process.stdout.write("0 passed, 1 failed\n");
  process.exit(1);
}

const major = Number.parseInt(process.versions.node, 10);
if (major < 20)
  giveUp(`Longshore needs Node 20 or later; this is ${process.version}. See https://nodejs.org.`);
if (!commands.includes(command))
  giveUp(`Usage: node scripts/bootstrap.mjs <${commands.join(" | ")}> [arguments]`);

const installed = await installDependencies(root);
if (!installed.ok) giveUp(installed.failure);

const name = command.replace(":", "-");
const source = `scripts/${name}.ts`;
const entry = bundled.includes(command)
  ? await programOrSource(root, { name, entry: source }, (line) => process.stderr.write(`${line}\n`))
  : join(root, source);
const ended = await runPinnedNode(root, entry, args);
if (!ended.ok) giveUp(ended.failure);
process.exit(ended.value);
