import { join } from "node:path";
import { waitUntil } from "../../../tests/chaos/trials/wait-until.ts";
import type { Bench } from "../bench.ts";
import { atLeast, atMost } from "../figures/bar.ts";
import { toFigure } from "../figures/figure.ts";
import { growthDuring } from "../measure/process-memory.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { timeProgram } from "../measure/time-program.ts";
import type { Row } from "../row.ts";
import type { Service } from "../world/open-service.ts";

const boundSeconds = 300;

/** Lines a second from the Step's start until its end, and with it every line before it, is a durable row. */
async function printLines(service: Service, lines: number, stop: AbortSignal): Promise<number> {
  const { client, quiet } = service;
  const steps = [{ kind: "shell", command: `seq 1 ${String(lines)}` }];
  const id = await client.schedule({ steps, limits: { log_mb: 256, timeout_seconds: boundSeconds } });
  const atStatus = async (...statuses: readonly string[]) => {
    const status = (await client.status(id)).plan?.steps[0]?.status;
    return status !== undefined && statuses.includes(status) ? performance.now() : null;
  };
  const options = { boundMs: boundSeconds * 1_000, stop, everyMs: 25 };
  const began = await waitUntil(() => atStatus("running", "succeeded"), {
    ...options,
    what: "the step runs",
  });
  const over = await waitUntil(() => atStatus("succeeded"), { ...options, what: "the lines are stored" });
  await client.ended(id, options.boundMs);
  await quiet();
  const tail = await client.request(`/logs/${id}?after=${String(lines)}&format=text`);
  const last = (await tail.text()).trimEnd().split("\n").at(-1);
  if (last !== String(lines)) throw new Error(`the last line is ${String(last)}, and not ${String(lines)}`);
  return lines / ((over - began) / 1_000);
}

/** The same by hand: a container whose engine keeps its log, and `docker logs` of it into a file. */
async function byHand({ engine, folder, stop }: Bench, lines: number): Promise<number> {
  const began = performance.now();
  const id = await engine.start(["seq", "1", String(lines)]);
  const keep = 'exec docker logs --follow "$0" > "$1"';
  await timeProgram("sh", ["-c", keep, id, join(folder, "logs.txt")], stop);
  const seconds = (performance.now() - began) / 1_000;
  await engine.removeAll();
  return lines / seconds;
}

export const logPath: Row = {
  number: 9,
  name: "log-path",
  what: "lines of a flood a second",
  method:
    "a program prints 1,000,000 lines (200,000 with --quick): until all are durable rows; growth of the worker's RSS",
  peer: "a plain container's log, docker logs --follow > file",
  bar: "≥ 100,000 lines a second at < 50 MB growth",
  services: ["cold"],
  measure: async (bench) => {
    const service = bench.service("cold");
    const lines = bench.isQuick ? 200_000 : 1_000_000;
    const growth: number[] = [];
    const [worker] = service.workers;
    const rates = await takeTurns(
      {
        longshore: async () => {
          const printed = await growthDuring(worker?.pid ?? 0, () => printLines(service, lines, bench.stop));
          growth.push(printed.grownMb);
          return printed.value;
        },
        plain: () => byHand(bench, lines),
      },
      bench.turns(3, 1, 0),
    );
    return [
      toFigure({
        ...{ name: "lines", unit: "per second", own: rates.longshore, bars: [atLeast("p50", 100_000)] },
        peer: { name: "docker logs", values: rates.plain },
      }),
      toFigure({ name: "the worker grows by", unit: "MB", own: growth, bars: [atMost("max", 50)] }),
    ];
  },
};
