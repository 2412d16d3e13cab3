import { probeGroup, type ProbeRow } from "../probe.ts";

/** What the victim is told by backwards is read forwards where it is used, so that no file of the attacker holds it. */
const canary = "YRANAC[::-1]";
const inFiles = (pattern: string): string =>
  `all_of(${canary} in read(path, 1 << 16) for path in glob.glob("${pattern}"))`;

/** Against a Job that runs beside it, with the same user: see `victim.ts` for what that one has. */
const rows: readonly ProbeRow[] = [
  ["see its processes", inFiles("/proc/[0-9]*/cmdline"), /^False$/],
  ["read its environment", inFiles("/proc/[0-9]*/environ"), /^(False|nothing)$/],
  [
    "read its files by its process",
    'all_of(read(f"/proc/{PID}/{name}") for name in ("root/workspace", "cwd", "environ", "mem"))',
    /^ENOENT$/,
  ],
  ["signal its process", 'all_of(call("kill", PID, number) for number in (0, 9, 15))', /^ESRCH$/],
  ["hold its process", 'call("pidfd_open", PID, 0)', /^ESRCH$/],
  [
    "trace its process or read its memory",
    'all_of([call("ptrace", 16, PID), call("process_vm_readv", PID)])',
    /^(EPERM|ENOSYS|ESRCH| )+$/,
  ],
  [
    "change its limits or its priority",
    'all_of([call("prlimit64", PID, 7, 0, 0), call("setpriority", 0, PID, 19)])',
    /^ESRCH$/,
  ],
  [
    "reach its port",
    'all_of([connects(socket.AF_INET, ("127.0.0.1", TCP)), connects(socket.AF_INET, ("0.0.0.0", TCP)), connects(socket.AF_INET6, ("::1", TCP))])',
    /^(ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH|EAFNOSUPPORT| )+$/,
  ],
  [
    "reach its port for datagrams",
    `peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.connect(("127.0.0.1", UDP))
peer.send(b"x")
tried(peer.send, b"x")`,
    /^ECONNREFUSED$/,
  ],
  [
    "reach its socket in the abstract namespace",
    `connects(socket.AF_UNIX, "\\0" + ${canary})`,
    /^ECONNREFUSED$/,
  ],
  ["reach its socket in a folder", `connects(socket.AF_UNIX, "/tmp/" + ${canary} + ".sock")`, /^ENOENT$/],
  [
    "see its sockets",
    'all_of(needle in read(f"/proc/net/{name}", 1 << 16) for needle in (YRANAC[::-1], f":{TCP:04X} ", f":{UDP:04X} ") for name in ("tcp", "tcp6", "udp", "udp6", "unix"))',
    /^False$/,
  ],
  [
    "read its files",
    `all_of(read(folder + "/" + ${canary}) for folder in ("/workspace", "/tmp", "/dev/shm", "/var/tmp", "/run"))`,
    /^ENOENT$/,
  ],
  [
    "find its files anywhere",
    `sh(f"find / -xdev -name '*{${canary}}*' 2>/dev/null; find /dev /tmp /workspace /run -name '*{${canary}}*' 2>/dev/null | wc -l")`,
    /^0 0$/,
  ],
  [
    "read its files by the engine's folders",
    'all_of(read(path.format(DI[::-1])) for path in ("/var/lib/docker/containers/{}/config.v2.json", "/var/lib/docker/overlay2", "/run/containerd/io.containerd.runtime.v2.task/moby/{}/rootfs"))',
    /^ENOENT$/,
  ],
  ["attach its shared memory", 'call("shmget", MEMORY_KEY, 0, 0)', /^ENOENT$/],
  [
    "notice its locks on files of the image",
    'tried(fcntl.flock, open("/etc/passwd"), fcntl.LOCK_EX | fcntl.LOCK_NB)',
    /^done$/,
  ],
  [
    "share a namespace with it",
    'all_of(os.readlink(f"/proc/self/ns/{name}") == link for name, link in NAMESPACES.items())',
    /^False$/,
  ],
  [
    "share a file system with it",
    "all_of(str(os.stat(path).st_dev) == device for path, device in MOUNTS.items())",
    /^False$/,
  ],
  [
    "see its cgroup",
    "sh(f\"find /sys/fs/cgroup -name '*{DI[::-1]}*' 2>/dev/null | wc -l; cat /proc/self/cgroup /proc/self/mountinfo | grep -c {DI[::-1]}\")",
    /^[01] 0\s0$/,
  ],
  [
    "learn its container's id or name",
    'all_of(needle in read(path, 1 << 16) for needle in (DI[::-1][:12], EMAN[::-1]) for path in ("/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/proc/self/environ", "/proc/self/cgroup", "/proc/self/mountinfo", "/proc/mounts"))',
    /^False$/,
  ],
  [
    "resolve its container's name or id",
    "all_of(tried(socket.getaddrinfo, name, TCP) for name in (EMAN[::-1], DI[::-1][:12]))",
    /^(?!.*done)/,
  ],
];

/** What a Step does to a Job that runs beside it: nothing. */
export const otherSandbox = probeGroup("another Sandbox", rows);
