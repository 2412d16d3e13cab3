import { probeGroup, type ProbeRow } from "../probe.ts";

const root: readonly ProbeRow[] = [
  [
    "write to the root file system",
    'all_of([mount_at("/").split()[1].split(",")[0], *(tried(os.mkdir, folder + "/probe") for folder in ("", "/etc", "/usr/local/bin", "/opt/longshore", "/var", "/home", "/dev", "/run"))])',
    /^ro( EROFS| EACCES| ENOENT)+$/,
  ],
  [
    "change what the agent, the worker's exec or later Steps run",
    'all_of(write(path) for path in ("/opt/longshore/agent.cjs", "/opt/longshore/launch", "/usr/local/bin/node", "/usr/bin/bash", "/usr/bin/tar", "/usr/bin/find", "/usr/bin/python3"))',
    /^(EROFS|EACCES|ETXTBSY| )+$/,
  ],
  [
    "have its library loaded into every program",
    'all_of([tried(os.open, "/etc/ld.so.preload", os.O_CREAT | os.O_WRONLY), write("/etc/ld.so.cache"), write("/etc/passwd")])',
    /^(EROFS|EACCES| )+$/,
  ],
  [
    "write to a folder of the PATH",
    'all_of(f"{os.stat(folder).st_uid} {bool(os.stat(folder).st_mode & 0o022)}" for folder in os.environ["PATH"].split(":"))',
    /^0 False$/,
  ],
  [
    "have an older or a second root below its own",
    'all_of([tried(os.stat, "/.dockerenv/.."), os.stat("/..").st_ino == os.stat("/").st_ino, tried(os.listdir, "/proc/1/root")])',
    /^(ENOTDIR|ENOENT) True EACCES$/,
  ],
];

const devices: readonly ProbeRow[] = [
  [
    "make a device",
    'all_of(tried(os.mknod, f"{folder}/device", kind | 0o600, os.makedev(*number)) for folder in ("/workspace", "/tmp", "/dev/shm") for kind, number in ((stat.S_IFCHR, (1, 1)), (stat.S_IFBLK, (8, 0)), (stat.S_IFBLK, (254, 0))))',
    /^EPERM$/,
  ],
  [
    "find a device but for the usual ones",
    'all_of(name for name in sorted(os.listdir("/dev")) if name not in ("core", "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero"))',
    /^nothing$/,
  ],
  ["find a block device anywhere", 'sh("find / -xdev -type b 2>/dev/null; find /dev -type b")', /^[01]$/],
  [
    "find /dev/kvm, /dev/fuse, a tunnel or a loop",
    'all_of(tried(os.open, path, os.O_RDWR) for path in ("/dev/kvm", "/dev/fuse", "/dev/net/tun", "/dev/loop-control", "/dev/loop0", "/dev/vsock", "/dev/vhost-net", "/dev/userfaultfd", "/dev/mapper/control", "/dev/dri/card0"))',
    /^ENOENT$/,
  ],
  [
    "make a tunnel (TUNSETIFF)",
    'tried(lambda: fcntl.ioctl(os.open("/dev/net/tun", os.O_RDWR), 0x400454ca, struct.pack("16sH22x", b"probe", 0x1001)))',
    /^(ENOENT|EACCES|EPERM)$/,
  ],
];

const host: readonly ProbeRow[] = [
  ["find a file of the host's by its name", 'sh(f"find / -xdev -name {CANARY_FILE} 2>/dev/null")', /^[01]$/],
  [
    "read a file of the host's by its path",
    'all_of(read(prefix + CANARY_PATH) for prefix in ("", "/proc/1/root", "/proc/self/root", "/../..", "/proc/self/cwd/../..", "/host"))',
    /^(ENOENT|EACCES| )+$/,
  ],
  [
    "find the engine's socket",
    'all_of(tried(os.stat, path) for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/var/run/crio/crio.sock", "/run/podman/podman.sock"))',
    /^ENOENT$/,
  ],
  [
    "find a socket in a file",
    'sh("find / \\\\( -path /proc -o -path /sys \\\\) -prune -o -type s -print 2>/dev/null")',
    /^[01]$/,
  ],
  [
    "find the engine's folders",
    'all_of(tried(os.stat, path) for path in ("/var/lib/docker", "/var/lib/containerd", "/run/docker", "/run/runc", "/.longshore"))',
    /^ENOENT$/,
  ],
  [
    "inherit a descriptor that leads out",
    `def leads(number):
  try: return os.readlink(f"/proc/self/fd/{number}")
  except OSError as error: return name_of(error.errno)
all_of(target for number in range(3, 1024) for target in [leads(number)] if target != "ENOENT" and not target.startswith(("pipe:", "/proc/")) )`,
    /^nothing$/,
  ],
  [
    "stand in a folder that is outside",
    'all_of([os.getcwd(), os.readlink("/proc/self/cwd")])',
    /^\/workspace$/,
  ],
];

const links: readonly ProbeRow[] = [
  [
    "link to a file that is root's",
    'all_of(tried(os.link, path, f"/workspace/link{number}") for number, path in enumerate(("/etc/passwd", "/usr/bin/bash", "/proc/self/mem", "/opt/longshore/agent.cjs")))',
    /^(EXDEV|EPERM|EROFS| )+$/,
  ],
  [
    "give a deleted file a name again by another's descriptor",
    'call("linkat", os.open("/etc/passwd", 0), b"", -100, b"/workspace/named", 0x1000)',
    /^(ENOENT|EXDEV|EPERM|EACCES)$/,
  ],
  [
    "write through a link to root's files",
    'all_of([os.symlink("/etc/passwd", "/workspace/passwd") or write("/workspace/passwd"), os.symlink("/proc/sys/kernel/core_pattern", "/workspace/pattern") or write("/workspace/pattern")])',
    /^(EROFS|EACCES| )+$/,
  ],
  [
    "reopen a read-only descriptor for writing",
    'held = os.open("/etc/passwd", 0); all_of([write(f"/proc/self/fd/{held}"), write("/proc/self/exe")])',
    /^(EROFS|EACCES|ETXTBSY| )+$/,
  ],
];

/** Files, devices and links. */
export const files = probeGroup("files", [...root, ...devices, ...host, ...links]);
