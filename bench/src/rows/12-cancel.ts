import { startPrinting } from "../../../tests/support/running-job.ts";
import { atMost } from "../figures/bar.ts";
import { toFigure } from "../figures/figure.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { watchEnds } from "../measure/watch-ends.ts";
import type { Row } from "../row.ts";

export const cancel: Row = {
  number: 12,
  name: "cancel",
  what: "from the cancel to the container's end",
  method: "POST /cancel of a job that sleeps to the engine's own word that its container has ended",
  peer: "docker kill of a plain container, by the same word",
  bar: "p50 ≤ 150 ms, p99 ≤ 2 s",
  services: ["cold"],
  measure: async ({ service, engine, turns }) => {
    const { client, quiet } = service("cold");
    using ends = await watchEnds(engine.docker);
    const times = await takeTurns(
      {
        longshore: async () => {
          const id = await startPrinting(client, "echo started; sleep 600");
          const ended = ends.next((name) => name.includes(id));
          const began = performance.now();
          await client.request(`/cancel/${id}`, { method: "POST" });
          const tookMs = (await ended) - began;
          await client.ended(id);
          await quiet();
          return tookMs;
        },
        kill: async () => {
          const id = await engine.start(["sleep", "infinity"]);
          const ended = ends.next((_, container) => container === id);
          const began = performance.now();
          await engine.time(["kill", id]);
          const tookMs = (await ended) - began;
          await engine.removeAll();
          return tookMs;
        },
      },
      turns(20, 4),
    );
    return [
      toFigure({
        ...{ name: "container ended", unit: "ms", own: times.longshore },
        peer: { name: "docker kill", values: times.kill },
        bars: [atMost("p50", 150), atMost("p99", 2_000)],
      }),
    ];
  },
};
