import { randomUUID } from "node:crypto";
import { createMessageSender, type MessageSender } from "@longshore/shared/queue/create-message-sender";
import { createLogger } from "@longshore/shared/runtime/logger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPrinting } from "../support/running-job.ts";
import { type Stack, startStack } from "../support/stack.ts";

describe("a message that comes twice, late, out of order, or for no job (fault 20)", () => {
  let stack: Stack;
  let sender: MessageSender;
  beforeAll(async () => {
    stack = await startStack({ backend: "redis", env: { LOG_LEVEL: "debug" } });
    const backend = { type: "redis", url: stack.redis?.url ?? "" } as const;
    sender = createMessageSender({ backend, logger: createLogger("worker", "fatal") });
  });
  afterAll(async () => {
    await sender.close();
    await stack.stop();
  });

  /** Offers it, and resolves once the worker has had it and found that it means nothing. */
  const offered = async (job: string, attempt: number, delayMs?: number) => {
    await sender.offer({ jobId: job, attempt }, delayMs);
    await stack
      .worker()
      .logged(
        (line) =>
          line["msg"] === "a message for an attempt that is not next" &&
          line["job"] === job &&
          line["attempt"] === attempt,
      );
  };
  const events = async (job: string) => {
    const rows = await stack.database.sql<{ count: number }[]>`
      SELECT count(*) FROM job_events WHERE job_id = ${job}`;
    return rows[0]?.count;
  };

  test("does nothing to an ended job", async () => {
    const job = await stack.client.schedule({ steps: [{ kind: "shell", command: "echo once" }] });
    const ended = await stack.client.ended(job);
    const before = await events(job);
    // While its own message is still being delivered, a second one is not even taken.
    await expect.poll(async () => (await sender.counts()).active).toBe(0);
    await offered(job, 1);
    await offered(job, 2);
    await offered(job, 7, 1_500);
    expect(await stack.client.status(job)).toEqual(ended);
    expect(await events(job)).toBe(before);
    await expect.poll(stack.containers, { timeout: 15_000 }).toEqual([]);
  });

  test("does nothing to a running one: it runs once, in one container", async () => {
    const job = await startPrinting(
      stack.client,
      "echo started; until [ -e go ]; do sleep 0.2; [ $SECONDS -gt 3 ] && touch go; done",
    );
    const before = await stack.containers();
    // Its own message is still being delivered, so that a second one is not even taken.
    await sender.offer({ jobId: job, attempt: 1 });
    await offered(job, 2);
    expect(await stack.containers()).toEqual(before);
    expect(await stack.client.ended(job)).toMatchObject({ status: "succeeded", attempt: 1 });
    expect(await stack.client.printed(job)).toBe("started\n");
  });

  test("of an attempt that is not there yet does not start it early", async () => {
    const job = await startPrinting(stack.client, "echo started; [ $LONGSHORE_ATTEMPT = 2 ] || sleep 600");
    await stack.disturb(job, "kill");
    await expect.poll(async () => (await stack.client.status(job)).status).toBe("queued");
    await offered(job, 3);
    expect(await stack.client.ended(job)).toMatchObject({ status: "succeeded", attempt: 2 });
  });

  test("for a job that nobody knows does nothing", async () => {
    const nobody = randomUUID();
    await offered(nobody, 1);
    expect((await stack.client.request(`/status/${nobody}`)).status).toBe(404);
    expect(await events(nobody)).toBe(0);
  });
});
