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
  // Process 1 keeps nothing open.
  "write to the stdout of process 1, and so forge a frame": /^ENOENT$/,
};

const everybodys = "gVisor gives this file of /proc to everybody";
const ownDevice = "gVisor's own, which leads to nothing of the host's";
const wholeOnly = "only the engine's bound of the whole Sandbox is there, and ends it";
const uncounted = "gVisor has no such bound; what it costs is bounded by the Sandbox's memory";
const notShown = "gVisor does not show it";

/** What a Step can do under gVisor and not under runc, or what cannot be shown there, by the probe's name, and why. */
export const openUnderGvisor: Readonly<Record<string, string>> = {
  "have setuid programs or devices honoured on what it can write": notShown,
  "be spared when memory runs out": "gVisor keeps the number and does nothing with it",
  "have /proc/sys, /proc/irq or /proc/bus writable":
    "they are no mounts of their own; no file there can be written",
  "find a device but for the usual ones": ownDevice,
  "find /dev/kvm, /dev/fuse, a tunnel or a loop": ownDevice,
  "list the descriptors of process 1": `${everybodys}; it has none open`,
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
  "make files in the workspace without end": uncounted,
  "make files in /tmp without end": uncounted,
  "make timers without end": uncounted,
  "use more of the processors than it may": "gVisor counts the time that a process waits for one as used",
  "hold memory without end": wholeOnly,
};
