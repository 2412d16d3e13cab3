/** What became of a Sandbox that came to its bound of memory, by the engine's word. */
export const endedForMemory = "the engine ended the Sandbox at its bound of memory";

/**
 * How gVisor words what it refuses, does not have, or makes up, by the probe's name: held as well. Its kernel is a
 * program: most of what a filter keeps from the host's kernel is not in it.
 */
export const gvisorAnswers: Readonly<Record<string, RegExp>> = {
  "enter a namespace": /^raised ENOENT$/,
  "enter the namespaces of process 1": /^ENOENT EPERM$/,
  "add an interface, an address or a route": /^EACCES$/,
  "read or replace the firewall by socket options": /^EINVAL ENOPROTOOPT$/,
  // It has no line for CapAmb and NoNewPrivs.
  "have a capability": /^0{16} none$/,
  "gain rights by a program that it starts": /^none ok 1$/,
  "give itself capabilities": /^EPERM EINVAL$/,
  "give a file to root, or capabilities to a file": /^EPERM ENOTSUP$/,
  "write to another user's files in /proc": /^EPERM ENOENT$/,
  "type into a terminal of the host's": /^EIO ENOENT$/,
  // Made up, and the same everywhere.
  "read the kernel's command line": /^BOOT_IMAGE=\/vmlinuz-4\.4\.0-gvisor quiet$/,
  "write through a link to root's files": /^EACCES ENOENT$/,
  "reach the host by TCP": /^EHOSTUNREACH$/,
  "reach the host by UDP": /^EHOSTUNREACH$/,
  // No mounts of their own, and no file there that can be opened for writing.
  "have /proc/sys, /proc/irq or /proc/bus writable": /^not ro nothing$/,
  // The whole Sandbox has one bound; the worker says out_of_memory of the Job.
  "hold memory without end": new RegExp(`^${endedForMemory}$`, "u"),
  "hold its process": /^ENOSYS$/,
  // Process 1 keeps nothing open.
  "list the descriptors of process 1": /^empty$/,
  "write to the stdout of process 1, and so forge a frame": /^ENOENT$/,
};

const everybodys = "gVisor gives this file of /proc to everybody";
const ownDevice = "gVisor's own, which leads to nothing of the host's";
const uncounted = "gVisor has no such bound; what it costs is bounded by the Sandbox's memory";
const notShown = "gVisor does not show it";

/** What a Step can do under gVisor and not under runc, or what cannot be shown there, by the probe's name, and why. */
export const openUnderGvisor: Readonly<Record<string, string>> = {
  "have setuid programs or devices honoured on what it can write": notShown,
  "be spared when memory runs out": "gVisor keeps the number and does nothing with it",
  "find a device but for the usual ones": ownDevice,
  "find /dev/kvm, /dev/fuse, a tunnel or a loop": ownDevice,
  "read the environment of process 1": `${everybodys}; what is in it is the image's`,
  "see the address space of process 1": `${everybodys}; what lies there stays shut`,
  "list the descriptors of the agent": everybodys,
  "write to the stdout of the agent, and so forge a frame":
    "gVisor opens a pipe of another process for who has its user; a Step spoils its own Job by it",
  "read the environment of the agent": `${everybodys}; what is in it is the image's`,
  "see the address space of the agent": `${everybodys}; what lies there stays shut`,
  "read the programs of process 1, the agent or the relay": "gVisor cannot start what cannot be read",
  "be spared before the agent, or the agent before the service, when memory runs out": notShown,
  "be without a bound of its cgroup": "there are no cgroup files; the engine's bounds hold the whole Sandbox",
  "share a file system with it": "each gVisor numbers its file systems from one: equal numbers say nothing",
  "make files in the workspace without end": uncounted,
  "make files in /tmp without end": uncounted,
  "make timers without end": uncounted,
};
