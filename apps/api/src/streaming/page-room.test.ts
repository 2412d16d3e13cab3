import { expect, test } from "vitest";
import { createPageRoom } from "./page-room.ts";

const bounds = {
  ...{ largePageBytes: 100, largePageRows: 8, smallPageBytes: 10, smallPageRows: 2 },
  overallBytes: 250,
};

test("pages are large while there is room, and small where there is none", () => {
  const room = createPageRoom(bounds);
  const pages = [1, 2, 3, 4].map(() => room.hold());
  expect(pages.map(({ mostBytes }) => mostBytes)).toEqual([100, 100, 10, 10]);
  expect(pages.map(({ mostRows }) => mostRows)).toEqual([8, 8, 2, 2]);
});

test("what was read of a page is held, and no more; what was taken makes room", () => {
  const room = createPageRoom(bounds);
  const pages = Array.from({ length: 3 }, () => room.hold());
  pages[0]?.shrinkTo(60);
  expect(room.hold().mostBytes).toBe(10);
  pages[0]?.shrinkTo(0);
  expect(room.hold().mostBytes).toBe(100);
});

test("a page never comes to hold more than it held, and gives nothing back twice", () => {
  const room = createPageRoom(bounds);
  const [first, , small] = Array.from({ length: 3 }, () => room.hold());
  small?.shrinkTo(10);
  first?.shrinkTo(0);
  first?.shrinkTo(100);
  first?.shrinkTo(0);
  expect([1, 2].map(() => room.hold().mostBytes)).toEqual([100, 10]);
});
