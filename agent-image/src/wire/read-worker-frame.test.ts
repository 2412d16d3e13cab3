import { expect, test } from "vitest";
import { readOwnerFrame, readResume } from "./read-worker-frame.ts";

const resume = { type: "resume", after: 4, epoch: 2, token: "t" };
const asLine = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

test("a frame of the owner is read, and a resume is none", () => {
  expect(readOwnerFrame(asLine({ type: "ack", seq: 3 }))).toEqual({ type: "ack", seq: 3 });
  expect(readOwnerFrame(asLine(resume))).toBeNull();
});

test("a resume is read where it is due, and no other frame", () => {
  expect(readResume(asLine(resume))).toEqual(resume);
  expect(readResume(asLine({ type: "ack", seq: 3 }))).toBeNull();
});

test("what is no frame is null", () => {
  const garbage = [
    "ack",
    '{"type":"ack","seq":-1}',
    '{"type":"shutdown"}',
    '{"type":"resume","after":4}',
    "",
  ];
  for (const text of garbage) {
    expect(readOwnerFrame(Buffer.from(text))).toBeNull();
    expect(readResume(Buffer.from(text))).toBeNull();
  }
});
