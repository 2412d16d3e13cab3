import { readdir, readFile, readlink } from "node:fs/promises";

/** What a process holds at one instant, by the kernel. */
export interface ProcessFigures {
  readonly rssMb: number;
  readonly handles: number;
  readonly sockets: number;
}

/** Null where the process is gone. */
export async function readProcess(pid: number): Promise<ProcessFigures | null> {
  try {
    const folder = `/proc/${String(pid)}`;
    const status = await readFile(`${folder}/status`, "utf8");
    const handles = await readdir(`${folder}/fd`);
    const targets = await Promise.all(
      handles.map((each) => readlink(`${folder}/fd/${each}`).catch(() => "")),
    );
    return {
      rssMb: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024,
      handles: handles.length,
      sockets: targets.filter((target) => target.startsWith("socket:")).length,
    };
  } catch {
    return null;
  }
}
