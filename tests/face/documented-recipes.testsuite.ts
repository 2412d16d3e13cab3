import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../scripts/host/find-program.ts";
import { findPythonWith } from "../../scripts/host/find-python.ts";
import { runProgram } from "../../scripts/host/run-program.ts";
import { root } from "../../scripts/root.ts";
import { readZip } from "../support/read-zip.ts";
import type { Face } from "./face.ts";

const limitMs = 60_000;
const bash = (await findProgram("curl")) && (await findProgram("jq")) && (await findProgram("bash"));
const python = await findPythonWith("requests");

/** The recipes of docs/clients.md, as somebody runs them who has the service's address and a key. */
export function documentedRecipesTestsuite(face: () => Face): void {
  describe("a recipe of docs/clients.md", { timeout: 120_000 }, () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "longshore-recipes-"));
      return () => rm(folder, { recursive: true, force: true });
    });
    const run = async (language: string, program: string | null, args: readonly string[] = []) => {
      const { url, key } = face();
      const env = { PATH: process.env["PATH"], LONGSHORE_URL: url, LONGSHORE_API_KEY: key };
      const how = { cwd: folder, env, limitMs, stdin: await readRecipe(language) };
      const { code, output } = await runProgram(program ?? language, args, how);
      expect({ code, output }).toMatchObject({ code: 0 });
      return output;
    };
    const hello = async () =>
      (await readZip(await readFile(join(folder, "job.zip")))).text("outputs/hello.txt");

    test.skipIf(bash === null)("in curl and jq schedules, follows and fetches", async () => {
      const lines = (await run("sh", bash, ["-eu", "-o", "pipefail"])).split("\n");
      expect(lines.filter((line) => line.startsWith("data: ") && line.includes('"written"'))).toHaveLength(1);
      expect(lines.at(-2)).toBe("succeeded");
      expect(await hello()).toBe("hello\n");
    });

    test.skipIf(python === null)("in Python with requests schedules, follows and fetches", async () => {
      expect(await run("python", python, ["-"])).toBe("written\nsucceeded\n");
      expect(await hello()).toBe("hello");
    });
  });
}

/** The one block of this language. */
async function readRecipe(language: string): Promise<string> {
  const page = await readFile(join(root, "docs", "clients.md"), "utf8");
  const blocks = [...page.matchAll(/^(`{3,})(\w+)\n([\s\S]*?)^\1$/gm)].filter(([, , of]) => of === language);
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[3] ?? "";
}
