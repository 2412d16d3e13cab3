"""Tries, from a step, every way to act on another process by its pid. Prints {probe: errno name or "ok"} as JSON.

Usage: reach-agent.py <agent-pid>. A probe named "child: …" aims at the step's own child and has to work. All
probes are harmless where they get through: signal 0, or the value that is set already (of its priority, too, which is
that of the engine that started all this, and need not be 0).
"""

import ctypes, errno, fcntl, json, os, platform, resource, socket, struct, sys

AGENT = int(sys.argv[1])
LIBC = ctypes.CDLL(None, use_errno=True)
NUMBERS = {  # name: (x86_64, aarch64)
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424),
    "prlimit64": (302, 261), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274), "sched_setaffinity": (203, 122), "setpriority": (141, 140),
    "ioprio_set": (251, 30), "fcntl": (72, 25), "ioctl": (16, 29),
}  # fmt: skip
COLUMN = 0 if platform.machine() == "x86_64" else 1
found = {}


def call(name, *args):
    ctypes.set_errno(0)
    result = LIBC.syscall(ctypes.c_long(NUMBERS[name][COLUMN]), *[a if isinstance(a, bytes) else ctypes.c_long(a) for a in args])
    return "ok" if result >= 0 else errno.errorcode[ctypes.get_errno()]


def queued(pid):  # a siginfo whose code says sigqueue
    return struct.pack("iiiiii", 0, 0, -1, 0, pid, os.getuid()) + bytes(104)


def by_pid(label, pid, thread):
    limit = struct.pack("QQ", *resource.getrlimit(resource.RLIMIT_CORE))
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    parameter, attributes = struct.pack("i", 0), struct.pack("IIQiIQQQ", 48, 0, 0, nice, 0, 0, 0, 0)
    processors = struct.pack("Q", sum(1 << n for n in os.sched_getaffinity(0)))
    found[f"{label}: kill"] = call("kill", pid, 0)
    found[f"{label}: tkill"] = call("tkill", thread, 0)
    found[f"{label}: tgkill"] = call("tgkill", pid, thread, 0)
    found[f"{label}: rt_sigqueueinfo"] = call("rt_sigqueueinfo", pid, 0, queued(os.getpid()))
    found[f"{label}: rt_tgsigqueueinfo"] = call("rt_tgsigqueueinfo", pid, thread, 0, queued(os.getpid()))
    found[f"{label}: pidfd_open"] = call("pidfd_open", pid, 0)
    found[f"{label}: prlimit64"] = call("prlimit64", pid, resource.RLIMIT_CORE, limit, 0)
    found[f"{label}: sched_setparam"] = call("sched_setparam", pid, parameter)
    found[f"{label}: sched_setscheduler"] = call("sched_setscheduler", pid, 0, parameter)
    found[f"{label}: sched_setattr"] = call("sched_setattr", pid, attributes, 0)
    found[f"{label}: sched_setaffinity"] = call("sched_setaffinity", pid, 8, processors)
    found[f"{label}: setpriority"] = call("setpriority", 0, pid, nice)
    found[f"{label}: ioprio_set"] = call("ioprio_set", 1, pid, 0)
    with socket.socket() as server:
        found[f"{label}: F_SETOWN"] = call("fcntl", server.fileno(), fcntl.F_SETOWN, pid)


child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    while True:
        os.read(os.pipe()[0], 1)
while os.getpgid(child) != child:
    pass

by_pid("child", child, child)
threads = sorted(int(name) for name in os.listdir(f"/proc/{AGENT}/task"))
by_pid("process 1", 1, 1)
by_pid("agent", AGENT, AGENT)
by_pid("agent's thread", threads[-1], threads[-1])
by_pid("agent with high bits", AGENT | 1 << 32, AGENT | 1 << 40)
group = os.getpgid(AGENT)
found["child's group: kill"] = call("kill", -child, 0)
found["agent's group: kill"] = call("kill", -group, 0)
found["agent's group: kill with high bits"] = call("kill", -group & 0xFFFFFFFF, 0)
found["everybody: kill"] = call("kill", -1, 0)
found["agent's group: setpriority"] = call("setpriority", 1, group, 0)
found["agent's group: ioprio_set"] = call("ioprio_set", 2, group, 0)
found["process 1's group: setpriority"] = call("setpriority", 1, os.getpgid(1), 0)
found["process 1's group: ioprio_set"] = call("ioprio_set", 2, os.getpgid(1), 0)
found["user: setpriority"] = call("setpriority", 2, os.getuid(), 0)
found["user: ioprio_set"] = call("ioprio_set", 3, os.getuid(), 0)
with socket.socket() as server:
    target = struct.pack("i", AGENT)
    found["agent's group: F_SETOWN"] = call("fcntl", server.fileno(), fcntl.F_SETOWN, -group)
    found["agent: F_SETOWN_EX"] = call("fcntl", server.fileno(), 15, struct.pack("ii", 1, AGENT))
    found["agent: FIOSETOWN"] = call("ioctl", server.fileno(), 0x8901, target)
    found["agent: SIOCSPGRP"] = call("ioctl", server.fileno(), 0x8902, target)
folder = os.open(f"/proc/{AGENT}", os.O_RDONLY | os.O_DIRECTORY)
found["agent: pidfd_send_signal on its folder"] = call("pidfd_send_signal", folder, 0, 0, 0)
os.kill(child, 9)
os.waitpid(child, 0)
json.dump(found, sys.stdout)
