/** A Job that uses all that its limits give it, without end. */
export interface BadNeighbour {
  readonly name: string;
  /** Python, run as a Step; says "at work" once it is. */
  readonly code: string;
  /** Whether it has a network, of which it reaches nothing. */
  readonly hasNetwork?: boolean;
  /** What its agent, which has fallen to it, does beside; JavaScript, which may `say` a text to the worker. */
  readonly agentCode?: string;
}

const begin = "import os, sys, time, mmap\nos.write(2, b'at work\\n')\n";

/** One for each limit that a Job can be at. */
export const badNeighbours: readonly BadNeighbour[] = [
  {
    name: "its processors (8 busy loops)",
    code: `${begin}for _ in range(7):\n  if os.fork() == 0: break\nwhile True: pass`,
  },
  {
    name: "its processes (a fork bomb)",
    code: `${begin}while True:\n  try: os.fork()\n  except OSError: pass`,
  },
  {
    name: "its memory (killed, and begun again)",
    code: `${begin}while True:\n  if os.fork() == 0:\n    kept = []\n    while True: kept.append(bytearray(os.urandom(1 << 16)) * 16)\n  os.wait()`,
  },
  {
    name: "its disk (filled and emptied)",
    code: `${begin}block = os.urandom(1 << 20)\nwhile True:\n  try:\n    with open("/workspace/fill", "wb", buffering=0) as file:\n      while True: file.write(block)\n  except OSError: pass`,
  },
  {
    name: "its inodes (files made and removed)",
    code: `${begin}while True:\n  made = 0\n  try:\n    while True:\n      os.close(os.open(f"/workspace/f{made}", os.O_CREAT))\n      made += 1\n  except OSError: pass\n  for number in range(made): os.remove(f"/workspace/f{number}")`,
  },
  {
    name: "its log (a flood of lines)",
    code: `${begin}line = b"x" * 120 + b"\\n"\nwhile True: os.write(1, line * 100)`,
  },
  {
    name: "the scheduler (a thousand switches a millisecond)",
    code: `${begin}r, w = os.pipe()\nfor _ in range(8):\n  if os.fork() == 0:\n    while True:\n      os.write(w, b"x")\n      os.read(r, 1)\nwhile True: os.sched_yield()`,
  },
  {
    name: "its network (connections opened and closed in a loop)",
    hasNetwork: true,
    code: `${begin}import socket\nrequest = b"GET http://other.test/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"\nfor _ in range(16):\n  if os.fork() == 0: break\nwhile True:\n  try:\n    with socket.create_connection(("127.0.0.1", 3128)) as connection:\n      connection.sendall(request)\n      connection.recv(4096)\n  except OSError: pass`,
  },
  {
    name: "its messages (an agent that sends as many as it may)",
    hasNetwork: true,
    code: `${begin}time.sleep(3600)`,
    agentCode: `setInterval(() => say('{"type":"egress_end","connection":1}\\n'.repeat(96)), 20)`,
  },
];
