import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cpuProfile } from "./cpu-profile.ts";
import { drawFlameChart } from "./draw-flame-chart.ts";
import { flameFrames } from "./flame-frames.ts";
import { nameSources } from "./name-sources.ts";
import { profileThisProcess } from "./own-profile.ts";

/**
 * Has the processes of a service write CPU profiles, and draws a flame chart of each; and of this one, in which clients and
 * the peers of the queue run.
 */
export interface Profiler {
  /** Where they lie, in a folder for each row. */
  readonly folder: string;
  /** What is started from here on is measured by this row. */
  begin(row: string): Promise<void>;
  /** The settings with which a part of the service is to be started. */
  settingsOf(part: string): Readonly<Record<string, string>>;
  /** To be called when a part has ended: Node writes the profile at the end. */
  onEnded(part: string, pid: number): Promise<void>;
  /** The row is over, and all its parts have ended. */
  end(): Promise<void>;
}

/** What is narrower could not be seen. */
const leastShare = 0.002;

export function createProfiler(folder: string): Profiler {
  let current = folder;
  let endOwn: (() => Promise<string>) | null = null;
  const drawn = new Map<string, number>();
  return {
    folder,
    begin: async (row) => {
      current = join(folder, row);
      drawn.clear();
      await mkdir(current, { recursive: true });
      endOwn = await profileThisProcess();
    },
    // In quotes, as the path may have spaces in it.
    settingsOf: () => ({ NODE_OPTIONS: `--cpu-prof ${JSON.stringify(`--cpu-prof-dir=${current}`)}` }),
    onEnded: async (part, pid) => {
      const written = (await readdir(current)).find(
        (name) => name.startsWith("CPU.") && name.includes(`.${String(pid)}.0.`),
      );
      // A process that was killed has none.
      if (written === undefined) return;
      const count = (drawn.get(part) ?? 0) + 1;
      drawn.set(part, count);
      const name = count === 1 ? part : `${part}.${String(count)}`;
      await rename(join(current, written), join(current, `${name}.cpuprofile`));
      await drawProfile(current, name);
    },
    end: async () => {
      if (endOwn === null) return;
      await writeFile(join(current, "bench.cpuprofile"), await endOwn());
      endOwn = null;
      await drawProfile(current, "bench");
    },
  };
}

async function drawProfile(folder: string, name: string): Promise<void> {
  const text = await readFile(join(folder, `${name}.cpuprofile`), "utf8");
  const profile = await nameSources(cpuProfile.parse(JSON.parse(text)));
  await writeFile(join(folder, `${name}.svg`), drawFlameChart(name, flameFrames(profile, leastShare)));
}
