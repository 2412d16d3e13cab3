import { expect, test } from "vitest";
import { formatBytes, formatMebibytes } from "./bytes.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_200, "1.2 kB"],
  [999_600, "1.0 MB"],
  [34_000_000, "34 MB"],
])("%i bytes are %s", (bytes, said) => {
  expect(formatBytes(bytes)).toBe(said);
});

test.each([
  [0, "0 MiB"],
  [12, "< 0.1 MiB"],
  [524_288, "0.5 MiB"],
  [1_073_741_824, "1,024 MiB"],
])("beside a limit %i bytes are %s", (bytes, said) => {
  expect(formatMebibytes(bytes)).toBe(said);
});
