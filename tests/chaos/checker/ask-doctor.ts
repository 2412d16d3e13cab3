import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "../../../scripts/root.ts";
import type { Timeline } from "../report/timeline.ts";
import type { ChaosWorld } from "../world/chaos-world.ts";

/** The part of the doctor's report (`--json`) that is looked at. */
interface DoctorReport {
  readonly lines: readonly {
    readonly name: string;
    readonly wrong: number;
    readonly examples: readonly string[];
  }[];
}

const boundMs = 120_000;

type Looked = Pick<ChaosWorld, "engineHost" | "postgresUrl" | "redis" | "folder" | "archiveFolder">;

/** Has `npm run doctor` look at the service after the run; whatever it finds is a violation. */
export async function askDoctor(world: Looked, timeline: Timeline): Promise<void> {
  const child = spawn(process.execPath, [join(root, "scripts", "doctor.ts"), "--json", "--deep"], {
    cwd: root,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      DOCKER_HOST: world.engineHost,
      DATABASE_URL: world.postgresUrl,
      REDIS_URL: world.redis.url,
      DATA_DIR: world.folder,
      AGENT_OUTPUT_DIR: world.archiveFolder,
    },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: boundMs,
  });
  const exited = once(child, "exit");
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await exited) as [number | null];
  if (code === 0) return;
  if (code !== 1) {
    timeline.broken(4, null, `the doctor could not look (${String(code)}): ${errors.trim().slice(-500)}`);
    return;
  }
  // safety: the form that the doctor's own tests hold it to.
  const report = JSON.parse(output) as DoctorReport;
  for (const { name, wrong, examples } of report.lines)
    if (wrong > 0)
      timeline.broken(4, null, `the doctor finds ${String(wrong)} wrong of ${name}: ${examples.join("; ")}`);
}
