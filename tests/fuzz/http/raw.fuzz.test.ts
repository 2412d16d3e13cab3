// First, as it prepares zod for the rest.
import { countStatuses, type FuzzedService, startFuzzedService } from "./fuzzed-service.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzzSettings } from "../fuzz-settings.ts";
import { readAll, statusesIn } from "../../support/raw-http.ts";
import { rawRequests } from "./raw-requests.ts";

const { seed } = fuzzSettings;
const connections = Math.ceil(fuzzSettings.requests / 4);
const atOnce = 25;
/** Far above the bounds below: a connection that is open then would stay so. */
const limitMs = 20_000;

let service: FuzzedService;
beforeAll(async () => {
  // A request that never ends is given up after these, instead of a minute.
  const bounds = {
    headersMs: 400,
    requestMs: 500,
    idleMs: 300,
    stalledMs: 2_000,
    untakenMs: 2_000,
    checkMs: 100,
  };
  service = await startFuzzedService(bounds);
});
afterAll(() => service.http.remove());

/** All that comes back; rejects where the connection is not closed in time. */
async function exchange(bytes: Buffer): Promise<string> {
  const socket = service.http.open();
  const limit = setTimeout(() => socket.destroy(), limitMs);
  const began = performance.now();
  socket.write(bytes);
  const answer = await readAll(socket);
  clearTimeout(limit);
  if (performance.now() - began >= limitMs) throw new Error("the connection was never closed");
  return answer;
}

test(
  `bytes that are nearly a request are answered below 500 or not at all, and their connection ends (seed ${String(seed)})`,
  { timeout: connections * 1_000 + 60_000 },
  async () => {
    const arbitrary = rawRequests(service.operations, [service.jobs[2]]);
    const statuses = new Map<number, number>();
    const property = fc.asyncProperty(
      fc.array(arbitrary, { minLength: atOnce, maxLength: atOnce }),
      async (batch) => {
        await service.beWell();
        const answers = await Promise.all(batch.map(exchange));
        for (const [index, answer] of answers.entries()) {
          const found = statusesIn(answer);
          const sent = JSON.stringify(batch[index]?.toString("latin1").slice(0, 2_000));
          if (answer !== "" && !answer.startsWith("HTTP/1.1 "))
            throw new Error(`no answer of HTTP comes back for ${sent}: ${answer.slice(0, 300)}`);
          const fault = found.find((status) => status >= 500);
          if (fault !== undefined) throw new Error(`${String(fault)} comes back for ${sent}: ${answer}`);
          for (const status of found) statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      },
    );
    await fc.assert(property, { seed, numRuns: Math.ceil(connections / atOnce), endOnFailure: true });
    process.stdout.write(
      `fuzzed ${String(connections)} connections, seed ${String(seed)}: ${countStatuses(statuses)}\n`,
    );
    expect(service.faults).toEqual([]);
    expect((await service.http.api.app.request("/health")).status).toBe(200);
    // Else nothing was tried but the refusal of everything.
    expect(statuses.get(200)).toBeGreaterThan(0);
    expect(statuses.get(400)).toBeGreaterThan(0);
  },
);
