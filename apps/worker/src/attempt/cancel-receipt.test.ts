import { expect, test } from "vitest";
import { createCancelReceipt } from "./cancel-receipt.ts";

const at = new Date("2026-01-01T00:00:00Z");
const delivered = "cancel: delivered to the worker, which kills what runs";
const gone = "cancel: the container is gone";

function receiptOf(asked: () => Date | null | undefined) {
  const lines: string[] = [];
  return { lines, receipt: createCancelReceipt((line) => lines.push(line), asked) };
}

test("a cancel has a receipt of three lines, each said once", () => {
  const { lines, receipt } = receiptOf(() => at);
  receipt.delivered();
  receipt.delivered();
  receipt.containerGone();
  expect(lines).toEqual(["cancel: requested at 2026-01-01T00:00:00.000Z", delivered, gone]);
});

test("where nothing ran that could be stopped, all of it is said when the container is gone", () => {
  const { lines, receipt } = receiptOf(() => at);
  receipt.containerGone();
  expect(lines).toEqual(["cancel: requested at 2026-01-01T00:00:00.000Z", delivered, gone]);
});

test("without a cancel nothing is said, and a cancel that comes later has its receipt", () => {
  const cancel: { asked?: null } = {};
  const { lines, receipt } = receiptOf(() => cancel.asked);
  receipt.delivered();
  receipt.containerGone();
  expect(lines).toEqual([]);
  cancel.asked = null;
  receipt.containerGone();
  expect(lines).toEqual([delivered, gone]);
});

test("where the engine never says that the container ended, the receipt does not say so either", () => {
  const { lines, receipt } = receiptOf(() => at);
  receipt.delivered();
  receipt.endUnseen();
  receipt.containerGone();
  expect(lines).not.toContain(gone);
  expect(lines.at(-1)).toMatch(/^cancel: the engine does not say whether the container is gone/);
});
