import { createHash } from "node:crypto";
import { lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Face } from "../face.ts";
import { useCliBench } from "./cli-bench.ts";

/** What goes into a job from a disk, and what comes back to one. */
export function cliOutputsTestsuite(face: () => Face): void {
  describe("files and longshore", { timeout: 60_000 }, () => {
    const { run, folder, client } = useCliBench(face);
    const making =
      "mkdir -p a/b empty; echo deep > a/b/deep.txt; printf '#!/bin/sh\\n' > tool; chmod 755 tool; ln -s a/b/deep.txt link";

    test("run --file takes files, folders and stdin, whatever is in them", async () => {
      const bytes = Buffer.from([0, 255, 254, 10, 128]);
      await mkdir(join(folder(), "src", "deep"), { recursive: true });
      await writeFile(join(folder(), "src", "deep", "raw.bin"), bytes);
      await writeFile(join(folder(), "src", "text.txt"), "Grüße\n");
      const files = ["-f", "src", "-f", "src/text.txt:in/renamed.txt", "-f", "-:typed.txt"];
      const ended = await run(["run", "-q", ...files, "--step", "find . -type f | sort | xargs sha256sum"], {
        stdin: "by hand",
      });
      const line = (path: string, content: Buffer | string) =>
        `${createHash("sha256").update(content).digest("hex")}  ${path}\n`;
      expect(ended).toMatchObject({
        code: 0,
        stdout: [
          line("./in/renamed.txt", "Grüße\n"),
          line("./src/deep/raw.bin", bytes),
          line("./src/text.txt", "Grüße\n"),
          line("./typed.txt", "by hand"),
        ].join(""),
      });
    });

    test("run --file . takes what is in the folder, and says what a job does not get of it", async () => {
      const here = join(folder(), "here");
      await mkdir(join(here, "empty"), { recursive: true });
      await writeFile(join(here, "tool"), "#!/bin/sh\necho made\n", { mode: 0o755 });
      const asked = ["run", "--file", ".", "--step", "sh tool; find . -type f"];
      const ended = await run(asked, { cwd: here });
      expect(ended).toMatchObject({ code: 0, stdout: "made\n./tool\n" });
      expect(ended.stderr).toContain("! tool: not executable in the job, until a step says chmod +x\n");
      expect(ended.stderr).toContain("! empty: an empty folder, which the job has not, until");
      expect(await run([...asked, "-q"], { cwd: here })).toMatchObject({ code: 0, stderr: "" });
    });

    test("run takes steps of both kinds, code from files, environment, secrets, labels and limits", async () => {
      await writeFile(join(folder(), "plot.py"), "import os; print(os.environ['PIER'])\n");
      const args = [
        "run",
        "--json",
        "--step",
        "@plot.py",
        "--step",
        "python:print(6 * 7)",
        "--step",
        'echo "$TOKEN" >&2',
      ];
      const more = [
        "-e",
        "PIER",
        "--secret",
        "TOKEN",
        "-l",
        "team=harbour",
        "--timeout",
        "60",
        "--limit",
        "cpus=0.5",
      ];
      const ended = await run([...args, ...more], { env: { PIER: "north", TOKEN: "hidden-value" } });
      expect(ended.code).toBe(0);
      // safety: it is one document, the job.
      const { job_id, metadata } = JSON.parse(ended.stdout) as { job_id: string; metadata: unknown };
      expect(metadata).toEqual({ team: "harbour" });
      expect((await run(["logs", job_id])).stdout).toBe("north\n42\n***\n");
      expect((await run(["logs", job_id, "--stream", "stderr"])).stdout).toBe("***\n");
    });

    test("run - reads the prompt from stdin, and --request the whole request", async () => {
      const prompt = "Say it:\n```sh\necho said\n```\n";
      expect(await run(["run", "-q", "-"], { stdin: prompt })).toMatchObject({ code: 0, stdout: "said\n" });
      const stdin = JSON.stringify({
        steps: [{ kind: "shell", command: "echo $PIER" }],
        env: { PIER: "south" },
      });
      expect(await run(["run", "-q", "--request", "-"], { stdin })).toMatchObject({
        code: 0,
        stdout: "south\n",
      });
    });

    test("a line that the log keeps in pieces is whole again in a pipe", async () => {
      const ended = await run([
        "run",
        "-q",
        "--step",
        "head -c 100000 /dev/zero | tr '\\0' x; echo; echo end",
      ]);
      expect(ended).toMatchObject({ code: 0, stdout: `${"x".repeat(100_000)}\nend\n` });
    });

    test("run --out unpacks what the job left, byte for byte, with modes and links", async () => {
      const ended = await run(["run", "-q", "--out", "made", "--step", making]);
      expect(ended).toMatchObject({ code: 0 });
      expect(ended.stderr).toContain("✓ 2 files");
      const made = join(folder(), "made");
      expect((await readdir(made)).toSorted()).toEqual(["a", "empty", "link", "tool"]);
      expect(await readFile(join(made, "a", "b", "deep.txt"), "utf8")).toBe("deep\n");
      expect((await stat(join(made, "tool"))).mode & 0o777).toBe(0o755);
      expect(await readlink(join(made, "link"))).toBe("a/b/deep.txt");
    });

    test("nothing that is there is overwritten, unless that is asked for, and then it is said", async () => {
      const { stdout } = await run([
        "run",
        "--detach",
        "--step",
        "echo new > kept.txt; echo other > other.txt",
      ]);
      const id = stdout.trim();
      await run(["logs", "-f", id]);
      const place = join(folder(), "there");
      await mkdir(place);
      await writeFile(join(place, "kept.txt"), "old");
      const refused = await run(["download", id, "--out", "there"]);
      expect(refused).toMatchObject({ code: 7, stdout: "" });
      expect(refused.stderr).toContain("kept.txt exists already");
      expect(await readdir(place)).toEqual(["kept.txt"]);
      expect(await readFile(join(place, "kept.txt"), "utf8")).toBe("old");
      const forced = await run(["download", id, "--out", "there", "--force"]);
      expect(forced).toMatchObject({ code: 0 });
      expect(forced.stderr).toContain("! overwrote 1 file");
      expect(await readFile(join(place, "kept.txt"), "utf8")).toBe("new\n");
    });

    test("a job that succeeded, and whose outputs cannot be saved, is no success, and both are said", async () => {
      await mkdir(join(folder(), "full"));
      await writeFile(join(folder(), "full", "a.txt"), "old");
      const ended = await run(["run", "--out", "full", "--step", "echo new > a.txt"]);
      expect(ended).toMatchObject({ code: 7 });
      expect(ended.stderr).toMatch(
        /✓ succeeded[\s\S]*outputs were not saved: longshore download [\s\S]*a\.txt exists already/,
      );
    });

    test("a folder that cannot be made or written is told before the job is scheduled, and nothing is left of the try", async () => {
      await writeFile(join(folder(), "a-file"), "kept");
      for (const [out, reason] of [
        ["a-file", "A file is where a folder should be"],
        ["a-file/below", "A file is where a folder should be"],
        ["/proc/longshore/out", "cannot be written"],
      ] as const) {
        const ended = await run(["run", "--out", out, "--label", "pier=no-folder", "--step", "true"]);
        expect(ended).toMatchObject({ code: 7, stdout: "" });
        expect(ended.stderr).toContain(reason);
      }
      const { stdout } = await run(["ls", "--json", "--label", "pier=no-folder"]);
      expect(stdout).toBe("[]\n");
      const refused = await run(["run", "--out", "new/deep", "--step", "true", "--limit", "cpus=1000"]);
      expect(refused.code).toBe(2);
      expect(await readdir(folder())).not.toContain("new");
    });

    test("download --out makes folders of any depth, and ends where none can be made", async () => {
      const { job_id } = await client().run({ steps: [{ kind: "shell", command: "echo x > x.txt" }] });
      expect(await run(["download", job_id, "--out", "laid/by/download"])).toMatchObject({ code: 0 });
      expect(await readdir(join(folder(), "laid", "by", "download"))).toEqual(["x.txt"]);
      const nowhere = await run(["download", job_id, "--out", "/proc/longshore"]);
      expect(nowhere).toMatchObject({ code: 7, stdout: "" });
      expect(nowhere.stderr).toContain("/proc/longshore cannot be written: ENOENT");
    });

    test("what the archive does not hold is named, with the reason", async () => {
      const odd = "echo x > kept.txt; mkfifo pipe; ln -s /etc/passwd outside";
      const ended = await run(["run", "--json", "--out", "odd", "--step", odd]);
      expect(ended.code).toBe(0);
      expect(ended.stderr).toContain("! 2 outputs not taken, or not whole:\n");
      expect(ended.stderr).toMatch(/^ {4}pipe: .*FIFO/m);
      expect(ended.stderr).toMatch(/^ {4}outside: ./m);
      const named = expect.arrayContaining([
        { path: "pipe", reason: expect.stringContaining("FIFO") as string },
        { path: "outside", reason: expect.any(String) as string },
      ]) as unknown;
      // safety: it is one document, the job.
      const job = JSON.parse(ended.stdout) as { readonly job_id: string };
      expect(job).toMatchObject({ saved: { files: [{ path: "kept.txt" }], not_taken: named } });
      const again = await run(["download", job.job_id, "--json", "--out", "odd-too"]);
      expect(JSON.parse(again.stdout)).toMatchObject({ files: [{ path: "kept.txt" }], not_taken: named });
      const many = await run(["run", "-q", "--out", "many", "--step", "mkfifo 1 2 3 4 5 6 7"]);
      expect(many.stderr).toContain("! 7 outputs not taken, or not whole:\n");
      expect(many.stderr).toContain("    and 2 more, which manifest.json in the zip names\n");
    });

    test("no link that is in the folder is followed", async () => {
      const { stdout } = await run([
        "run",
        "--detach",
        "--step",
        "mkdir sub; echo x > sub/file.txt; echo y > top.txt",
      ]);
      const id = stdout.trim();
      await run(["logs", "-f", id]);
      const [place, elsewhere] = [join(folder(), "linked"), join(folder(), "elsewhere")];
      await mkdir(place);
      await mkdir(elsewhere);
      await writeFile(join(elsewhere, "victim.txt"), "untouched");
      await symlink(elsewhere, join(place, "sub"));
      const refused = await run(["download", id, "--out", "linked"]);
      expect(refused).toMatchObject({ code: 7 });
      expect(refused.stderr).toContain("is a link, where a folder of the outputs belongs");
      expect(await readdir(elsewhere)).toEqual(["victim.txt"]);
      const other = join(folder(), "other");
      await mkdir(other);
      await symlink(join(elsewhere, "victim.txt"), join(other, "top.txt"));
      expect(await run(["download", id, "--out", "other", "--force"])).toMatchObject({ code: 0 });
      expect((await lstat(join(other, "top.txt"))).isFile()).toBe(true);
      expect(await readFile(join(elsewhere, "victim.txt"), "utf8")).toBe("untouched");
    });

    test("download saves the zip whole or not at all, to a name of its own or another, or to stdout", async () => {
      const { job_id, output } = await client().run({
        steps: [{ kind: "shell", command: "seq 1000 > n.txt" }],
      });
      const hashOf = async (name: string) =>
        createHash("sha256")
          .update(await readFile(join(folder(), name)))
          .digest("hex");
      expect(await run(["download", job_id])).toMatchObject({ code: 0 });
      expect(await hashOf(`${job_id}.zip`)).toBe(output?.sha256);
      expect(await run(["download", job_id])).toMatchObject({ code: 7 });
      expect(await run(["download", "last", "--zip", "named.zip", "--json"])).toMatchObject({ code: 0 });
      expect(await hashOf("named.zip")).toBe(output?.sha256);
      const away = await run(["download", job_id, "--zip", "no/such/folder.zip"]);
      expect(away).toMatchObject({ code: 7 });
      expect(away.stderr).toContain("ENOENT");
      expect((await readdir(folder())).filter((name) => name.endsWith(".part"))).toEqual([]);
      const piped = await run(["download", job_id, "--zip", "-"]);
      expect(piped.stdout.startsWith("PK")).toBe(true);
    });

    test("a job that never ran has nothing to download", async () => {
      const never = await client().run({ prompt: "no code, and there is no model" });
      expect(never.status).toBe("failed");
      if (never.download_link === null) {
        expect(await run(["download", never.job_id])).toMatchObject({ code: 5 });
        expect(await run(["download", never.job_id, "--out", "nothing"])).toMatchObject({ code: 5 });
      } else expect(await run(["download", never.job_id, "--out", "nothing"])).toMatchObject({ code: 0 });
    });
  });
}
