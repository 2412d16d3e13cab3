import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Report } from "../../scripts/doctor/report.ts";

/** How `npm run doctor -- --json` ended. */
export interface DoctorEnd {
  readonly code: number | null;
  /** Null where it could not look. */
  readonly report: Report | null;
  /** What it said besides. */
  readonly said: string;
  /** The lines of the report that are wrong, by name, with their examples. */
  readonly wrong: Readonly<Record<string, readonly string[]>>;
}

/** Runs the command as a process of its own, with these settings and none of the tests'. */
export async function runDoctor(
  settings: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<DoctorEnd> {
  const entry = fileURLToPath(new URL("../../scripts/doctor.ts", import.meta.url));
  const { PATH = "", HOME = "", DOCKER_HOST } = process.env;
  const child = spawn(process.execPath, [entry, "--json", ...options], {
    env: { PATH, HOME, ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }), ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  // safety: what the command prints with --json is a Report, or nothing.
  const report = out === "" ? null : (JSON.parse(out) as Report);
  const wrong = Object.fromEntries(
    (report?.lines ?? []).flatMap((line) => (line.wrong === 0 ? [] : [[line.name, line.examples]])),
  );
  return { code, report, said, wrong };
}
