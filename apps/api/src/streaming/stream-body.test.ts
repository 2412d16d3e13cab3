import { expect, test } from "vitest";
import { streamBody } from "./stream-body.ts";

async function* count(stop: AbortSignal): AsyncGenerator<string, void> {
  for (let n = 0; !stop.aborted; n += 1) yield `${String(n)}\n`;
}

const open = (patienceMs: number) => {
  const stop = new AbortController();
  const told: string[] = [];
  let asked = 0;
  async function* source(): AsyncGenerator<string, void> {
    for await (const piece of count(stop.signal)) {
      asked += 1;
      yield piece;
    }
  }
  const body = streamBody(source(), {
    ...{ stop, patienceMs },
    onSlowReader: () => told.push("slow"),
    onClose: () => told.push("closed"),
  });
  return { body, stop, told, asked: () => asked };
};

test("the source is asked only for what is taken", async () => {
  const { body, asked } = open(10_000);
  const reader = body.getReader();
  for (let n = 0; n < 3; n += 1) await reader.read();
  expect(asked()).toBe(3);
  await reader.cancel();
});

test("a reader that takes nothing is dropped once its time is over", async () => {
  const { body, stop, told } = open(30);
  await body.getReader().read();
  await expect.poll(() => told).toEqual(["closed", "slow"]);
  expect(stop.signal.aborted).toBe(true);
});

test("a reader that goes away stops the source, and is no slow one", async () => {
  const { body, stop, told } = open(30);
  const reader = body.getReader();
  await reader.read();
  await reader.cancel();
  expect(stop.signal.aborted).toBe(true);
  expect(told).toEqual(["closed"]);
});
