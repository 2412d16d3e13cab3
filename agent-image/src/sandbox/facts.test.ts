import { expect, test } from "vitest";
import { readMounts, readRlimits } from "./facts.ts";

test("the last mount on a point is the one that counts", () => {
  const mounts = readMounts(
    [
      "20 1 0:30 / / ro,relatime - overlay overlay rw,lowerdir=/a",
      "21 20 0:31 / /tmp rw,nosuid shared:1 - ext4 /dev/sda rw",
      "22 21 0:32 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw,size=64k",
      "",
    ].join("\n"),
  );
  expect(mounts.get("/")).toEqual({ type: "overlay", readOnly: true });
  expect(mounts.get("/tmp")).toEqual({ type: "tmpfs", readOnly: false });
});

test("limits keep their names, and unlimited is null", () => {
  const text = `Limit                     Soft Limit           Hard Limit           Units
Max open files            1024                 4096                 files
Max nice priority         0                    0
Max cpu time              unlimited            unlimited            seconds
`;
  expect(readRlimits(text)).toEqual({
    "Max open files": [1_024, 4_096],
    "Max nice priority": [0, 0],
    "Max cpu time": [null, null],
  });
});
