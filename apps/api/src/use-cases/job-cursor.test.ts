import type { JobFilter } from "@longshore/shared/db/list-jobs";
import { jobStatuses } from "@longshore/shared/domain/job-state";
import fc from "fast-check";
import { newJobId } from "@longshore/shared/domain/job-id";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./job-cursor.ts";

const time = fc.option(fc.date({ noInvalidDate: true }));
const filter: fc.Arbitrary<JobFilter> = fc.record({
  statuses: fc.array(fc.constantFrom(...jobStatuses)),
  metadata: fc.dictionary(fc.string(), fc.string()),
  q: fc.option(fc.string()),
  createdAfter: time,
  createdBefore: time,
});
const id = fc.integer().map(() => newJobId());

test("a cursor gives back its job with the filter that it was made with", () => {
  fc.assert(
    fc.property(id, filter, (job, of) => {
      const cursor = encodeCursor(job, of);
      expect(cursor).toMatch(/^[\w-]{32}$/);
      expect(decodeCursor(cursor, of)).toBe(job);
      const reversed = { ...of, metadata: Object.fromEntries(Object.entries(of.metadata).toReversed()) };
      expect(decodeCursor(cursor, reversed)).toBe(job);
    }),
  );
});

test("a cursor is refused with another filter", () => {
  fc.assert(
    fc.property(id, filter, fc.string({ minLength: 1 }), (job, of, more) => {
      expect(decodeCursor(encodeCursor(job, of), { ...of, q: `${of.q ?? ""}${more}` })).toBeNull();
    }),
  );
});

test("no other text is a cursor", () => {
  const none: JobFilter = { statuses: [], metadata: {}, q: null, createdAfter: null, createdBefore: null };
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^[\w-]{32}$/)), (text) => {
      expect(decodeCursor(text, none)).toBeNull();
    }),
  );
});
