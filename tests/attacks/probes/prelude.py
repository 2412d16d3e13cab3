"""What the probes are written with, and what runs them: each in a process of its own, so that one that is killed or
hangs is one finding and not the end of the rest. What a probe found is the value of its last expression."""

import ast, ctypes, errno, fcntl, glob, json, mmap, os, platform, resource, select, signal, socket, stat, struct
import subprocess, sys, threading, time

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
X86 = platform.machine() == "x86_64"
AGENT = next(int(name) for name in os.listdir("/proc") if name.isdigit() and open(f"/proc/{name}/cmdline", "rb").read(20) == b"/opt/longshore/agent")
HIGH_BIT = 1 << 32  # the kernel ignores it in an int

NUMBERS = {  # name: (x86_64, aarch64)
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fspick": (433, 433),
    "fsmount": (432, 432), "mount_setattr": (442, 442), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "quotactl": (179, 60), "syslog": (103, 116), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "clock_adjtime": (305, 266), "adjtimex": (159, 171), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "remap_file_pages": (216, 234), "fanotify_init": (300, 262), "fanotify_mark": (301, 263), "mq_open": (240, 180),
    "msgget": (68, 186), "reboot": (169, 142), "sethostname": (170, 161), "setdomainname": (171, 162),
    "mbind": (237, 235), "set_mempolicy": (238, 237), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "pidfd_open": (434, 434), "vhangup": (153, 58),
    "lookup_dcookie": (212, 18), "nfsservctl": (180, 42), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "clone3": (435, 435), "clone": (56, 220), "splice": (275, 76), "tee": (276, 77),
    "vmsplice": (278, 75), "memfd_secret": (447, 447), "statmount": (457, 457), "listmount": (458, 458),
    "personality": (135, 92), "capset": (126, 91), "prctl": (157, 167), "socket": (41, 198), "socketpair": (53, 199),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "pidfd_send_signal": (424, 424), "prlimit64": (302, 261), "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122), "setpriority": (141, 140), "ioprio_set": (251, 30), "fcntl": (72, 25),
    "ioctl": (16, 29), "timer_create": (222, 107), "mlock": (149, 228), "setgroups": (116, 159), "setresuid": (117, 147),
    "setresgid": (119, 149), "linkat": (265, 37), "mknodat": (259, 33), "bind": (49, 200), "inotify_init1": (294, 26),
    "shmget": (29, 194), "shmat": (30, 196), "seccomp": (317, 277), "a call of a later kernel": (1000, 1000),
}  # fmt: skip
if X86:
    NUMBERS |= {"iopl": (172,), "ioperm": (173,), "modify_ldt": (154,), "uselib": (134,), "ustat": (136,), "create_module": (174,)}


def name_of(code):
    return errno.errorcode.get(code, str(code))


def call(name, *args):
    """The name of the error of a system call, or "ok" with what it gave."""
    number = name if isinstance(name, int) else NUMBERS[name][0 if X86 else 1]
    ctypes.set_errno(0)
    passed = [ctypes.c_long(each) if isinstance(each, int) else each for each in args]
    passed += [ctypes.c_long(0)] * (6 - len(passed))
    result = LIBC.syscall(ctypes.c_long(number), *passed)
    return f"ok {result}" if result >= 0 else name_of(ctypes.get_errno())


def buffer(size=4096):
    return ctypes.create_string_buffer(size)


def tried(function, *args):
    """What became of a call that ought to fail: the name of its error, or "done"."""
    try:
        function(*args)
    except OSError as error:
        return name_of(error.errno)
    except (ValueError, OverflowError) as error:
        return type(error).__name__
    return "done"


def read(path, size=200):
    """The beginning of a file, "empty", or the name of the error. A folder is read as its names."""
    try:
        if os.path.isdir(path):
            return " ".join(os.listdir(path)[:5]) or "empty"
        with open(path, "rb", buffering=0) as file:
            return (file.read(size) or b"empty").decode("latin-1").strip() or "empty"
    except OSError as error:
        return name_of(error.errno)


def write(path, text=""):
    """Whether a file can be opened for writing (nothing is written where no text is given)."""
    try:
        file = os.open(path, os.O_WRONLY)
        if text:
            os.write(file, text.encode())
        os.close(file)
        return "written"
    except OSError as error:
        return name_of(error.errno)


def sh(command, seconds=60):
    """Exit code and output of a shell command, stripped."""
    ended = subprocess.run(["bash", "-c", command], capture_output=True, timeout=seconds)
    return f"{ended.returncode} {ended.stdout.decode('latin-1')[:1500].strip()}".strip()


def all_of(findings):
    """The findings as one text, each different one once: what must be true of it is true of all."""
    return " ".join(dict.fromkeys(str(each) for each in findings)) or "nothing"


def connects(family, address, kind=socket.SOCK_STREAM):
    """Whether something answers there: the name of the error, or "reached"."""
    with socket.socket(family, kind) as peer:
        peer.settimeout(1)
        try:
            peer.connect(address)
            peer.send(b"a Step was here")
            return "reached"
        except TimeoutError:
            return "no answer"
        except OSError as error:
            return name_of(error.errno)


def proxied(said, *more):
    """What the proxy of this Job answers to these bytes: its first line, or that of the last answer, and what was reached."""
    host, port = os.environ["HTTP_PROXY"].removeprefix("http://").strip("/").split(":")
    with socket.create_connection((host, int(port)), 20) as peer:
        heard = b""
        for each in (said, *more):
            peer.sendall(each if isinstance(each, bytes) else each.encode("latin-1"))
            last = b""
            while b"\r\n\r\n" not in last or (b"reached" not in last and b" 200 " in last):
                chunk = peer.recv(65536)
                if not chunk:
                    break
                last += chunk
            heard += last
        reached = [line for line in heard.decode("latin-1").split("\n") if line.startswith("reached")]
        return all_of([last.split(b"\r\n")[0].decode("latin-1") or "closed", *reached])


def fetched(url, *headers):
    """The same for a request for a URL."""
    return proxied("\r\n".join([f"GET {url} HTTP/1.1", *(headers or ["Host: x"]), "Connection: close", "", ""]))


def socksed(request):
    """What the proxy answers to a request of SOCKS5 (RFC 1928): its reply, of which 0 is the granted one."""
    host, port = os.environ["HTTP_PROXY"].removeprefix("http://").strip("/").split(":")
    with socket.create_connection((host, int(port)), 20) as peer:
        peer.sendall(b"\x05\x01\x00")
        peer.recv(2)
        peer.sendall(request)
        reply = peer.recv(10)
        return f"reply {reply[1]}" if len(reply) > 1 else "closed"


def status_of(field, pid="self"):
    with open(f"/proc/{pid}/status") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith(field + ":")), "none")


def mount_at(point):
    """Type and options of the topmost mount at a point: mountinfo is "36 35 98:0 / /point rw,nosuid - type source options"."""
    found = "none"
    with open("/proc/self/mountinfo") as file:
        for line in file:
            before, after = line.split(" - ")
            fields = before.split()
            if fields[4] == point:
                found = f"{after.split()[0]} {fields[5]} {after.split()[2]}"
    return found


def as_long_as_possible(make, most):
    """How many could be had before an error, and which: "57 EAGAIN"."""
    held = []
    try:
        while len(held) < most:
            held.append(make(len(held)))
    except OSError as error:
        return f"{len(held)} {name_of(error.errno)}"
    except RuntimeError:
        return f"{len(held)} refused"
    finally:
        for each in held:
            if isinstance(each, int):
                os.close(each)
    return f"{most} and more"


def evaluate(source):
    """Runs a probe; the value of its last expression is what it found."""
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    names = globals()
    exec(compile(ast.Module(body, []), "probe", "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), "probe", "eval"), names)


def find(source, seconds):
    """Runs a probe in a process of its own. A process that the kernel ended is a finding, too."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(seconds)
        try:
            found = evaluate(source)
        except OSError as error:
            found = f"raised {name_of(error.errno)}"
        except BaseException as error:
            found = f"raised {type(error).__name__}: {error}"
        os.write(writing, str(found)[:3000].encode("utf-8", "replace"))
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    os.set_blocking(reading, False)
    try:
        found = os.read(reading, 65536).decode()
    except BlockingIOError:
        found = ""
    os.close(reading)
    if os.WIFSIGNALED(status):
        return "killed by " + signal.Signals(os.WTERMSIG(status)).name
    return found


def run_probes(probes, seconds):
    for index, source in probes:
        found = find(source, seconds)
        print(json.dumps({"probe": index, "found": found}), flush=True)
