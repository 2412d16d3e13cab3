import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Stack } from "../support/stack.ts";
import { startStack } from "../support/stack.ts";

describe("ways in which a job is ended from outside", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ backend: "postgres" });
  });
  afterAll(() => stack.stop());

  const running = async (command: string, more: object = {}): Promise<string> => {
    const id = await stack.client.schedule({ steps: [{ kind: "shell", command }], ...more });
    for await (const { event, data } of stack.client.events(id)) {
      if (event === "log" && data["text"] === "started") return id;
      if (event === "end") break;
    }
    throw new Error(`the job has ended too early: ${JSON.stringify(await stack.client.status(id))}`);
  };

  test("a running job that is cancelled ends as cancelled, and its container runs no more", async () => {
    const id = await running("echo made > made.txt; echo started; sleep 600");
    const answer = await stack.client.request(`/cancel/${id}?wait=30`, { method: "POST" });
    expect(await answer.json()).toEqual({ job_id: id, status: "cancelled", cancelled: true });
    const job = await stack.client.status(id);
    expect(job).toMatchObject({ status: "cancelled", failure: null });
    expect(job.plan?.steps[0]).toMatchObject({ status: "failed", exit_code: null });
    await expect.poll(() => stack.containers(), { timeout: 5_000 }).toEqual([]);
    const { zip } = await stack.client.download(id);
    expect(zip.text("outputs/made.txt")).toBe("made\n");
    expect(zip.json("result.json")).toMatchObject({ status: "cancelled" });
  });

  test("a job over its own time has failed by timeout", async () => {
    const id = await running("echo started; sleep 600", { limits: { timeout_seconds: 2 } });
    const job = await stack.client.ended(id);
    expect(job).toMatchObject({ status: "failed", failure: { code: "timeout", step: 1 } });
    await expect.poll(() => stack.containers(), { timeout: 5_000 }).toEqual([]);
  });

  test("a step over its own time is killed with its children, and the job goes on where it may", async () => {
    const id = await stack.client.schedule({
      steps: [
        {
          kind: "shell",
          command: "(setsid sleep 600 &) ; sleep 600",
          timeout_seconds: 1,
          continue_on_error: true,
        },
        { kind: "shell", command: "pgrep sleep || echo nothing sleeps" },
      ],
    });
    const job = await stack.client.ended(id);
    expect(job.status).toBe("succeeded");
    expect(job.plan?.steps[0]).toMatchObject({ status: "failed", exit_code: null });
    expect(await stack.client.printed(id)).toBe("nothing sleeps\n");
  });

  test("a program that eats all memory ends the job as out_of_memory (fault 15)", async () => {
    const id = await stack.client.schedule({
      steps: [{ kind: "python", code: "held = []\nwhile True: held.append(bytearray(1 << 20))" }],
      limits: { memory_mb: 64, disk_mb: 8 },
    });
    expect(await stack.client.ended(id)).toMatchObject({
      status: "failed",
      failure: { code: "out_of_memory", step: 1 },
    });
  });

  test("a child killed for memory under a parent that exits 0 is a success whose log says so (fault 15)", async () => {
    const id = await stack.client.schedule({
      steps: [{ kind: "shell", command: "python3 -c 'bytearray(1 << 30)'; exit 0" }],
      limits: { memory_mb: 64, disk_mb: 8 },
    });
    expect((await stack.client.ended(id)).status).toBe("succeeded");
    const system = (await stack.client.lines(id)).filter(({ stream }) => stream === "system");
    expect(system.map(({ text }) => text).join("\n")).toContain("killed for memory");
  });

  test("a step that fills the disk ends the job as disk_full", async () => {
    const id = await stack.client.schedule({
      steps: [{ kind: "shell", command: "head -c 20M /dev/zero > big" }],
      limits: { disk_mb: 4 },
    });
    expect(await stack.client.ended(id)).toMatchObject({
      status: "failed",
      failure: { code: "disk_full", step: 1 },
    });
  });

  test("outputs over output_mb fail the job, and its log and manifest are saved all the same", async () => {
    const id = await stack.client.schedule({
      steps: [{ kind: "shell", command: "echo said; head -c 3M /dev/urandom > big" }],
      limits: { output_mb: 1 },
    });
    const job = await stack.client.ended(id);
    const message =
      "a file of the outputs is too large: it has 3145728 bytes, more than the 1048576 of limits.output_mb";
    expect(job).toMatchObject({ status: "failed", failure: { code: "output_too_large", message } });
    const { zip } = await stack.client.download(id);
    expect(zip.text("logs.txt")).toContain("said");
    expect(zip.json("manifest.json")).toMatchObject({
      not_taken: [{ path: expect.stringContaining("big") as string }],
    });
  });

  test("outputs that are too many, and not too large, are said to be so: no limit of the job lets more be taken", async () => {
    const id = await stack.client.schedule({
      steps: [{ kind: "python", code: "for i in range(100_001): open(str(i), 'w').close()" }],
    });
    const message = "the outputs have more than 100000 files and folders, the most of any job";
    expect(await stack.client.ended(id)).toMatchObject({
      status: "failed",
      failure: { code: "output_too_large", message },
    });
  });

  test("more log than log_mb is dropped, counted and said, and the job goes on", async () => {
    const id = await stack.client.schedule({
      steps: [
        { kind: "shell", command: "head -c 30M /dev/zero | tr '\\0' a | fold -w 99; echo end > end.txt" },
      ],
      limits: { log_mb: 1 },
    });
    expect((await stack.client.ended(id)).status).toBe("succeeded");
    const lines = await stack.client.lines(id);
    const kept = lines
      .filter(({ stream }) => stream === "stdout")
      .reduce((sum, { text }) => sum + text.length + 1, 0);
    expect(kept).toBeGreaterThan(1_000_000);
    expect(kept).toBeLessThanOrEqual(1_048_576);
    const told = lines.findLast(({ stream }) => stream === "system")?.text ?? "";
    const dropped = Number(/(\d+) bytes/.exec(told)?.[1]);
    expect(dropped + kept).toBeGreaterThan(30 * 1_048_576);
  });

  for (const how of ["pause", "kill"] as const) {
    test(`a container that somebody else ${how}s is lost, and the job is tried again in another`, async () => {
      const id = await running("echo started; sleep 1; echo made > made.txt");
      await stack.disturb(id, how);
      const job = await stack.client.ended(id);
      expect(job).toMatchObject({ status: "succeeded", attempt: 2 });
      const told = (await stack.client.lines(id)).filter(({ stream }) => stream === "system");
      expect(told.map(({ text }) => text).join()).toContain("the sandbox was lost");
      await expect.poll(() => stack.containers(), { timeout: 10_000 }).toEqual([]);
    });
  }

  test("the worker killed with -9 in mid-step, and started again: the job ends in its first attempt and leaves no container", async () => {
    const id = await running("echo started; sleep 3; echo finished > done.txt");
    await stack.worker().end("SIGKILL");
    await stack.startWorker();
    const job = await stack.client.ended(id, 60_000);
    expect(job).toMatchObject({ status: "succeeded", attempt: 1 });
    const lines = await stack.client.lines(id);
    expect(lines.some(({ stream, text }) => stream === "system" && text.includes("worker"))).toBe(true);
    expect((await stack.client.download(id)).zip.text("outputs/done.txt")).toBe("finished\n");
    await expect.poll(() => stack.containers(), { timeout: 10_000 }).toEqual([]);
  }, 90_000);

  test("a worker asked to stop finishes or hands over what runs, and exits 0 (fault 3)", async () => {
    const id = await running("echo started; sleep 2; echo finished");
    expect(await stack.worker().end("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(await stack.containers()).toEqual([]);
    await stack.startWorker();
    expect((await stack.client.ended(id)).status).toBe("succeeded");
  }, 90_000);
});
