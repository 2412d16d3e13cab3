import { deflateRawSync } from "node:zlib";

// A file below a block of most file systems takes that block anyway once it is unpacked, and a compressor of
// its own costs more time than all the rest of its entry (20,000 of 1 KB: 5 s against 1 s).
const smallBytes = 4_096;
const sampleBytes = 65_536;
const leastSaved = 0.03;

/**
 * False for what is small, and for what does not shrink: images, archives, random bytes. `start` is the content
 * or its first 64 KiB; they decide, not the name, which says nothing of a file that a Job made up.
 */
export function isWorthCompressing(start: Buffer): boolean {
  if (start.length <= smallBytes) return false;
  const sample = start.subarray(0, sampleBytes);
  return deflateRawSync(sample, { level: 1 }).length < sample.length * (1 - leastSaved);
}
