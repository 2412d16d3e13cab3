import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";
import { hostileTree, makeHostileTree, type Outcome } from "./hostile-tree.ts";

interface Manifest {
  readonly files: readonly {
    readonly path: string;
    readonly mode: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly raw_path_base64?: string;
  }[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly not_taken: readonly { readonly path: string; readonly reason: string }[];
}

const mebibyte = 1_048_576;

/**
 * Makes 100 MB of random bytes, 3,000 small files with odd names, and what is not to be taken; and writes down the
 * SHA-256 of each file by the base64 of its path, for the test to hold the archive against.
 */
const maker = `
import base64, hashlib, json, os, socket
sums = {}
def put(path, content):
    folder = os.path.dirname(path)
    if folder: os.makedirs(folder, exist_ok=True)
    with open(path, 'wb') as file: file.write(content)
    sums[base64.b64encode(path).decode()] = hashlib.sha256(content).hexdigest()
put(b'big.bin', os.urandom(100_000_000))
odd = [b'with space', 'sm\\u00f6rg\\u00e5s \\u65e5\\u672c \\U0001f41f'.encode(), 'e\\u0301'.encode(), b'quo"te', b"apo'strophe",
       b'back\\\\slash', b'new\\nline', b'-rf', b'--help', b'100%', b'%41', b'a:b', b'q?*<>|', b' lead', b'trail ', b'dot.',
       b'tab\\there', b'\\x01\\x7f', b'\\xff\\xfe bytes', b'CON', b'nul.txt', b'~1', b'.hidden', b'$(touch pwned)', b';&', b'x' * 255]
for number in range(3000):
    name = odd[number % len(odd)]
    folder = b'odd/%d' % (number // len(odd))
    put(folder + b'/' + name, os.urandom(number % 700))
put(b'/'.join([b'deep'] * 60) + b'/end', b'deep')
for name in (b'Readme', b'README', b'readme'): put(b'same/' + name, name)
for path in (b'empty/folder', b'empty/other one'): os.makedirs(path)
os.symlink('big.bin', 'inside'); os.symlink('../big.bin', 'odd/inside up')
os.symlink('/etc/passwd', 'outside'); os.symlink('../../etc/passwd', 'outside up'); os.symlink('missing', 'dangling')
os.mkfifo('pipe'); socket.socket(socket.AF_UNIX).bind('sock')
with open('secret', 'w') as file: file.write('mine')
os.chmod('secret', 0)
with open('sums.json', 'w') as file: json.dump(sums, file)
`;

describe.runIf(process.platform === "linux")("much output", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ backend: "postgres" });
  });
  afterAll(() => stack.stop());

  const memoryMb = async (field: "VmRSS" | "VmHWM"): Promise<number> => {
    const status = await readFile(`/proc/${String(stack.worker().pid)}/status`, "utf8");
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1_024;
  };
  /** Runs a Job, and tells by how much the worker's memory was above its start at the worst moment. */
  const grownBy = async (body: object) => {
    // "5" sets the peak, VmHWM, back to what is resident now: proc(5), clear_refs.
    await writeFile(`/proc/${String(stack.worker().pid)}/clear_refs`, "5");
    const before = await memoryMb("VmRSS");
    const startedAt = performance.now();
    const id = await stack.client.schedule(body);
    const job = await stack.client.ended(id, 150_000);
    const grownMb = (await memoryMb("VmHWM")) - before;
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(
      `worker at ${before.toFixed(0)} MB grew by ${grownMb.toFixed(1)} MB in ${seconds.toFixed(1)} s: ${JSON.stringify(job.timings_ms)}`,
    );
    return { id, job, grownMb };
  };

  test("100 MB of random bytes and 3,000 files with odd names come back byte for byte, and the worker's memory stays flat", async () => {
    const steps = [{ kind: "python", code: maker }];
    const { id, job, grownMb } = await grownBy({ steps, limits: { disk_mb: 300, memory_mb: 512 } });
    expect(job).toMatchObject({ status: "succeeded", failure: null });
    expect(grownMb).toBeLessThan(120);
    const { zip, sha256 } = await stack.client.download(id);
    expect(job.output).toMatchObject({ sha256 });
    // safety: every part of both that is used is looked at below.
    const manifest = zip.json("manifest.json") as Manifest;
    const sums = new Map(Object.entries(zip.json("outputs/sums.json") as Record<string, string>));
    expect(sums.size).toBe(3_005);

    const outputs = manifest.files.filter(({ path }) => path.startsWith("outputs/"));
    const wrong: string[] = [];
    for (const { path, bytes, sha256: said, raw_path_base64: raw } of outputs) {
      const content = zip.bytes(path);
      const own = raw === undefined ? Buffer.from(path.slice("outputs/".length)) : withoutDot(raw);
      const made = path === "outputs/sums.json" ? said : sums.get(own.toString("base64"));
      const found = createHash("sha256").update(content).digest("hex");
      if (made !== found || said !== found || bytes !== content.length) wrong.push(`content of ${path}`);
      if (!/~\d|%~/.test(path) && !unescaped(path).equals(Buffer.concat([Buffer.from("outputs/"), own])))
        wrong.push(`name of ${path}`);
      sums.delete(own.toString("base64"));
    }
    expect(wrong).toEqual([]);
    expect([...sums.keys()].map((name) => Buffer.from(name, "base64").toString())).toEqual([]);
    expect(outputs.length).toBe(3_006);
    expect(zip.names).toEqual(expect.arrayContaining(["outputs/empty/folder/", "outputs/empty/other one/"]));
    expect(manifest.links.map(({ path, target }) => [path, target]).toSorted(byText)).toEqual([
      ["outputs/dangling", "missing"],
      ["outputs/inside", "big.bin"],
      ["outputs/odd/inside up", "../big.bin"],
    ]);
    for (const { path, target } of manifest.links) expect(zip.text(path)).toBe(target);
    expect(manifest.not_taken.map(({ path, reason }) => [path, reason]).toSorted(byText)).toEqual([
      ["outputs/outside", expect.stringMatching(/absolute|out of|leads/)],
      ["outputs/outside up", expect.stringMatching(/out of|leads/)],
      ["outputs/pipe", expect.stringContaining("FIFO")],
      ["outputs/secret", expect.stringContaining("cannot be read")],
      ["outputs/sock", expect.stringContaining("socket")],
    ]);
  }, 180_000);

  test("a gigabyte of output ends the job by its rule, and the worker neither keeps it nor loses count", async () => {
    const flood = (size: string) => ({
      steps: [{ kind: "shell", command: `yes | head -c ${size}` }],
      limits: { log_mb: 2 },
    });
    // What a first flood compiles and opens is no growth of the second.
    await grownBy(flood("40M"));
    const { id, job, grownMb } = await grownBy(flood("1G"));
    expect(job).toMatchObject({ status: "failed", failure: { code: "step_failed", step: 1 } });
    expect(job.plan?.steps[0]).toMatchObject({ status: "failed", exit_code: 141 });
    expect(grownMb).toBeLessThan(50);
    const lines = await stack.client.lines(id);
    const kept = lines
      .filter(({ stream }) => stream === "stdout")
      .reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
    const told = lines.findLast(({ stream, text }) => stream === "system" && text.includes("dropped"))?.text;
    const dropped = Number(/(\d+) bytes/.exec(told ?? "")?.[1]);
    // The log's other limit: 65,536 lines for each of its megabytes, each of two bytes here.
    expect(kept).toBe(2 * 65_536 * 2);
    expect(dropped + kept).toBe(1_024 * mebibyte);
  }, 300_000);

  test("a step that makes every kind of hostile entry has each named in the manifest, and none followed", async () => {
    expect(hostileTree.length).toBeGreaterThanOrEqual(40);
    const id = await stack.client.schedule({ steps: [{ kind: "python", code: makeHostileTree }] });
    expect(await stack.client.ended(id)).toMatchObject({ status: "succeeded", failure: null });
    const { zip } = await stack.client.download(id);
    // safety: every part of both that is used is looked at below.
    const manifest = zip.json("manifest.json") as Manifest;
    // safety: the program prints these pairs, and nothing else.
    const became = new Map(
      (await stack.client.printed(id))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as [number, string]),
    );
    const wrong = hostileTree.flatMap(([what, , outcome], index) =>
      isContained(outcome, became.get(index), manifest, zip.names)
        ? []
        : [`${what}: ${String(became.get(index))}`],
    );
    expect({ wrong, not_taken: wrong.length === 0 ? [] : manifest.not_taken }).toEqual({
      wrong: [],
      not_taken: [],
    });
    for (const { path, bytes } of manifest.files) expect(zip.bytes(path)).toHaveLength(bytes);
    for (const name of zip.names) expect(zip.bytes(name).includes("root:")).toBe(false);
    expect([...zip.bytes("outputs/bytes")]).toEqual(Array.from({ length: 255 }, (_, at) => at + 1));
    const folded = zip.names.map((name) => name.normalize("NFC").toLowerCase());
    expect(new Set(folded).size).toBe(zip.names.length);
  }, 120_000);
});

function isContained(
  outcome: Outcome,
  became: string | undefined,
  manifest: Manifest,
  names: readonly string[],
): boolean {
  if ("refused" in outcome) return outcome.refused.test(became ?? "");
  if (became !== "made") return false;
  if ("folder" in outcome) return names.includes(`outputs/${outcome.folder}`);
  const { list, path, detail } = outcome;
  return manifest[list].some((entry) => {
    const own = entry.path.slice("outputs/".length);
    const said = "reason" in entry ? entry.reason : "target" in entry ? entry.target : entry.mode;
    return (typeof path === "string" ? own === path : path.test(own)) && (detail?.test(said) ?? true);
  });
}

function withoutDot(base64: string): Buffer {
  const raw = Buffer.from(base64, "base64");
  return raw.subarray(0, 2).toString() === "./" ? raw.subarray(2) : raw;
}

/** The bytes that the %XX of a name in the archive stand for. */
function unescaped(path: string): Buffer {
  const pieces = path.split(/(%[0-9A-F]{2})/);
  return Buffer.concat(
    pieces.map((piece) =>
      /^%[0-9A-F]{2}$/.test(piece) ? Buffer.from(piece.slice(1), "hex") : Buffer.from(piece),
    ),
  );
}

function byText([one = ""]: readonly string[], [other = ""]: readonly string[]): number {
  return one < other ? -1 : 1;
}
