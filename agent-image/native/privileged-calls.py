"""Makes calls that Linux keeps for those that have a capability, and the same calls as everybody may make them. Prints
{call: errno name or "ok"} as JSON.

Those that must be refused name nothing that there is: a kernel that looked would find that out first (EBADF, ESRCH,
EFAULT), so that EPERM and EACCES are the filter's.
"""

import ctypes, errno, json, os, socket, struct

LIBC = ctypes.CDLL(None, use_errno=True)
NOBODY, NO_FILE, NOWHERE = 2**22 - 1, 1023, ctypes.c_void_p(8)
found = {}


def call(name, *args):
    ctypes.set_errno(0)
    found[name] = "ok" if getattr(LIBC, name.split()[0])(*args) >= 0 else errno.errorcode[ctypes.get_errno()]


param = lambda value: struct.pack("i", value)
call("mknodat of a character device", -100, NOWHERE, 0o020600, ctypes.c_uint64(0x101))
call("mknodat of a block device", -100, NOWHERE, 0o060600, ctypes.c_uint64(0x800))
call("setsockopt SO_MARK", NO_FILE, socket.SOL_SOCKET, 36, NOWHERE, 4)
call("setsockopt SO_SNDBUFFORCE", NO_FILE, socket.SOL_SOCKET, 32, NOWHERE, 4)
call("setsockopt SO_RCVBUFFORCE", NO_FILE, socket.SOL_SOCKET, 33, NOWHERE, 4)
call("setsockopt IP_TRANSPARENT", NO_FILE, socket.IPPROTO_IP, 19, NOWHERE, 4)
call("setsockopt IPV6_TRANSPARENT", NO_FILE, socket.IPPROTO_IPV6, 75, NOWHERE, 4)
call("setpriority below 0", os.PRIO_PROCESS, NOBODY, -1)
call("sched_setscheduler FIFO", NOBODY, os.SCHED_FIFO, param(1))
call("sched_setscheduler RR, reset on fork", NOBODY, os.SCHED_RR | os.SCHED_RESET_ON_FORK, param(1))

open_socket = socket.socket()
one = ctypes.byref(ctypes.c_int(1))
call("mknodat of a FIFO, as everybody may", -100, b"/tmp/fifo", 0o010600, 0)
call("mknodat of a whiteout, as everybody may", -100, b"/tmp/whiteout", 0o020600, ctypes.c_uint64(0))
call("mknodat of a file, as everybody may", -100, b"/tmp/file", 0o100600, 0)
call("setsockopt SO_KEEPALIVE, as everybody may", open_socket.fileno(), socket.SOL_SOCKET, 9, one, 4)
call("setsockopt TCP_NODELAY, as everybody may", open_socket.fileno(), socket.IPPROTO_TCP, 1, one, 4)
call("setpriority above 0, as everybody may", os.PRIO_PROCESS, 0, 5)
call("sched_setscheduler BATCH, as everybody may", 0, os.SCHED_BATCH, param(0))
call("sched_setscheduler IDLE, as everybody may", 0, os.SCHED_IDLE, param(0))
print(json.dumps(found))
