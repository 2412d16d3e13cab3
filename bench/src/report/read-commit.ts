import { runProgram } from "../../../scripts/host/run-program.ts";

const limitMs = 10_000;

/** The commit that is measured, with `-changed` where files differ from it; null outside a clone. */
export async function readCommit(root: string): Promise<string | null> {
  const { code, output } = await runProgram("git", ["rev-parse", "HEAD"], { cwd: root, limitMs });
  if (code !== 0) return null;
  // What the bench itself writes is no change of what it measures.
  const unchanged = ["diff", "--quiet", "HEAD", "--", ".", ":!bench/results.json", ":!bench/charts"];
  const { code: changed } = await runProgram("git", unchanged, { cwd: root, limitMs });
  return `${output.trim().slice(0, 12)}${changed === 0 ? "" : "-changed"}`;
}
