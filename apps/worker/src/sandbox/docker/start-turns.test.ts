import { expect, test } from "vitest";
import { createStartTurns } from "./start-turns.ts";

const never = new AbortController().signal;

/** Work that says when it begins, and ends when it is told to. */
function createWork(begun: string[], name: string) {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  return {
    work: () => {
      begun.push(name);
      return ended;
    },
    end: () => end(name),
  };
}

test("of starts that come together no more are under way than there are processors, and the others follow in order", async () => {
  const begun: string[] = [];
  const { take } = createStartTurns(async () => 2);
  const starts = ["first", "second", "third", "fourth"].map((name) => createWork(begun, name));
  const turns = starts.map(({ work }) => take(work, never));
  await expect.poll(() => begun).toEqual(["first", "second"]);
  for (const [index, start] of starts.entries()) {
    start.end();
    await turns[index];
  }
  expect(begun).toEqual(["first", "second", "third", "fourth"]);
});

test("a start that waits for its turn is dropped when it is aborted, and one that is under way is not", async () => {
  const begun: string[] = [];
  const { take } = createStartTurns(async () => 1);
  const under = createWork(begun, "under way");
  const stop = new AbortController();
  const first = take(under.work, stop.signal);
  const waiting = take(createWork(begun, "waiting").work, stop.signal);
  const last = createWork(begun, "last");
  const behind = take(last.work, never);
  await expect.poll(() => begun).toEqual(["under way"]);
  stop.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
  under.end();
  expect(await first).toBe("under way");
  last.end();
  await behind;
  expect(begun).toEqual(["under way", "last"]);
});

test("a start that fails lets the next one begin", async () => {
  const { take } = createStartTurns(async () => 1);
  const failing = take(async () => Promise.reject(new Error("no such image")), never);
  const next = take(async () => "begun", never);
  await expect(failing).rejects.toThrow("no such image");
  expect(await next).toBe("begun");
});

test("what no Job waits for leaves one turn free, and begins behind every Job that waits", async () => {
  const begun: string[] = [];
  const { take, takeSpare } = createStartTurns(async () => 2);
  const [first, second, third] = [
    createWork(begun, "first"),
    createWork(begun, "second"),
    createWork(begun, "third"),
  ];
  const [spare, next, later] = [
    createWork(begun, "spare"),
    createWork(begun, "next"),
    createWork(begun, "later"),
  ];
  const jobs = [take(first.work, never), take(second.work, never)];
  const spares = [takeSpare(spare.work, never), takeSpare(later.work, never)];
  jobs.push(take(third.work, never));
  await expect.poll(() => begun).toEqual(["first", "second"]);
  first.end();
  await jobs[0];
  await expect.poll(() => begun.at(-1)).toBe("third");
  second.end();
  await jobs[1];
  third.end();
  await jobs[2];
  await expect.poll(() => begun.at(-1)).toBe("spare");
  const at = take(next.work, never);
  await expect.poll(() => begun.at(-1)).toBe("next");
  next.end();
  await at;
  spare.end();
  await spares[0];
  await expect.poll(() => begun.at(-1)).toBe("later");
  later.end();
  await Promise.all(spares);
});

test("with one processor it begins while nobody starts, and is dropped where it is aborted before", async () => {
  const begun: string[] = [];
  const { take, takeSpare } = createStartTurns(async () => 1);
  const job = createWork(begun, "job");
  const started = take(job.work, never);
  const stop = new AbortController();
  const dropped = takeSpare(createWork(begun, "dropped").work, stop.signal);
  const spare = createWork(begun, "spare");
  const waiting = takeSpare(spare.work, never);
  await expect.poll(() => begun).toEqual(["job"]);
  stop.abort(new Error("stopped"));
  await expect(dropped).rejects.toThrow("stopped");
  job.end();
  await started;
  await expect.poll(() => begun).toEqual(["job", "spare"]);
  spare.end();
  await waiting;
});
