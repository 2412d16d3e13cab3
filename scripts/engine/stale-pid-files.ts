import { readFile, rm } from "node:fs/promises";

const pidFiles: readonly PidFile[] = [
  { path: "/var/run/docker.pid", program: "dockerd" },
  { path: "/var/run/docker/containerd/containerd.pid", program: "containerd" },
];

/**
 * Removes the pid files of a dockerd and its containerd that run no more: after a crash the number may belong to any
 * other process, and a new dockerd then refuses to start, or believes that its containerd is there. Gives the pid of a
 * dockerd that does run, else null.
 */
export async function removeStalePidFiles(files: readonly PidFile[] = pidFiles): Promise<number | null> {
  let running: number | null = null;
  for (const { path, program } of files) {
    const pid = Number.parseInt(await readFile(path, "utf8").catch(() => ""), 10);
    if (!Number.isInteger(pid)) continue;
    const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
    if (name.trim() !== program) await rm(path, { force: true });
    else if (program === "dockerd") running = pid;
  }
  return running;
}

interface PidFile {
  readonly path: string;
  readonly program: string;
}
