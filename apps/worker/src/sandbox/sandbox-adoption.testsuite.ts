import { expect, it } from "vitest";
import {
  followSteps,
  runSteps,
  sendSteps,
  testToken,
  untilFramesEnd,
  untilStepStarted,
} from "./run-steps.testkit.ts";
import type { Adoption, AdoptionSpec, Sandbox, SandboxProvider, SandboxSpec } from "./sandbox-provider.ts";
import { endAndRemove, newSpec, outputsOf, soon, started, type Suite } from "./sandbox-under-test.testkit.ts";

/** What the next owner after the first takes a Sandbox over with. */
export function adoptionOf(spec: SandboxSpec, changes: Partial<AdoptionSpec> = {}): AdoptionSpec {
  return { jobId: spec.jobId, attempt: spec.attempt, epoch: 1, token: testToken, after: 0, ...changes };
}

export async function adopted(provider: SandboxProvider, spec: AdoptionSpec): Promise<Sandbox> {
  const adoption = await provider.adopt(spec, soon());
  if (adoption.type !== "adopted") throw new Error(`Not adopted: ${JSON.stringify(adoption)}`);
  return adoption.sandbox;
}

const numbers = (last: number): string[] => Array.from({ length: last }, (_, at) => String(at + 1));

/** Prints 1 to 100, as fast as it can, and 101 to 200 after somebody has made the file "go". */
const counting = [
  "for i in $(seq 1 100); do echo $i; done; until [ -e go ]; do sleep 0.05; done; for i in $(seq 101 200); do echo $i; done",
  "echo the next Step",
];

async function startedCounting(provider: SandboxProvider, spec: SandboxSpec): Promise<Sandbox> {
  const sandbox = await started(provider, spec);
  await sendSteps(sandbox, counting);
  await untilStepStarted(sandbox);
  return sandbox;
}

/** Makes the file that `counting` waits for: agents put files where they are told to, also later. */
const letCount = (sandbox: Sandbox): Promise<void> =>
  sandbox.send({ type: "file", path: "go", data: "", append: false });

/** What every SandboxProvider must do for a worker that takes the Sandbox of another one over. */
export function adoptionTests({ provider, under }: Suite): void {
  it("hands the running Sandbox of an owner that went without a word to the next, who hears all that was not stored", async () => {
    const spec = newSpec();
    const first = await startedCounting(provider(), spec);
    const adoption = await provider().adopt(adoptionOf(spec, { after: 1 }), soon());
    if (adoption.type !== "adopted") throw new Error(adoption.type);
    const { sandbox, running } = adoption;
    expect(running).toBe(true);
    expect([sandbox.ref, sandbox.warm]).toEqual([first.ref, false]);
    expect(await provider().list(soon())).toMatchObject([{ ref: first.ref, attempt: 1, epoch: 1 }]);
    await letCount(sandbox);
    const run = await followSteps(sandbox);
    expect(run).toMatchObject({ done: true, exitCodes: [0, 0] });
    expect(run.text.split("\n")).toEqual([...numbers(200), "the next Step"]);
    expect(run.events.filter(({ type }) => type === "step_started")).toHaveLength(1);
    expect(sandbox.breach()).toBeNull();
    await endAndRemove(sandbox);
  });

  it("hands on a Sandbox that has not got its Job yet, and one whose Steps have ended", async () => {
    const spec = newSpec();
    await started(provider(), spec);
    const second = await provider().adopt(adoptionOf(spec), soon());
    if (second.type !== "adopted") throw new Error(second.type);
    expect(second.running).toBe(false);
    expect(await runSteps(second.sandbox, ["echo one"])).toMatchObject({ done: true, text: "one" });
    const third = await adopted(provider(), adoptionOf(spec, { epoch: 2, after: 3 }));
    expect(await followSteps(third)).toEqual({ done: true, events: [], exitCodes: [], text: "" });
    await endAndRemove(third);
  });

  it("goes on with the Steps of one that was let go, and hands it to whoever adopts it", async () => {
    const spec = newSpec();
    const first = await startedCounting(provider(), spec);
    first.detach();
    await untilFramesEnd(first);
    expect(first.breach()).toBeNull();
    await expect(first.send({ type: "cancel" })).rejects.toThrow("gone");
    const sandbox = await adopted(provider(), adoptionOf(spec));
    await letCount(sandbox);
    expect((await followSteps(sandbox)).text.split("\n")).toHaveLength(201);
    await endAndRemove(sandbox);
  });

  it.each([-150, -60, -20, -5, 0, 5, 20, 60, 150])(
    "has one owner after two that adopt it, that of the later Lease %i ms after the other: the later Lease wins",
    async (afterMs) => {
      const spec = newSpec();
      await startedCounting(provider(), spec);
      const low = adoptAfter(provider(), adoptionOf(spec, { epoch: 1 }), Math.max(0, -afterMs));
      const high = adoptAfter(provider(), adoptionOf(spec, { epoch: 2 }), Math.max(0, afterMs));
      const [loser, winner] = await Promise.all([low, high]);
      if (winner.type !== "adopted") throw new Error(JSON.stringify(winner));
      if (loser.type === "adopted") {
        await untilFramesEnd(loser.sandbox);
        expect(loser.sandbox.breach()).toBeNull();
      } else expect(loser).toEqual({ type: "superseded" });
      expect(await provider().list(soon())).toMatchObject([{ epoch: 2, running: true }]);
      await letCount(winner.sandbox);
      expect(await followSteps(winner.sandbox)).toMatchObject({ done: true, exitCodes: [0, 0] });
      await endAndRemove(winner.sandbox);
    },
  );

  it("leaves the Sandbox of a later owner alone, whoever asks too late", async () => {
    const spec = newSpec();
    await startedCounting(provider(), spec);
    const sandbox = await adopted(provider(), adoptionOf(spec, { epoch: 2 }));
    for (const epoch of [1, 2])
      expect(await provider().adopt(adoptionOf(spec, { epoch }), soon())).toEqual({ type: "superseded" });
    expect(await sandbox.alive(soon())).toBe("running");
    await endAndRemove(sandbox);
  });

  it("removes nothing that has got a later owner since it was listed, whoever removes it so late", async () => {
    const spec = newSpec();
    await startedCounting(provider(), spec);
    const before = await provider().list(soon());
    const sandbox = await adopted(provider(), adoptionOf(spec));
    for (const listed of before) await provider().removeListed(listed);
    expect(await sandbox.alive(soon())).toBe("running");
    await letCount(sandbox);
    expect(await followSteps(sandbox)).toMatchObject({ done: true, exitCodes: [0, 0] });
    await endAndRemove(sandbox);
  });

  it("gives one that was adopted many times by two at once to the later of them each time, by its agent and by its name", async () => {
    const spec = newSpec();
    await startedCounting(provider(), spec);
    let last: Sandbox | null = null;
    for (let epoch = 1; epoch < 40; epoch += 2) {
      const low = provider().adopt(adoptionOf(spec, { epoch }), soon());
      const high = await adopted(provider(), adoptionOf(spec, { epoch: epoch + 1 }));
      expect((await low).type).not.toBe("gone");
      expect(await high.alive(soon())).toBe("running");
      last = high;
    }
    if (last === null) throw new Error("Nobody adopted it.");
    await letCount(last);
    expect((await followSteps(last)).text.split("\n")).toEqual([...numbers(200), "the next Step"]);
    await endAndRemove(last);
  });

  it("does not touch one whose agent was told another token", async () => {
    const spec = newSpec();
    const first = await startedCounting(provider(), spec);
    const strange = adoptionOf(spec, { token: "another" });
    expect(await provider().adopt(strange, soon())).toEqual({ type: "superseded" });
    const sandbox = await adopted(provider(), adoptionOf(spec, { epoch: 2 }));
    expect(sandbox.ref).toBe(first.ref);
    await endAndRemove(sandbox);
  });

  it("says gone of one that is not there, was killed or paused, and leaves nothing", async () => {
    const [absent, killed, paused] = [newSpec(), newSpec(), newSpec()];
    await under().killFromOutside((await startedCounting(provider(), killed)).ref);
    await under().pauseFromOutside((await startedCounting(provider(), paused)).ref);
    const says = (spec: SandboxSpec): Promise<Adoption> => provider().adopt(adoptionOf(spec), soon());
    const gone = (reason: RegExp) => ({ type: "gone", reason: expect.stringMatching(reason) as string });
    expect(await says(absent)).toEqual(gone(/not there/u));
    expect(await says(killed)).toEqual(gone(/run/u));
    expect(await says(paused)).toEqual(gone(/paused/u));
    expect(await provider().list(soon())).toEqual([]);
  });

  it.each([0, 10, 30, 60, 100])(
    "leaves the Sandbox running where the adoption is aborted after %i ms",
    async (afterMs) => {
      const spec = newSpec();
      const first = await startedCounting(provider(), spec);
      const reason = new Error("stopping");
      const stop = new AbortController();
      setTimeout(() => stop.abort(reason), afterMs);
      const result = await provider()
        .adopt(adoptionOf(spec), stop.signal)
        .catch((error: unknown) => error);
      // An adoption that is faster than the abort is no failure.
      if (result !== reason) expect(result).toMatchObject({ type: "adopted" });
      const sandbox = await adopted(provider(), adoptionOf(spec, { epoch: 2 }));
      expect(sandbox.ref).toBe(first.ref);
      await endAndRemove(sandbox);
    },
  );
}

/** What an owner that lost its Sandbox to a later one can still do. */
export function handleOfBeforeTests({ provider }: Suite): void {
  it("harms nothing by what an earlier owner of a Sandbox does with it", async () => {
    const spec = newSpec();
    const first = await startedCounting(provider(), spec);
    const sandbox = await adopted(provider(), adoptionOf(spec));
    await first.send({ type: "cancel" }).catch(() => undefined);
    expect(await first.alive(soon())).toBe("gone");
    // It asks the agent, which does not listen to it, and then the engine; in a hurry it waits less in between.
    const hurry = new AbortController();
    const taken = readAll(outputsOf(first, { hurry: hurry.signal }).tar);
    hurry.abort();
    await expect(taken).rejects.toThrow(Error);
    expect(await first.end()).toEqual({ exitCode: null, oomKilled: false, seen: true });
    await first.remove();
    await untilFramesEnd(first);
    expect(await sandbox.alive(soon())).toBe("running");
    await letCount(sandbox);
    expect(await followSteps(sandbox)).toMatchObject({ done: true, exitCodes: [0, 0] });
    const { tar, listed } = outputsOf(sandbox);
    await readAll(tar);
    expect(listed).toMatchObject([{ kind: "file", path: Buffer.from("go") }, null]);
    await endAndRemove(sandbox);
  });

  it("starts none beside one that was adopted", async () => {
    const spec = newSpec();
    await startedCounting(provider(), spec);
    const sandbox = await adopted(provider(), adoptionOf(spec));
    expect(await provider().start(spec, soon())).toMatchObject({ ok: false });
    const next = await started(provider(), { ...spec, attempt: 2 });
    await untilFramesEnd(sandbox);
    expect(await provider().list(soon())).toMatchObject([{ attempt: 2, epoch: 0 }]);
    await endAndRemove(next);
  });
}

async function adoptAfter(provider: SandboxProvider, spec: AdoptionSpec, afterMs: number): Promise<Adoption> {
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  return provider.adopt(spec, soon());
}

async function readAll(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of source) expect(piece.length).toBeGreaterThan(0);
}
