import type { JobSummary } from "@longshore/client";
import { describe, expect, test } from "vitest";
import { countNew, type JobList, madeSince, withChanged, withFirstPage, withNextPage } from "./job-list.ts";

// safety: nothing else of a job is looked at.
const job = (id: string, status = "running") => ({ job_id: id, status }) as JobSummary;
const jobs = (ids: string) => [...ids].map((id) => job(id));
const list = (ids: string, next: string | null): JobList => ({ jobs: jobs(ids), next });
const idsOf = (of: JobList | null) => of?.jobs.map(({ job_id }) => job_id).join("");

describe("the first page asked anew", () => {
  test("brings new jobs in front, and leaves what is further down", () => {
    const found = withFirstPage(list("defgh", "h"), { jobs: jobs("bcde"), next_cursor: "e" });
    expect([idsOf(found), found?.next]).toEqual(["bcdefgh", "h"]);
  });

  test("takes away what is gone from it", () => {
    const found = withFirstPage(list("abcdef", "f"), { jobs: jobs("acde"), next_cursor: "e" });
    expect(idsOf(found)).toBe("acdef");
  });

  test("is the whole list where nothing comes behind it", () => {
    const found = withFirstPage(list("abcdef", "f"), { jobs: jobs("af"), next_cursor: null });
    expect(found).toEqual(list("af", null));
  });

  test("goes on behind its own end where no more was known", () => {
    const found = withFirstPage(list("bc", "c"), { jobs: jobs("abcd"), next_cursor: "d" });
    expect([idsOf(found), found?.next]).toEqual(["abcd", "d"]);
  });

  test("says that there is a gap where none of it is known", () => {
    expect(withFirstPage(list("xyz", "z"), { jobs: jobs("abc"), next_cursor: "c" })).toBeNull();
  });

  test("tells how the jobs are now", () => {
    const page = { jobs: [job("a", "failed"), job("b")], next_cursor: "b" };
    expect(withFirstPage(list("abc", "c"), page)?.jobs[0]?.status).toBe("failed");
  });
});

test("the next page comes at the end, each job once", () => {
  const found = withNextPage(list("abc", "c"), { jobs: jobs("cde"), next_cursor: null }, "c");
  expect([idsOf(found), found.next]).toEqual(["abcde", null]);
});

test("a next page of a list that was begun anew meanwhile is left", () => {
  expect(idsOf(withNextPage(list("abc", "c"), { jobs: jobs("xyz"), next_cursor: null }, "w"))).toBe("abc");
});

test("jobs further down are changed where they stand", () => {
  const found = withChanged(list("abc", null), [job("b", "cancelled")]);
  expect(found.jobs.map(({ status }) => status)).toEqual(["running", "cancelled", "running"]);
});

test("jobs that came in front are counted", () => {
  expect([
    countNew(list("abcd", null), "c"),
    countNew(list("abcd", null), "gone"),
    countNew(list("a", null), undefined),
  ]).toEqual([2, 0, 0]);
});

describe("the list of the last hour", () => {
  // safety: as above.
  const made = (id: string, at: number) =>
    ({ job_id: id, created_at: new Date(at).toISOString() }) as JobSummary;
  const known: JobList = { jobs: [made("c", 3_000), made("b", 2_000), made("a", 1_000)], next: "a" };

  test("loses what has grown too old, and what would come behind it", () => {
    const found = madeSince(known, 2_000);
    expect([idsOf(found), found.next]).toEqual(["cb", null]);
  });

  test("is as it was where all of it is young enough, or any age will do", () => {
    expect(madeSince(known, 1_000)).toBe(known);
    expect(madeSince(known, null)).toBe(known);
  });
});
