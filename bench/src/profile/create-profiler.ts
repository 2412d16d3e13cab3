import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cpuProfile } from "./cpu-profile.ts";
import { drawFlameChart } from "./draw-flame-chart.ts";
import { flameFrames } from "./flame-frames.ts";
import { nameSources } from "./name-sources.ts";

/** Has the processes of a service write CPU profiles, and draws a flame chart of each. */
export interface Profiler {
  /** Where they lie, in a folder for each row. */
  readonly folder: string;
  /** What is started from here on is measured by this row. */
  begin(row: string): Promise<void>;
  /** The settings with which a part of the service is to be started. */
  settingsOf(part: string): Readonly<Record<string, string>>;
  /** To be called when a part has ended: Node writes the profile at the end. */
  onEnded(part: string, pid: number): Promise<void>;
}

/** What is narrower could not be seen. */
const leastShare = 0.002;

export function createProfiler(folder: string): Profiler {
  let current = folder;
  const drawn = new Map<string, number>();
  return {
    folder,
    begin: async (row) => {
      current = join(folder, row);
      drawn.clear();
      await mkdir(current, { recursive: true });
    },
    settingsOf: () => ({ NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${current}` }),
    onEnded: async (part, pid) => {
      const written = (await readdir(current)).find(
        (name) => name.startsWith("CPU.") && name.includes(`.${String(pid)}.0.`),
      );
      // A process that was killed has none.
      if (written === undefined) return;
      const count = (drawn.get(part) ?? 0) + 1;
      drawn.set(part, count);
      const name = count === 1 ? part : `${part}.${String(count)}`;
      const file = join(current, `${name}.cpuprofile`);
      await rename(join(current, written), file);
      const profile = await nameSources(cpuProfile.parse(JSON.parse(await readFile(file, "utf8"))));
      await writeFile(join(current, `${name}.svg`), drawFlameChart(name, flameFrames(profile, leastShare)));
    },
  };
}
