import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allProbes } from "../all-probes.ts";
import { otherSandbox } from "../probes/other-sandbox.ts";
import { gvisorAnswers, openUnderGvisor } from "../under-gvisor.ts";
import { allMutations, mutationsUnderGvisor } from "./all-mutations.ts";

const mutations = Object.values({ ...allMutations, ...mutationsUnderGvisor }).flat();
const page = readFileSync(new URL("../../../docs/security.md", import.meta.url), "utf8").replaceAll(
  /[ `]+/gu,
  " ",
);
const known = new Set(allProbes.flatMap(({ probes }) => probes.map(({ name }) => name)));
const beside = otherSandbox.probes.map(({ name }) => name);

test("every defence that is taken away is in docs/security.md, with the tests that notice", () => {
  const missing = mutations.filter(
    ({ name, noticedBy }) => !page.includes(name) || !noticedBy.every((probe) => page.includes(probe)),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test("every attack that is not held under gVisor is in docs/security.md, with what a Step has of it", () => {
  expect(Object.keys(openUnderGvisor).filter((name) => !page.includes(name))).toEqual([]);
});

test("every defence is noticed by probes that there are", () => {
  expect(mutations.flatMap(({ noticedBy }) => noticedBy).filter((name) => !known.has(name))).toEqual([]);
  expect(mutations.filter(({ noticedBy }) => noticedBy.length === 0)).toEqual([]);
});

test("no two probes have the same name", () => {
  const names = [...allProbes.flatMap(({ probes }) => probes.map(({ name }) => name)), ...beside];
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("what is known of gVisor is known of probes that there are, each held or not", () => {
  const names = [...Object.keys(gvisorAnswers), ...Object.keys(openUnderGvisor)];
  expect(names.filter((name) => !known.has(name) && !beside.includes(name))).toEqual([]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
