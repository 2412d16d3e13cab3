import { expect, test } from "vitest";
import { toUse } from "./container-use.ts";

const cpu_stats = { cpu_usage: { total_usage: 25_625_122 } };

test.each([
  [
    "cgroup v1",
    { usage: 987_136, stats: { total_rss: 212_992, rss: 1, total_inactive_file: 4_096 } },
    212_992,
  ],
  ["cgroup v2", { usage: 987_136, stats: { anon: 300_000, inactive_file: 4_096, shmem: 100_000 } }, 300_000],
  ["a runtime that tells what is used alone", { usage: 50_000, stats: { inactive_file: 10_000 } }, 40_000],
  ["a runtime that tells no more than that", { usage: 50_000 }, 50_000],
])("what a sandbox uses is read from the words of %s", (_, memory_stats, memoryBytes) => {
  expect(toUse({ cpu_stats, memory_stats })).toEqual({ memoryBytes, cpuMs: 25 });
});

test.each([
  null,
  "stats",
  {},
  { cpu_stats, memory_stats: {} },
  { cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: { usage: 0 } },
  { cpu_stats: { cpu_usage: { total_usage: "1" } }, memory_stats: { usage: 1 } },
  { cpu_stats, memory_stats: { usage: -1 } },
])("%j says nothing", (stats) => {
  expect(toUse(stats)).toBeNull();
});
