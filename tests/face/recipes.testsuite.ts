import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "../../scripts/host/run-program.ts";
import { packClient } from "../../scripts/pack/pack-client.ts";
import { root } from "../../scripts/root.ts";
import type { Face } from "./face.ts";

const limitMs = 60_000;

/** The programs of the client's README as somebody runs them who has installed the packed client. */
export function recipesTestsuite(face: () => Face): void {
  describe("a recipe of the client's README, with the packed client", { timeout: 120_000 }, () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "longshore-recipes-"));
      await installPacked(folder);
      for (const [index, code] of (await readRecipes()).entries())
        await writeFile(join(folder, `recipe-${String(index + 1)}.ts`), code);
      return () => rm(folder, { recursive: true, force: true });
    });
    const run = async (number: number) => {
      const { url, key } = face();
      const env = { PATH: process.env["PATH"], LONGSHORE_URL: url, LONGSHORE_API_KEY: key };
      const { code, output } = await runProgram(process.execPath, [`recipe-${String(number)}.ts`], {
        ...{ cwd: folder, env, limitMs },
      });
      expect({ code, output }).toMatchObject({ code: 0 });
      return output;
    };

    test("runs a job and tells how it ended", async () => {
      expect(await run(1)).toBe("succeeded 0\n42\n");
    });
    test("shows what happens while it happens", async () => {
      expect(await run(2)).toBe("step 1 running\ncrate 1\ncrate 2\ncrate 3\nstep 1 succeeded\n");
    });
    test("gives files and takes files back", async () => {
      expect(await run(3)).toBe("saved 2 files\n");
      expect((await readFile(join(folder, "result.zip"))).subarray(0, 2).toString()).toBe("PK");
    });
    test("stops a job and knows what went wrong", async () => {
      const lines = [
        "TimeoutError",
        "invalid_body | Change what is named in `errors`.",
        "422 /limits/cpus",
        "",
      ];
      expect(await run(4)).toBe(lines.join("\n"));
    });
    test("runs many jobs and tidies up", async () => {
      expect((await run(5)).split("\n").toSorted()).toEqual(["", "north succeeded", "south succeeded"]);
    });
    test("has types that fit", async () => {
      const options = { strict: true, noEmit: true, target: "es2024", module: "nodenext", types: ["node"] };
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
      const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
      expect(await runProgram(process.execPath, [compiler, "-p", folder], { limitMs })).toEqual({
        ...{ code: 0, output: "" },
      });
    });
  });
}

async function readRecipes(): Promise<readonly string[]> {
  const readme = await readFile(join(root, "packages", "client", "README.md"), "utf8");
  return [...readme.matchAll(/^(`{3,})ts\n([\s\S]*?)^\1$/gm)].map(([, , code = ""]) => code);
}

/** What `npm install longshore-client.tgz` does, with the packages that are here already. */
async function installPacked(folder: string): Promise<void> {
  const packed = await packClient(root, folder, AbortSignal.timeout(limitMs));
  if (!packed.ok) throw new Error(packed.failure.what);
  const modules = join(folder, "node_modules");
  const place = join(modules, "@longshore", "client");
  await mkdir(place, { recursive: true });
  await mkdir(join(modules, "@types"));
  const unpacked = await runProgram("tar", ["-xzf", packed.value, "-C", place, "--strip-components=1"], {
    limitMs,
  });
  expect(unpacked).toMatchObject({ code: 0 });
  for (const name of [
    "@noble",
    "eventsource-parser",
    "openapi-fetch",
    "openapi-typescript-helpers",
    "@types/node",
    "undici-types",
  ])
    await symlink(join(root, "node_modules", name), join(modules, name));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
}
