"""Makes the calls that the seccomp profile has to judge. Prints {probe: errno name, "ok" or a signal's name} as JSON.

The arguments are such that a call that gets through fails by them (EFAULT, EINVAL, EBADF) or does nothing.
"""

import ctypes, errno, json, mmap, os, platform, signal, sys

LIBC = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
found = {}


def call(number, *args):
    ctypes.set_errno(0)
    result = LIBC.syscall(ctypes.c_long(number), *[ctypes.c_long(a) for a in args])
    return "ok" if result >= 0 else errno.errorcode[ctypes.get_errno()]


NUMBERS = {  # name: (x86_64, aarch64)
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsmount": (432, 432), "mount_setattr": (442, 442), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "kexec_load": (246, 104), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "quotactl": (179, 60), "syslog": (103, 116),
    "settimeofday": (164, 170), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "remap_file_pages": (216, 234), "fanotify_init": (300, 262), "fanotify_mark": (301, 263), "mq_open": (240, 180),
    "msgget": (68, 186), "reboot": (169, 142), "sethostname": (170, 161), "mbind": (237, 235),
    "set_mempolicy": (238, 237), "migrate_pages": (256, 238), "move_pages": (279, 239), "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438), "vhangup": (153, 58), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "clone3": (435, 435), "splice": (275, 76), "tee": (276, 77),
    "vmsplice": (278, 75), "memfd_secret": (447, 447), "statmount": (457, 457), "listmount": (458, 458),
    "a call of a later kernel": (1000, 1000),
}  # fmt: skip
if X86:
    NUMBERS |= {"iopl": (172, 0), "ioperm": (173, 0), "modify_ldt": (154, 0)}
for name, columns in NUMBERS.items():
    found[name] = call(columns[0 if X86 else 1], *([0] * 6))

SOCKET, SOCKETPAIR, CLONE, PERSONALITY = (41, 53, 56, 135) if X86 else (198, 199, 220, 92)
HIGH_BIT = 1 << 32  # the kernel ignores it: domain and protocol are ints
for name, domain, kind, protocol in [
    ("unix", 1, 1, 0), ("TCP", 2, 1, 6), ("UDP", 2, 2, 17), ("TCP on IPv6", 10, 1, 0), ("NETLINK_ROUTE", 16, 3, 0),
    ("AF_VSOCK", 40, 1, 0), ("AF_VSOCK with a high bit", HIGH_BIT | 40, 1, 0), ("AF_ALG", 38, 5, 0),
    ("NETLINK_NETFILTER", 16, 3, 12), ("NETLINK_XFRM", 16, 3, 6), ("NETLINK_GENERIC", 16, 3, 16),
    ("AF_PACKET", 17, 3, 0), ("SCTP", 2, 1, 132), ("MPTCP", 2, 1, 262), ("MPTCP with a high bit", 2, 1, HIGH_BIT | 262),
    ("UDPLITE", 2, 2, 136), ("DCCP", 2, 6, 33), ("ping", 2, 2, 1), ("AF_CAN", 29, 3, 1), ("AF_TIPC", 30, 1, 0),
    ("AF_XDP", 44, 3, 0), ("AF_RDS", 21, 5, 0), ("AF_KCM", 41, 5, 0), ("AF_SMC", 43, 1, 0),
]:  # fmt: skip
    found[f"socket {name}"] = call(SOCKET, domain, kind, protocol)
found["socketpair of AF_TIPC"] = call(SOCKETPAIR, 30, 1, 0, 0)
for name, flag in [("user", 0x10000000), ("net", 0x40000000), ("pid", 0x20000000), ("mount", 0x20000), ("cgroup", 0x2000000)]:
    found[f"clone into a new {name} namespace"] = call(CLONE, flag, 0, 0, 0, 0)
found["personality PER_LINUX32"] = call(PERSONALITY, 8)
found["personality as it is"] = call(PERSONALITY, 0xFFFFFFFF)


def end_of(function):
    child = os.fork()
    if child == 0:
        function()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "ok"


def getpid_of_i386():
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20; int 0x80; ret
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()


if X86:
    found["i386 getpid"] = end_of(getpid_of_i386)
    found["x32 getpid"] = end_of(lambda: call(0x40000000 + 39))
json.dump(found, sys.stdout)
