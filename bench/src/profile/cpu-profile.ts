import { z } from "zod";

/** What Node writes by --cpu-prof: the tree of calls, and which of its nodes was met at each sample. Times are microseconds. */
export const cpuProfile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({
        ...{ functionName: z.string(), url: z.string() },
        // Both count from 0, and are -1 where V8 knows none.
        ...{ lineNumber: z.number(), columnNumber: z.number() },
      }),
      children: z.array(z.number()).default([]),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

export type CpuProfile = z.output<typeof cpuProfile>;
