import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureSecretsKey } from "./ensure-secrets-key.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-key-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keyFile = () => join(folder, "secrets.key");
const modeOf = async () => (await stat(keyFile())).mode & 0o777;

test("the first start makes a key that only its owner can read, and later ones use it", async () => {
  const made = await ensureSecretsKey(folder);
  expect(made).toMatchObject({ ok: true, value: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) });
  expect(await modeOf()).toBe(0o600);
  expect(await ensureSecretsKey(folder)).toEqual(made);
});

test("a key file that others could read is closed", async () => {
  await ensureSecretsKey(folder);
  await chmod(keyFile(), 0o644);
  await ensureSecretsKey(folder);
  expect(await modeOf()).toBe(0o600);
});

test("a file that holds no key is a fault, and stays as it is", async () => {
  await writeFile(keyFile(), "half a key");
  expect(await ensureSecretsKey(folder)).toMatchObject({ ok: false });
  expect(await readFile(keyFile(), "utf8")).toBe("half a key");
});
