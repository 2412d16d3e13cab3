import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { atMost } from "../figures/bar.ts";
import { toFigure } from "../figures/figure.ts";
import { growthDuring } from "../measure/process-memory.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { happened, timeLoneJob } from "../measure/time-job.ts";
import { timeProgram } from "../measure/time-program.ts";
import { type Tree, writeTree } from "../measure/output-tree.ts";
import type { Row } from "../row.ts";

const limits = { disk_mb: 1_024, output_mb: 512, memory_mb: 2_048, timeout_seconds: 300 };

/** From the end of the Step that made the files to the Job's end: outputs taken, zipped and stored, container gone. */
async function archived({ service }: Bench, { code }: Tree): Promise<number> {
  const { lastStep, ended } = await timeLoneJob(service("cold"), {
    steps: [{ kind: "python", code }],
    limits,
  });
  return ended - happened(lastStep);
}

async function zipped(
  { folder, stop }: Bench,
  { name }: Tree,
  ...options: readonly string[]
): Promise<number> {
  const file = join(folder, `${name}.zip`);
  const tookMs = await timeProgram("zip", ["-q", "-r", ...options, file, name], stop, folder);
  await rm(file);
  return tookMs;
}

export const archive: Row = {
  number: 11,
  name: "archive",
  what: "outputs into the zip",
  method:
    "200 MB in one file, and 20,000 files of 1 KB, none of it compressible: from the step's end to the job's",
  peer: "zip -r of the same files on this machine's disk",
  bar: "one file ≤ 1.3 × zip -1; small files ≤ 3 × zip; the worker grows < 50 MB",
  services: ["cold"],
  measure: async (bench) => {
    const large = await writeTree(bench.folder, { name: "large", files: 1, bytesEach: 200 * 1_048_576 });
    const small = await writeTree(bench.folder, { name: "small", files: 20_000, bytesEach: 1_024 });
    const growth: number[] = [];
    const [worker] = bench.service("cold").workers;
    const own = async (tree: Tree) => {
      const { value, grownMb } = await growthDuring(worker?.pid ?? 0, () => archived(bench, tree));
      growth.push(grownMb);
      return value;
    };
    const times = await takeTurns(
      {
        large: () => own(large),
        zipLarge: () => zipped(bench, large, "-1"),
        small: () => own(small),
        zipSmall: () => zipped(bench, small),
      },
      bench.turns(3, 1, 0),
    );
    return [
      toFigure({
        ...{ name: "200 MB in one file", unit: "ms", own: times.large, bars: [atMost("ratio", 1.3)] },
        peer: { name: "zip -1", values: times.zipLarge },
      }),
      toFigure({
        ...{ name: "20,000 files of 1 KB", unit: "ms", own: times.small, bars: [atMost("ratio", 3)] },
        peer: { name: "zip", values: times.zipSmall },
      }),
      toFigure({ name: "the worker grows by", unit: "MB", own: growth, bars: [atMost("max", 50)] }),
    ];
  },
};
