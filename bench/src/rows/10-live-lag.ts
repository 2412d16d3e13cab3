import { waitUntil } from "../../../tests/chaos/trials/wait-until.ts";
import type { Bench } from "../bench.ts";
import { atMost } from "../figures/bar.ts";
import { type Figure, toFigure } from "../figures/figure.ts";
import type { Row } from "../row.ts";
import type { Service } from "../world/open-service.ts";

const boundMs = 30_000;

/**
 * A line says the time at which it was printed, in ms since the epoch: the sandbox has the clock of this machine. Before the
 * first of them all readers have had the time to come: who comes later is told of what was, and that is no lag.
 */
const print = (lines: number) => `import time
time.sleep(3)
for _ in range(${String(lines)}):
    time.sleep(0.05)
    print(time.time() * 1000, flush=True)`;

/** The time in ms since the epoch, finer than Date.now() says it. */
const now = () => performance.timeOrigin + performance.now();

/** How late each reader saw each line, in ms. */
async function lagsOf(
  service: Service,
  readers: number,
  lines: number,
  stop: AbortSignal,
): Promise<readonly number[]> {
  const { client } = service;
  const id = await client.schedule({ steps: [{ kind: "python", code: print(lines) }] });
  const read = async () => {
    const lags: number[] = [];
    const follow = async () => {
      for await (const { event, data } of client.events(id))
        if (event === "log" && data["stream"] === "stdout") lags.push(now() - Number(data["text"]));
      return true;
    };
    // Of many that come at once to a busy machine some may be told to come again, and do.
    const unlessTurnedAway = () =>
      follow().catch((error: unknown) => {
        if (lags.length === 0 && String(error).includes("503")) return null;
        throw error;
      });
    await waitUntil(unlessTurnedAway, { what: "a reader is let in", boundMs, stop });
    if (lags.length !== lines)
      throw new Error(`a reader saw ${String(lags.length)} of ${String(lines)} lines`);
    return lags;
  };
  const all = await Promise.all(Array.from({ length: readers }, read));
  await service.quiet();
  return all.flat();
}

async function lagFigure({ service, turns, stop }: Bench, readers: number): Promise<Figure> {
  const name = readers === 1 ? "1 reader" : `${String(readers)} readers`;
  const own = await lagsOf(service("cold"), readers, turns(400, 40).count, stop);
  return toFigure({ name, unit: "ms", own, bars: [atMost("p50", 100), atMost("p99", 500)] });
}

export const liveLag: Row = {
  number: 10,
  name: "live-lag",
  what: "from a line to its reader",
  method: "20 lines a second, each with its time: printed to seen on /events, n lines × readers",
  peer: "–",
  bar: "p50 ≤ 100 ms, p99 ≤ 500 ms",
  services: ["cold"],
  measure: async (bench) => [await lagFigure(bench, 1), await lagFigure(bench, 200)],
};
