import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

interface OwnPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What may be used in a product that is sold, without giving its source away. */
const allowedLicences: ReadonlySet<string> = new Set([
  "MIT",
  "ISC",
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "Unlicense",
]);
/** What tests, the gate and benchmarks may run with beside: none of it is part of what is handed out. */
const allowedForTools: ReadonlySet<string> = new Set([
  ...allowedLicences,
  "MPL-2.0",
  "Python-2.0",
  "(MIT AND Zlib)",
  "(MIT OR CC0-1.0)",
  "(WTFPL OR MIT)",
]);
/** Their manifests tell the licence in an old form, `licenses`, which npm does not copy: each is MIT. */
const toldInAnOldForm: ReadonlySet<string> = new Set(["ssh2", "cpu-features", "buildcheck"]);

let locked: readonly (readonly [name: string, LockedPackage])[];
let root: { readonly allowScripts: Readonly<Record<string, boolean>> };
let ownPackages: readonly OwnPackage[];
beforeAll(async () => {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(new URL(`../../${name}`, import.meta.url), "utf8"));
  // safety: npm writes the file; what is looked at is optional.
  const { packages } = (await read("package-lock.json")) as { packages: Record<string, LockedPackage> };
  locked = Object.entries(packages)
    .filter(([path, { link }]) => path.includes("node_modules/") && link !== true)
    .map(([path, each]) => [path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length), each]);
  // safety: it is this project's own.
  root = (await read("package.json")) as typeof root;
  const folders = [
    "",
    "packages/shared/",
    "packages/client/",
    "apps/api/",
    "apps/web/",
    "apps/cli/",
    "apps/worker/",
    "agent-image/",
    "bench/",
  ];
  // safety: as above.
  ownPackages = (await Promise.all(folders.map((folder) => read(`${folder}package.json`)))) as OwnPackage[];
});

test("every package that the service runs with has a licence of the list", () => {
  const strange = locked
    .filter(([name, { dev }]) => dev !== true && !toldInAnOldForm.has(name))
    .filter(([, { license }]) => !allowedLicences.has(license ?? ""))
    .map(([name, { license }]) => `${name}: ${license ?? "none"}`);
  expect(strange).toEqual([]);
});

test("every package that only tests, the gate and benchmarks run with has a licence that permits commercial use", () => {
  const strange = locked
    .filter(([, { dev }]) => dev === true)
    .filter(([, { license }]) => !allowedForTools.has(license ?? ""))
    .map(([name, { license }]) => `${name}: ${license ?? "none"}`);
  expect(strange).toEqual([]);
});

test("every package with an install script is in the list that says whether it may run, and no other is", () => {
  const withScript = locked
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([name]) => name);
  expect(Object.keys(root.allowScripts).toSorted()).toEqual([...new Set(withScript)].toSorted());
});

test("every package that is installed on Linux is locked by its hash", () => {
  const isForLinux = ({ os, libc }: LockedPackage) =>
    (os === undefined || os.includes("linux")) && (libc === undefined || libc.includes("glibc"));
  const isForUs = ({ cpu }: LockedPackage) =>
    cpu === undefined || cpu.includes("x64") || cpu.includes("arm64");
  const unlocked = locked
    .filter(([, each]) => each.integrity === undefined && isForLinux(each) && isForUs(each))
    .map(([name]) => name);
  expect(unlocked).toEqual([]);
});

test("the project's own dependencies are pinned to a version", () => {
  const ranges = ownPackages
    .flatMap(({ dependencies, devDependencies }) => Object.entries({ ...dependencies, ...devDependencies }))
    // The types of Node follow its major version, and hold no code.
    .filter(([name, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version) && name !== "@types/node");
  expect(ranges).toEqual([]);
});
