import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

/** What a user sees of whole Jobs, on either queue. */
export function wholeJobTestsuite(backend: "redis" | "postgres"): void {
  describe(`whole jobs over HTTP, with the queue on ${backend}`, () => {
    let stack: Stack;
    beforeAll(async () => {
      stack = await startStack({ backend });
    });
    afterAll(() => stack.stop());

    test("the fenced blocks of a prompt run in their order, whatever their languages, and the files come back", async () => {
      const prompt = [
        "Make a file, read it with another language, and read what that one made:",
        "```python\nopen('numbers.txt', 'w').write('1 2 3')\nprint('python wrote')\n```",
        "```sh\nread -r a b c < numbers.txt; echo $((a + b + c)) > sum.txt; echo shell read\n```",
        "```python\nprint('the sum is ' + open('sum.txt').read().strip())\n```",
      ].join("\n");
      const id = await stack.client.schedule({ prompt, metadata: { who: "test" } });
      const job = await stack.client.ended(id);
      expect(job).toMatchObject({
        status: "succeeded",
        failure: null,
        metadata: { who: "test" },
        attempt: 1,
      });
      expect(job.plan).toMatchObject({ source: "literal", turns: 0 });
      expect(job.plan?.steps.map(({ kind, status, exit_code }) => [kind, status, exit_code])).toEqual([
        ["python", "succeeded", 0],
        ["shell", "succeeded", 0],
        ["python", "succeeded", 0],
      ]);
      expect(await stack.client.printed(id)).toBe("python wrote\nshell read\nthe sum is 6\n");
      const { zip, sha256 } = await stack.client.download(id);
      expect(zip.text("outputs/numbers.txt")).toBe("1 2 3");
      expect(zip.text("outputs/sum.txt")).toBe("6\n");
      expect(job.output).toMatchObject({ files: 2, sha256 });
    });

    test("the archive tells the same as the status, and its manifest names every file with its hash", async () => {
      const steps = [
        { kind: "write_file", path: "a/b.txt", content: "hello" },
        { kind: "shell", command: "echo done" },
      ];
      const id = await stack.client.schedule({
        steps,
        files: [{ path: "given.bin", content: "AAH/", encoding: "base64" }],
      });
      const job = await stack.client.ended(id);
      const { zip } = await stack.client.download(id);
      const { output, ...rest } = job;
      expect(zip.json("result.json")).toEqual({
        ...rest,
        output: { files: output?.files, bytes: output?.bytes },
      });
      expect(zip.bytes("outputs/given.bin")).toEqual(Buffer.from([0, 1, 255]));
      // safety: the test below looks at every part of it.
      const manifest = zip.json("manifest.json") as {
        files: { path: string; sha256: string; bytes: number }[];
      };
      for (const { path, sha256, bytes } of manifest.files) {
        const content = zip.bytes(path);
        expect([path, content.length, createHash("sha256").update(content).digest("hex")]).toEqual([
          path,
          bytes,
          sha256,
        ]);
      }
      expect(manifest.files.map(({ path }) => path)).toEqual(
        expect.arrayContaining([
          "result.json",
          "plan.json",
          "logs.txt",
          "logs.ndjson",
          "outputs/a/b.txt",
          "outputs/given.bin",
        ]),
      );
      expect(zip.text("logs.txt")).toContain("done");
    });

    test("a job whose second step exits 3 has failed at step 2, with its stderr in the log and what step 1 made in the archive", async () => {
      const id = await stack.client.schedule({
        steps: [
          { kind: "shell", command: "echo kept > kept.txt" },
          { kind: "shell", command: "echo went wrong >&2; exit 3" },
          { kind: "shell", command: "echo never" },
        ],
      });
      const job = await stack.client.ended(id);
      expect(job).toMatchObject({
        status: "failed",
        failure: { code: "step_failed", step: 2, retryable: false },
      });
      expect(job.plan?.steps.map(({ status, exit_code }) => [status, exit_code])).toEqual([
        ["succeeded", 0],
        ["failed", 3],
        ["skipped", null],
      ]);
      const lines = await stack.client.lines(id);
      expect(lines).toContainEqual(
        expect.objectContaining({ stream: "stderr", step: 2, text: "went wrong" }),
      );
      expect((await stack.client.download(id)).zip.text("outputs/kept.txt")).toBe("kept\n");
    });

    test("a step that may fail does not stop the job", async () => {
      const id = await stack.client.schedule({
        steps: [
          { kind: "shell", command: "exit 9", continue_on_error: true },
          { kind: "shell", command: "echo after" },
        ],
      });
      const job = await stack.client.ended(id);
      expect(job.status).toBe("succeeded");
      expect(job.plan?.steps[0]).toMatchObject({ status: "failed", exit_code: 9 });
    });

    test("a prompt that nobody can plan says which variables to set", async () => {
      const id = await stack.client.schedule({ prompt: "make me a sandwich" });
      const job = await stack.client.ended(id);
      expect(job).toMatchObject({ status: "failed", failure: { code: "model_unconfigured" } });
      expect(job.failure?.message).toContain("PRIMARY_BASE_URL");
    });

    test("files, environment and large programs reach the steps as they were sent", async () => {
      const long = `print(len(${JSON.stringify("x".repeat(300_000))}))`;
      const id = await stack.client.schedule({
        env: { GREETING: "hällo wörld" },
        files: [{ path: "dir/in.txt", content: "from outside\n" }],
        steps: [
          { kind: "shell", command: 'cat dir/in.txt; echo "$GREETING"' },
          { kind: "python", code: long },
        ],
      });
      expect((await stack.client.ended(id)).status).toBe("succeeded");
      expect(await stack.client.printed(id)).toBe("from outside\nhällo wörld\n300000\n");
    });

    test("twenty jobs at once on four places all end well and leave nothing behind", async () => {
      const ids = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          stack.client.schedule({ steps: [{ kind: "shell", command: `echo job ${String(n)}` }] }),
        ),
      );
      for (const [n, id] of ids.entries()) {
        expect((await stack.client.ended(id, 120_000)).status).toBe("succeeded");
        expect(await stack.client.printed(id)).toBe(`job ${String(n)}\n`);
      }
      await expect.poll(() => stack.containers(), { timeout: 10_000 }).toEqual([]);
    }, 150_000);

    test("a reader cut off ten times that resumes gets every event once", async () => {
      const command = "for i in $(seq 1 400); do echo line $i; [ $((i % 40)) = 0 ] && sleep 0.1; done; true";
      const id = await stack.client.schedule({ steps: [{ kind: "shell", command }] });
      const seen: number[] = [];
      let ended = false;
      for (let cuts = 0; !ended; cuts += 1) {
        const cut = new AbortController();
        const most = cuts < 10 ? 1 + ((cuts * 17) % 43) : Number.POSITIVE_INFINITY;
        let got = 0;
        try {
          for await (const { id: seq, event } of stack.client.events(id, seen.at(-1) ?? 0, cut.signal)) {
            seen.push(seq);
            got += 1;
            ended = event === "end";
            if (got >= most) break;
          }
        } finally {
          cut.abort();
        }
      }
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, position) => position + 1));
      expect(seen.length).toBeGreaterThan(400);
    });
  });
}
