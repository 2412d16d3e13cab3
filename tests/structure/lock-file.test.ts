import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

test("the lock file holds the packages of every platform, or npm ci refuses it", async () => {
  const text = await readFile(new URL("../../package-lock.json", import.meta.url), "utf8");
  // safety: npm writes the file; what is looked at is optional.
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, LockedPackage>> };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(packages, path, name)),
  );
  expect(missing).toEqual([]);
});

test("the lock file names no registry", async () => {
  const text = await readFile(new URL("../../package-lock.json", import.meta.url), "utf8");
  expect(text.match(/https?:\/\/[^"]*\.tgz/g)).toBeNull();
});

test("the service's image is built with the package.json of every workspace that the lock file names", async () => {
  const text = await readFile(new URL("../../package-lock.json", import.meta.url), "utf8");
  // safety: npm writes the file.
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, LockedPackage>> };
  const workspaces = Object.keys(packages).filter((path) => path !== "" && !path.includes("node_modules/"));
  const dockerfile = await readFile(new URL("../../Dockerfile", import.meta.url), "utf8");
  const copied = [...dockerfile.matchAll(/^COPY (\S+)\/package\.json \1\/$/gm)].flatMap(
    ([, path]) => path ?? [],
  );
  expect(copied.toSorted()).toEqual(workspaces.toSorted());
});

/** Looks where Node would: beside the package, then in each folder above it. */
function isLocked(packages: Readonly<Record<string, LockedPackage>>, path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    if (`${folder === "" ? "" : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === "") return false;
  }
}
