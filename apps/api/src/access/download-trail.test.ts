import { expect, test } from "vitest";
import { createDownloadTrail, type DownloadedArchive } from "./download-trail.ts";

const downloaded = (change: Partial<DownloadedArchive> = {}): DownloadedArchive => ({
  ...{ tenant: "acme", keyId: "k", jobId: "j", requestId: "r1", by: "caller", address: "127.0.0.1" },
  ...change,
});

const open = (room = Infinity) => {
  const written: string[] = [];
  const trail = createDownloadTrail(({ jobId, keyId, requestId, details }) => {
    if (written.length >= room) return false;
    const { by, times } = details;
    written.push([jobId, keyId ?? "-", requestId, by, `x${String(times)}`].join(" "));
    return true;
  });
  const makeRoom = () => void (room = Infinity);
  return { trail, written, makeRoom };
};

test("one that cannot be written at once is written later, with those that came after it", () => {
  const { trail, written, makeRoom } = open(0);
  trail.note(downloaded());
  trail.note(downloaded({ requestId: "r2" }));
  expect(written).toEqual([]);
  makeRoom();
  trail.close();
  expect(written).toEqual(["j k r1 caller x2"]);
});

test("an archive that is taken in parts is told at its first one, and the others are counted", () => {
  const { trail, written } = open();
  for (let part = 1; part <= 1_000; part += 1) trail.note(downloaded({ requestId: `r${String(part)}` }));
  expect(written).toEqual(["j k r1 caller x1"]);
  trail.close();
  expect(written).toEqual(["j k r1 caller x1", "j k r1 caller x999"]);
});

test("another job, another key, or a link is told by itself", () => {
  const { trail, written } = open();
  trail.note(downloaded());
  trail.note(downloaded({ jobId: "other" }));
  trail.note(downloaded({ keyId: "other" }));
  trail.note(downloaded({ keyId: null, by: "link" }));
  expect(written).toEqual([
    "j k r1 caller x1",
    "other k r1 caller x1",
    "j other r1 caller x1",
    "j - r1 link x1",
  ]);
});
