import fc from "fast-check";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../support/test-database.ts";
import { createStoreInMemory, createStoreInPostgres, type EventStore } from "./event-store.ts";
import { createStreamWorld, type Fate, type StreamWorld } from "./stream-world.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.remove());

const fate = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Fate>("stored") },
  { weight: 1, arbitrary: fc.constantFrom<Fate>("lost", "answer_lost", "late") },
);
const happening = fc.oneof(
  {
    weight: 6,
    // Frames of 600 lines make batches that have to be cut.
    arbitrary: fc.record({ does: fc.constant("print" as const), lines: fc.constantFrom(1, 2, 3, 600) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constant("deliver" as const), frames: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 6, arbitrary: fc.record({ does: fc.constant("answer" as const), fate }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("doLate" as const), which: fc.nat(3) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant("acknowledge" as const),
      which: fc.nat(5),
      twice: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("crash" as const) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

const windowBytes = 10_000;

async function happen(world: StreamWorld, it: Happening): Promise<void> {
  if (it.does === "print") {
    // A program that prints more than the window holds is blocked.
    if (world.hasRoom()) world.print(it.lines);
  } else if (it.does === "deliver") world.deliver(it.frames);
  else if (it.does === "answer") await world.answer(it.fate);
  else if (it.does === "doLate") await world.doLate(it.which);
  else if (it.does === "acknowledge") world.acknowledge(it.which, it.twice);
  else await world.crash();
  // What was answered is heard before the next thing happens.
  await new Promise((resolve) => setImmediate(resolve));
}

/** Lets everything go well from here on, until all is stored or ten seconds are over. */
async function drain(world: StreamWorld, store: EventStore): Promise<readonly string[]> {
  const until = performance.now() + 10_000;
  for (;;) {
    world.deliver(Number.POSITIVE_INFINITY);
    await world.answer("stored");
    world.acknowledge(0, false);
    await pause(1);
    const texts = await store.texts();
    if ((texts.length >= world.printed() && world.hasRoom()) || performance.now() > until) return texts;
  }
}

async function plays(happenings: readonly Happening[], store: EventStore): Promise<void> {
  const world = await createStreamWorld(store, windowBytes);
  try {
    for (const each of happenings) await happen(world, each);
    const texts = await drain(world, store);
    await world.doLate(0);
    expect(world.breaches).toEqual([]);
    expect(texts).toEqual(Array.from({ length: world.printed() }, (_, index) => String(index + 1)));
    expect(await store.texts()).toEqual(texts);
  } finally {
    world.close();
  }
}

const manyHappenings = fc.array(happening, { minLength: 5, maxLength: 60 });

test("any interleaving of crashes, lost answers, late statements, resends and acknowledgements out of order stores 1…n once each", async () => {
  // They mostly wait: side by side, each with its own seed.
  const many = Array.from({ length: 25 }, () =>
    fc.assert(
      fc.asyncProperty(manyHappenings, (all) => plays(all, createStoreInMemory())),
      { numRuns: 8, endOnFailure: true },
    ),
  );
  await Promise.all(many);
}, 60_000);

test("the same with the real statement on PostgreSQL", async () => {
  await fc.assert(
    fc.asyncProperty(manyHappenings, async (all) => {
      await plays(all, await createStoreInPostgres(database.sql));
      await database.sql`TRUNCATE jobs, job_events`;
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 60_000);
