import { statSync } from "node:fs";

const addon = "/opt/longshore/shut.node";

/**
 * Keeps the agent's memory, descriptors and environment from Steps, which have its uid, also where its program can be
 * read (native/shut.c). Throws where that did not work: the kernel then still shows this process's files in /proc as its
 * user's own, and not as root's (proc(5), "/proc/pid").
 */
export function shutProcess(): void {
  process.dlopen({ exports: {} }, addon);
  if (statSync("/proc/self/environ").uid !== 0) throw new Error("the agent's process is open to steps");
}
