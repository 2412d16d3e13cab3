// First, as it prepares zod for the rest.
import { countStatuses, type FuzzedService, startFuzzedService } from "./fuzzed-service.ts";
import fc from "fast-check";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzzSettings } from "../fuzz-settings.ts";
import { type FuzzedRequest, fuzzedRequests } from "./fuzzed-requests.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { type Answer, createSender, type Sender } from "./send-request.ts";

const { seed, requests } = fuzzSettings;
const atOnce = 10;
/** Above the 30 s that a cancel may be asked to wait, and far above all else, on a busy machine too: what is slower hangs. */
const limitMs = 60_000;
const grownMb = 64;

let service: FuzzedService;
let sender: Sender;
beforeAll(async () => {
  service = await startFuzzedService();
  sender = createSender(service.http.port, limitMs);
});
afterAll(async () => {
  sender.close();
  await service.http.remove();
});

/** On a busy machine the database may be late: asked again, as the answer says, it is not. A fault of ours stays. */
async function answerOf(request: FuzzedRequest): Promise<Answer> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await sender.send(request);
    const isLate = answer.status === 503 && answer.text.includes('"code":"database_unavailable"');
    if (!isLate || performance.now() > deadline) return answer;
  }
}

/** Megabytes that are in use after a collection. */
function heapMb(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / 1e6;
}

test(
  `no request made from the OpenAPI document is a fault of ours, hangs, or is answered in an undocumented way (seed ${String(seed)})`,
  { timeout: requests * 200 + 120_000 },
  async () => {
    const { operations, jobs, faults } = service;
    expect(operations.all.length).toBeGreaterThanOrEqual(12);
    const statuses = new Map<number, number>();
    const seen = new Set<string>();
    let slowestMs = 0;
    let sent = 0;
    let heapBefore = 0;
    const runs = Math.ceil(requests / atOnce);
    const judge = async (request: FuzzedRequest) => {
      const answer = await answerOf(request);
      const fault = judgeAnswer(request, answer);
      if (fault !== null) throw new Error(`${request.method} ${request.target} ${fault}`);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      seen.add(`${request.operation.method} ${request.operation.path}`);
      slowestMs = Math.max(slowestMs, answer.ms);
    };
    const batches = fc.array(fuzzedRequests(operations, jobs), { minLength: atOnce, maxLength: atOnce });
    const property = fc.asyncProperty(batches, async (batch) => {
      if (sent % 500 === 0) await service.beWell();
      // After the first tenth, when all that is made once is there.
      if (sent === Math.ceil(runs / 10) * atOnce) heapBefore = heapMb();
      sent += batch.length;
      await Promise.all(batch.map(judge));
    });
    await fc.assert(property, { seed, numRuns: runs, endOnFailure: true });
    const heapAfter = heapMb();
    process.stdout.write(
      `fuzzed ${String(sent)} requests, seed ${String(seed)}: ${countStatuses(statuses)}; ` +
        `slowest ${slowestMs.toFixed(0)} ms; heap ${heapBefore.toFixed(0)} → ${heapAfter.toFixed(0)} MB\n`,
    );
    expect(faults).toEqual([]);
    expect(seen.size).toBe(operations.all.length);
    expect(heapAfter - heapBefore).toBeLessThan(grownMb);
  },
);
