import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { expect, it } from "vitest";
import { runSteps } from "./run-steps.testkit.ts";
import { endAndRemove, outputsOf, started, type Suite } from "./sandbox-under-test.testkit.ts";

interface TarEntry {
  readonly type: string;
  readonly bytes: Buffer;
  readonly attributes: readonly string[];
}

/** Everything that a tar stream names, with its bytes, by name. */
async function readTar(source: AsyncIterable<Uint8Array>): Promise<Map<string, TarEntry>> {
  const found = new Map<string, TarEntry>();
  const reader = extract();
  reader.on("entry", (header, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk) => {
      // safety: tar-stream gives Buffers.
      chunks.push(chunk as Buffer);
    });
    stream.on("end", () => {
      const attributes = Object.keys(header.pax ?? {});
      found.set(header.name, { type: header.type ?? "", bytes: Buffer.concat(chunks), attributes });
      next();
    });
  });
  await pipeline(Readable.from(source), reader);
  return found;
}

const oddTree = [
  "mkdir -p 'a/b c' empty shut",
  "printf one > 'a/b c/one'; printf two > $'new\\nline'; printf three > ./-C",
  "printf four > $'\\xff\\xfe'; head -c 3000000 /dev/zero > large; touch unreadable",
  "mkfifo fifo; ln -s /etc/passwd out; touch shut/x",
  "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"socket\")'",
  "printf %s long > \"$(printf 'n%.0s' {1..255})\"; chmod 0 unreadable shut",
].join("; ");

/** A path of 10,000 bytes, which can be made from inside alone; and what else a listing could stumble over. */
const absurdTree = `python3 - <<'END'
import os
open('kept', 'w').close()
open('vast', 'w').close()
os.truncate('vast', 2 ** 62)
os.mkdir('listed')
open('listed/x', 'w').close()
os.chmod('listed', 0o444)
os.mkfifo('zz-last')
for _ in range(1_111):
    os.mkdir('12345678')
    os.chdir('12345678')
END`;

/** What every SandboxProvider must do with the outputs of its Sandboxes. */
export function outputTests({ provider }: Suite): void {
  it("gives the tree of /workspace with odd names, and lists what it does not give", async () => {
    const sandbox = await started(provider());
    expect(await runSteps(sandbox, [oddTree])).toMatchObject({ exitCodes: [0] });
    const outputs = outputsOf(sandbox);
    const tar = await readTar(outputs.tar);
    const text = (name: string): string | undefined => tar.get(name)?.bytes.toString();
    expect(["./a/b c/one", "./new\nline", "./-C", `./${"n".repeat(255)}`].map(text)).toEqual([
      "one",
      "two",
      "three",
      "long",
    ]);
    expect(tar.get("./out")?.type).toBe("symlink");
    expect(tar.get("./empty/")?.type ?? tar.get("./empty")?.type).toBe("directory");
    for (const name of ["./large", "./fifo", "./socket", "./unreadable"]) expect(tar.has(name)).toBe(false);

    expect(outputs.listed.pop()).toBeNull();
    const listed = new Map<string, string>();
    for (const output of outputs.listed) {
      if (output === null) throw new Error("The listing went on after its end.");
      const { kind, readable, bytes, path } = output;
      listed.set(path.toString("latin1"), `${kind} ${readable ? "readable" : "unreadable"} ${String(bytes)}`);
    }
    expect(listed.get("large")).toBe("file readable 3000000");
    expect(listed.get("unreadable")).toBe("file unreadable 0");
    expect(listed.get("fifo")).toBe("fifo readable 0");
    expect(listed.get("socket")).toMatch(/^socket /u);
    expect(listed.get("shut")).toMatch(/^folder unreadable/u);
    expect(listed.get("\xff\xfe")).toBe("file readable 4");
    await endAndRemove(sandbox);
  });

  it("lists paths that nobody can open, sizes that no disk has, and folders that cannot be entered, beside the rest", async () => {
    const sandbox = await started(provider());
    expect(await runSteps(sandbox, [absurdTree])).toMatchObject({ exitCodes: [0] });
    const outputs = outputsOf(sandbox);
    const tar = await readTar(outputs.tar);
    expect(outputs.listed.at(-1)).toBeNull();
    const told = outputs.listed.flatMap((output) =>
      output === null ? [] : [`${output.path.toString()}: ${output.kind} ${String(output.readable)}`],
    );
    expect(told).toEqual(
      expect.arrayContaining(["vast: file true", "listed: folder false", "zz-last: fifo true"]),
    );
    expect(outputs.listed.find((output) => output?.path.toString() === "vast")?.bytes).toBe(2 ** 62);
    expect(Math.max(...outputs.listed.map((output) => output?.path.length ?? 0))).toBeGreaterThan(8_000);
    const names = [...tar.keys()].map((name) => name.replace(/\/$/u, ""));
    expect(names).toEqual(expect.arrayContaining(["./kept", "./listed", `.${"/12345678".repeat(100)}`]));
    expect(names).toHaveLength(102);
    await endAndRemove(sandbox);
  });

  it("gives a file with two names twice, byte for byte, and no times but the last change", async () => {
    const sandbox = await started(provider());
    await runSteps(sandbox, ["mkdir sub; head -c 70000 /dev/urandom > one; ln one sub/two; ln -s one three"]);
    const tar = await readTar(outputsOf(sandbox).tar);
    const [one, two] = [tar.get("./one"), tar.get("./sub/two")];
    expect([one?.type, two?.type, tar.get("./three")?.type]).toEqual(["file", "file", "symlink"]);
    expect(one?.bytes).toHaveLength(70_000);
    expect(two?.bytes.equals(one?.bytes ?? Buffer.alloc(0))).toBe(true);
    const attributes = new Set([...tar.values()].flatMap((entry) => entry.attributes));
    expect([...attributes].filter((name) => name.endsWith("time"))).toEqual(["mtime"]);
    await endAndRemove(sandbox);
  });

  it("stops giving outputs when the signal says so", async () => {
    const sandbox = await started(provider());
    await runSteps(sandbox, ["head -c 20M /dev/zero > large"]);
    const stop = new AbortController();
    const reading = async (): Promise<void> => {
      for await (const chunk of outputsOf(sandbox, { maxFileBytes: 2 ** 30, signal: stop.signal }).tar)
        if (chunk.length > 0) stop.abort(new Error("enough"));
    };
    await expect(reading()).rejects.toThrow("enough");
    await endAndRemove(sandbox);
  });

  it("ends while somebody has begun to read outputs and reads no more", async () => {
    const sandbox = await started(provider());
    await runSteps(sandbox, ["head -c 20M /dev/zero > large"]);
    const reader = outputsOf(sandbox, { maxFileBytes: 2 ** 30 }).tar[Symbol.asyncIterator]();
    expect((await reader.next()).done).toBe(false);
    const began = performance.now();
    await endAndRemove(sandbox);
    expect(performance.now() - began).toBeLessThan(5_000);
    await expect(
      (async () => {
        while ((await reader.next()).done !== true);
      })(),
    ).rejects.toThrow("ended");
  });

  it("fails to give outputs of a Sandbox that is gone", async () => {
    const sandbox = await started(provider());
    await endAndRemove(sandbox);
    await expect(readTar(outputsOf(sandbox).tar)).rejects.toThrow(Error);
  });
}
