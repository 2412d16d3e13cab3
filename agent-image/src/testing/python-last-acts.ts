import { program, type PythonProgram } from "./python-programs.ts";

/** A function has its module's globals, which have it: that ring is what a collector has to find at the end. */
const ring = "def keep(): return keep";

/** What an interpreter still does for a program that has come to its end. */
export const lastActs: readonly PythonProgram[] = [
  program(
    "files that nobody closed",
    0,
    `import gzip, zipfile
${ring}
plain = open("left.txt", "w"); plain.write("text")
packed = gzip.open("left.gz", "wt"); packed.write("packed")
many = zipfile.ZipFile("left.zip", "w"); many.writestr("name", "zipped")`,
  ),
  program(
    "the program that reads them",
    0,
    `import glob, gzip, os, zipfile
print(open("left.txt").read(), gzip.open("left.gz", "rt").read(), zipfile.ZipFile("left.zip").read("name"))
for each in glob.glob("left.*"): os.remove(each)`,
  ),
  program(
    "a file that nobody closed, in a program that fails",
    1,
    `${ring}\nkept = open("left.txt", "w"); kept.write("failed")\n1 / 0`,
  ),
  program("the program that reads it", 0, 'import os\nprint(open("left.txt").read())\nos.remove("left.txt")'),
  program(
    "objects that say that they go, of a ring too, while its names are there",
    0,
    `class Last:
  def __init__(self, name): self.name = name
  def __del__(self): print(self.name, Last, len(__name__))
lone = Last("lone"); ring = Last("ring"); ring.own = ring; Last.shared = Last("shared")`,
  ),
  program(
    "an error of such an object",
    0,
    "class Last:\n  def __del__(self): 1 / 0\nlast = Last(); last.own = last",
  ),
  program(
    "a module that has itself, and a generator that waits",
    0,
    `import sys
me = sys.modules[__name__]
def numbers():
  try: yield 1
  finally: print("closed", me is not None)
waiting = numbers(); next(waiting)`,
  ),
];
