import { join } from "node:path";

export interface GateTool {
  readonly name: string;
  /** What it holds, for the summary. */
  readonly holds: string;
  /** The JavaScript file that it is run from, relative to node_modules. */
  readonly script: string;
  readonly args: readonly string[];
}

/** The tools of the gate, longest first, so that two at a time end soonest. */
export const gateTools: readonly GateTool[] = [
  { name: "tsc", holds: "types", script: "typescript/bin/tsc", args: ["-p", "."] },
  {
    name: "client",
    holds: "the client uses web standards alone",
    script: "typescript/bin/tsc",
    args: ["-p", "packages/client", "--noEmit"],
  },
  {
    name: "cli",
    holds: "the command line uses what Node 20 has",
    script: "typescript/bin/tsc",
    args: ["-p", "apps/cli"],
  },
  {
    name: "dashboard",
    holds: "types of what runs in browsers",
    script: "typescript/bin/tsc",
    args: ["-p", "apps/web"],
  },
  {
    name: "oxlint",
    holds: "lint, sizes, import arrows",
    script: "oxlint/bin/oxlint",
    args: ["--type-aware", "--deny-warnings", "--report-unused-disable-directives"],
  },
  {
    name: "jscpd",
    holds: "repeated code",
    script: "jscpd/bin/jscpd",
    args: ["--config", ".jscpd.json", "."],
  },
  { name: "knip", holds: "unused code and dependencies", script: "knip/bin/knip.js", args: [] },
  {
    name: "prettier",
    holds: "format",
    script: "prettier/bin/prettier.cjs",
    args: ["--check", "--log-level", "warn", "."],
  },
  {
    name: "structure",
    holds: "arrows, sizes, words",
    script: "vitest/vitest.mjs",
    args: ["run", "--project", "structure", "--reporter", "default"],
  },
];

/** The command line of a tool: under the Node that runs this, whatever the PATH says. */
export function toolCommand(
  root: string,
  { script, args }: GateTool,
): { file: string; args: readonly string[] } {
  return { file: process.execPath, args: [join(root, "node_modules", script), ...args] };
}
