import { readdir, readlink } from "node:fs/promises";
import { residentMb } from "../../support/resident-mb.ts";

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
    const rssMb = await residentMb(pid);
    const handles = await readdir(`${folder}/fd`);
    const targets = await Promise.all(
      handles.map((each) => readlink(`${folder}/fd/${each}`).catch(() => "")),
    );
    return {
      rssMb,
      handles: handles.length,
      sockets: targets.filter((target) => target.startsWith("socket:")).length,
    };
  } catch {
    return null;
  }
}
