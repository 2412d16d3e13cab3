import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

const token = "canary-4fd1c0a97be2";

let stack: Stack;
beforeAll(async () => {
  const env = { SECRETS_KEY: Buffer.alloc(32, 9).toString("base64"), LEASE_SECONDS: "4" };
  stack = await startStack({ backend: "postgres", env });
});
afterAll(() => stack.stop());

test("steps get a job's secrets as environment; the log shows stars; the outputs are the job's own", async () => {
  const id = await stack.client.schedule({
    steps: [{ kind: "shell", command: 'echo "it is $TOKEN and $PLAIN"; echo -n "$TOKEN" > token.txt' }],
    env: { PLAIN: "plain" },
    secrets: { TOKEN: token },
  });
  expect(await stack.client.ended(id)).toMatchObject({ status: "succeeded" });
  expect(await stack.client.printed(id)).toBe("it is *** and plain\n");
  const { zip } = await stack.client.download(id);
  expect(zip.text("outputs/token.txt")).toBe(token);
  expect(zip.text("logs.txt")).toBe("it is *** and plain\n");
});

test("what a caller has written them into is run as it was written, and shown with stars", async () => {
  const prompt = `\`\`\`sh\necho "it is ${token}"; echo -n ${token} > token.txt\n\`\`\``;
  const id = await stack.client.schedule({ prompt, secrets: { TOKEN: token } });
  expect(await stack.client.ended(id)).toMatchObject({
    ...{ status: "succeeded", prompt: prompt.replaceAll(token, "***") },
    plan: { source: "literal" },
  });
  expect(await stack.client.printed(id)).toBe("it is ***\n");
  const { zip } = await stack.client.download(id);
  expect(zip.text("outputs/token.txt")).toBe(token);
  expect(zip.text("plan.json")).toContain("it is ***");
  const rows = await stack.database.sql`SELECT j::text AS row FROM jobs j WHERE id = ${id}`;
  expect(JSON.stringify(rows)).not.toContain(token);
});

test("a secret on the border of two pieces of a line stays masked when another worker goes on between them", async () => {
  // The agent sends the first 16 KiB once it knows that the line is longer; the rest comes when the next worker is there.
  // That is when there is a relay in the container, of a user of its own.
  const command =
    'head -c 16379 /dev/zero | tr "\\0" x; echo -n "${TOKEN:0:9}"; ' +
    'until stat -c %u /proc/[0-9]* 2>/dev/null | grep -q 19999 || [ $SECONDS -gt 90 ]; do sleep 0.1; done; echo "${TOKEN:9} after"';
  const id = await stack.client.schedule({ steps: [{ kind: "shell", command }], secrets: { TOKEN: token } });
  await expect.poll(async () => (await stack.client.lines(id)).length, { timeout: 30_000 }).toBe(1);
  const [row] = await stack.database.sql`SELECT resume FROM jobs WHERE id = ${id}`;
  expect(JSON.stringify(row)).toMatch(/"held":"[0-9a-f]{16} /);
  await stack.worker().end("SIGKILL");
  await stack.startWorker();
  expect(await stack.client.ended(id)).toMatchObject({ status: "succeeded", attempt: 1 });
  expect(await stack.client.printed(id)).toBe(`${"x".repeat(16_379)}*** after\n`);
});

test("a worker with another key leaves a job with secrets alone until another has it, or its attempts are over", async () => {
  await stack.worker().end("SIGTERM");
  const other = await stack.addWorker({ SECRETS_KEY: Buffer.alloc(32, 8).toString("base64") });
  const steps = [{ kind: "shell", command: 'echo "$TOKEN"' }];
  const id = await stack.client.schedule({ steps, secrets: { TOKEN: token }, max_attempts: 1 });
  const plain = await stack.client.schedule({ steps });
  const job = await stack.client.ended(id);
  expect(job).toMatchObject({ status: "failed", failure: { code: "secrets_unavailable", retryable: true } });
  expect(job.failure?.message).toContain("SECRETS_KEY");
  expect(await stack.client.ended(plain)).toMatchObject({ status: "succeeded" });
  await other.end("SIGTERM");
  await stack.startWorker();
});
