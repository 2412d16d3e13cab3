import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPrinting, systemLines } from "../support/running-job.ts";
import { type Stack, startStack } from "../support/stack.ts";

const python = (code: string) => ({ kind: "python", code });
/** Memory pays for inodes: one for each 4 KiB. */
const limits = { memory_mb: 64, disk_mb: 8 };
const filesInWorkspace = 16_384;
const descriptorsPerProcess = 4_096;
const descriptorBombs = 8;
const soon = { timeout: 20_000, interval: 100 };

const inodeBomb = `
import os
os.mkdir("bomb")
made = 0
try:
    while True:
        open(f"bomb/{made}", "w").close()
        made += 1
except OSError as error:
    print(made, error.strerror, flush=True)
    raise`;

const descriptorBomb = `
import os, resource
for _ in range(${String(descriptorBombs - 1)}):
    if os.fork() == 0: break
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
held = 0
said = []
try:
    while True:
        os.open("/dev/null", os.O_RDONLY)
        held += 1
except OSError as error:
    said.append(f"{held} {error.strerror}")
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard + 1, hard + 1))
except ValueError as error:
    said.append(str(error))
os.write(1, ("\\n".join(said) + "\\n").encode())
try:
    while True: os.wait()
except ChildProcessError:
    os._exit(3)`;

describe("bombs of inodes and of file descriptors, with another job beside them (fault 16)", () => {
  let stack: Stack;
  let neighbour: string;
  beforeAll(async () => {
    stack = await startStack({ backend: "postgres" });
    const ticking = "n=0; while true; do n=$((n+1)); echo $n; sleep 0.1; done";
    neighbour = await startPrinting(stack.client, ticking, { limits });
  });
  afterAll(() => stack.stop());

  /** What the neighbour has printed so far. */
  const ticks = async (): Promise<readonly number[]> => {
    const lines = await stack.client.lines(neighbour);
    return lines.flatMap(({ stream, text }) => (stream === "stdout" ? [Number(text)] : []));
  };
  /** It runs in its first attempt, has lost no line, and goes on. */
  const expectUnharmed = async (): Promise<void> => {
    expect(await stack.client.status(neighbour)).toMatchObject({ status: "running", attempt: 1 });
    const printed = await ticks();
    expect(printed).toEqual(Array.from(printed, (_, index) => index + 1));
    await expect.poll(async () => (await ticks()).length, soon).toBeGreaterThan(printed.length);
  };

  test("an inode bomb gets the files that its memory pays for, and the job has failed as disk_full", async () => {
    const id = await stack.client.schedule({ steps: [python(inodeBomb)], limits });
    expect(await stack.client.ended(id)).toMatchObject({
      status: "failed",
      failure: { code: "disk_full", step: 1, message: expect.stringContaining("too many files") as string },
    });
    const made = Number(/^(\d+) No space left on device$/m.exec(await stack.client.printed(id))?.[1]);
    expect(made).toBeGreaterThan(filesInWorkspace - 100);
    expect(made).toBeLessThan(filesInWorkspace);
    expect((await systemLines(stack.client, id)).join("\n")).toContain("its number of files");
    await expectUnharmed();
  }, 90_000);

  test("after an inode bomb that may fail, a later step removes its files, and the job goes on", async () => {
    const steps = [
      { ...python(inodeBomb), continue_on_error: true },
      { kind: "shell", command: "rm -r bomb; echo made > made.txt" },
    ];
    const id = await stack.client.schedule({ steps, limits });
    expect(await stack.client.ended(id)).toMatchObject({ status: "succeeded" });
    expect((await stack.client.download(id)).zip.text("outputs/made.txt")).toBe("made\n");
    await expectUnharmed();
  }, 90_000);

  test("a file descriptor bomb gets 4,096 in each process and no more, and its step fails with what it said", async () => {
    const id = await stack.client.schedule({ steps: [python(descriptorBomb)], limits });
    expect(await stack.client.ended(id)).toMatchObject({
      status: "failed",
      failure: { code: "step_failed", step: 1, message: expect.stringContaining("code 3") as string },
    });
    const printed = await stack.client.printed(id);
    const bombs = printed.match(/^\d+ Too many open files$/gm) ?? [];
    expect(bombs).toHaveLength(descriptorBombs);
    for (const bomb of bombs) expect(Number.parseInt(bomb, 10)).toBeLessThan(descriptorsPerProcess);
    expect(printed.match(/not allowed to raise maximum limit/g)).toHaveLength(descriptorBombs);
    await expectUnharmed();
  }, 90_000);
});
