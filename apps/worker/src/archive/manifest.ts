import { showPath } from "./entry-name.ts";

/** A file of the Archive. `mode` is octal, such as "0644". `raw_path_base64` is there where the Job's own name had to be changed. */
export interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mode: string;
  readonly raw_path_base64?: string;
}

/** A symlink of the Archive. `hard_link` where the Job had two names for one file. */
export interface ManifestLink {
  readonly path: string;
  readonly target: string;
  readonly hard_link?: true;
  readonly raw_path_base64?: string;
}

/** What was in /workspace and is not, or not whole, in the Archive. */
export interface NotTaken {
  readonly path: string;
  readonly reason: string;
  readonly raw_path_base64?: string;
}

// A hostile Job can make 64 MiB of names; what is over this is counted.
const mostNotTakenCharacters = 16 * 1_048_576;
const outputs = "outputs";

/** Collects what manifest.json says. All paths are as in the zip. */
export function createManifest() {
  const files: ManifestFile[] = [];
  const links: ManifestLink[] = [];
  const notTaken: NotTaken[] = [];
  let notTakenCharacters = 0;
  let unnamed = 0;

  return {
    addFile: (file: Omit<ManifestFile, "mode"> & { readonly mode: number }, raw?: Buffer) => {
      files.push({ ...file, mode: octal(file.mode), ...rawPath(raw, file.path) });
    },
    addLink: (link: ManifestLink, raw: Buffer) => {
      links.push({ ...link, ...rawPath(raw, link.path) });
    },
    /** `raw` is the path as the Job had it, relative to /workspace where it is as it should be. */
    addNotTaken: (raw: Buffer, reason: string) => {
      const path = `${outputs}/${showPath(withoutDot(raw))}`;
      const entry = { path, reason, ...(raw.length > 4_096 ? {} : rawPath(raw, path)) };
      notTakenCharacters += path.length + reason.length + (entry.raw_path_base64?.length ?? 0);
      if (notTakenCharacters > mostNotTakenCharacters) unnamed += 1;
      else notTaken.push(entry);
    },
    notTakenCount: () => notTaken.length + unnamed,
    /** manifest.json, in pieces. */
    toJson: async function* (head: { readonly job_id: string; readonly versions: unknown }) {
      const rest: NotTaken[] =
        unnamed === 0 ? [] : [{ path: `${outputs}/…`, reason: `${String(unnamed)} more are not named here` }];
      yield Buffer.from(
        `{\n  "job_id": ${JSON.stringify(head.job_id)},\n  "versions": ${JSON.stringify(head.versions)}`,
      );
      yield* toJsonList("files", files);
      yield* toJsonList("links", links);
      yield* toJsonList("not_taken", [...notTaken, ...rest]);
      yield Buffer.from("\n}\n");
    },
  };
}

export type Manifest = ReturnType<typeof createManifest>;

function* toJsonList(name: string, entries: readonly unknown[]): Generator<Buffer> {
  const rowsAtOnce = 512;
  yield Buffer.from(`,\n  "${name}": [`);
  for (let at = 0; at < entries.length; at += rowsAtOnce) {
    const rows = entries.slice(at, at + rowsAtOnce).map((entry) => `\n    ${JSON.stringify(entry)}`);
    yield Buffer.from(`${at === 0 ? "" : ","}${rows.join(",")}`);
  }
  yield Buffer.from(entries.length === 0 ? "]" : "\n  ]");
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function rawPath(raw: Buffer | undefined, path: string): { readonly raw_path_base64?: string } {
  if (raw === undefined) return {};
  const plain = withoutDot(raw);
  const unchanged = Buffer.from(`${outputs}/`).length + plain.length === Buffer.byteLength(path);
  return unchanged && path === `${outputs}/${plain.toString("utf8")}`
    ? {}
    : { raw_path_base64: raw.toString("base64") };
}

/** tar is fed by `find .`, which begins each path with `./`. */
function withoutDot(raw: Buffer): Buffer {
  return raw.length > 2 && raw[0] === 0x2e && raw[1] === 0x2f ? raw.subarray(2) : raw;
}
