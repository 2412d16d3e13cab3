import { readdirSync, statSync } from "node:fs";
import { maskedPaths } from "../../../apps/worker/src/sandbox/docker/container-spec.ts";
import { hostConfig, type Mutation } from "./mutation.ts";

/** The probe that reads each path, were it not masked. */
export const probeOf: Readonly<Record<string, string>> = {
  "/proc/asound": "read the hardware's tables",
  "/proc/acpi": "read the hardware's tables",
  "/proc/scsi": "read the hardware's tables",
  "/sys/firmware": "read the hardware's tables",
  "/proc/kcore": "read the kernel's memory",
  "/proc/keys": "read the keyrings",
  "/proc/latency_stats": "read how the machine is scheduled",
  "/proc/sched_debug": "read how the machine is scheduled",
  "/proc/timer_list": "read what timers run on the machine",
  "/proc/timer_stats": "read what timers run on the machine",
  "/proc/interrupts": "read the interrupts, and so other programs' keystrokes",
  "/proc/cmdline": "read the kernel's command line",
  "/proc/config.gz": "read the kernel's configuration",
  "/proc/fs": "read how the host's disks are laid out",
  "/proc/modules": "read the kernel's modules",
  "/proc/kallsyms": "read the kernel's symbols",
  "/proc/kmsg": "read the kernel's log from a file",
  "/proc/sysrq-trigger": "press the magic key (sysrq)",
  "/sys/devices/virtual/dmi": "read what machine it is",
  "/sys/devices/virtual/powercap": "read the machine's power meter, which tells secrets",
  "/sys/kernel": "read /sys/kernel, where debugging and tracing live",
  "/sys/module": "read the modules' parameters and addresses",
};

/** Each masked path shown again, where this machine's kernel has it and gives it to others than root. */
export const maskedPathMutations: readonly Mutation[] = maskedPaths
  .filter(isReadableByOthers)
  .map((path) => ({
    ...hostConfig(
      `${path} masked`,
      { MaskedPaths: maskedPaths.filter((each) => each !== path) },
      probeOf[path] ?? "a probe that is missing",
    ),
  }));

/** The others, where the mask is a second defence behind the kernel's own, or has nothing behind it. */
export const unnoticeableMasks = maskedPaths.filter((path) => !isReadableByOthers(path));

function isReadableByOthers(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || (found.mode & 0o004) === 0) return false;
  return !found.isDirectory() || readdirSync(path).length > 0;
}
