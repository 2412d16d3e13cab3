/** What of an entry is in the manifest: a path below `outputs/` in one of its lists, with the reason or the target. */
interface NamedEntry {
  readonly list: "files" | "links" | "not_taken";
  readonly path: string | RegExp;
  readonly detail?: RegExp;
}

/** What becomes of an entry: the manifest names it, the zip has it as a folder, or the kernel refuses to make it. */
export type Outcome = NamedEntry | { readonly folder: string } | { readonly refused: RegExp };

const file = (path: string | RegExp): Outcome => ({ list: "files", path });
const link = (path: string, target: string): Outcome => ({
  ...{ list: "links", path },
  detail: new RegExp(`^${target.replaceAll(/[.%]/g, "\\$&")}$`),
});
const notTaken = (path: string | RegExp, detail: RegExp): Outcome => ({ list: "not_taken", path, detail });
const put = (name: string) => `put(${name})`;

/** Entries of /workspace that a Step makes by these lines of Python, in which `put` makes a file by the bytes of its name. */
export const hostileTree: readonly (readonly [what: string, python: string, outcome: Outcome])[] = [
  ["a character device", "os.mknod('zero', 0o666 | stat.S_IFCHR, os.makedev(1, 5))", { refused: /^EPERM$/ }],
  ["a block device", "os.mknod('disk', 0o666 | stat.S_IFBLK, os.makedev(8, 0))", { refused: /^EPERM$/ }],
  [
    "a whiteout, the one device that anybody may make",
    "os.mknod('whiteout', 0o666 | stat.S_IFCHR, 0)",
    notTaken("whiteout", /device/),
  ],
  ["a FIFO", "os.mkfifo('fifo')", notTaken("fifo", /FIFO/)],
  ["a socket", "socket.socket(socket.AF_UNIX).bind('socket')", notTaken("socket", /socket/)],
  ["a link to a file of the system", "os.symlink('/etc/passwd', 'l1')", notTaken("l1", /leads out/)],
  ["a link that goes up", "os.symlink('../../etc/passwd', 'l2')", notTaken("l2", /leads out/)],
  ["a link into /proc", "os.symlink('/proc/self/root/etc/passwd', 'l3')", notTaken("l3", /leads out/)],
  ["a link to the root", "os.symlink('/', 'l4')", notTaken("l4", /leads out/)],
  ["a link that goes up behind a name", "os.symlink('x/../../etc', 'l5')", notTaken("l5", /leads out/)],
  ["a link to itself", "os.symlink('l6', 'l6')", notTaken("l6", /itself/)],
  ["a link of 4,000 bytes", "os.symlink('y' * 4000, 'l7')", notTaken("l7", /cannot be/)],
  ["a link to nothing that is there", "os.symlink('gone', 'l8')", link("l8", "gone")],
  ["a loop of links", "os.symlink('l10', 'l9'); os.symlink('l9', 'l10')", link("l9", "l10")],
  ["an absolute link that stays inside", "os.symlink('/workspace/plain', 'l11')", link("l11", "plain")],
  ["a link with a line break in its target", "os.symlink('new\\nline', 'l12')", link("l12", "new%0Aline")],
  ["a link by an open descriptor", "os.symlink('/proc/self/fd/0', 'l13')", notTaken("l13", /leads out/)],
  ["an empty link", "os.symlink('', 'l14')", { refused: /^ENOENT$/ }],
  ["a second name of a file", "put(b'one'); os.mkdir('sub'); os.link('one', 'sub/two')", file("sub/two")],
  [
    "a second name of a file of the system",
    "os.link('/etc/passwd', 'h1')",
    { refused: /^(EXDEV|EPERM|EROFS)$/ },
  ],
  ["a line break", put("b'new\\nline'"), file("new%0Aline")],
  ["an escape sequence", put("b'\\x1b[2J'"), file("%1B[2J")],
  ["a bell and DEL", put("b'\\x07\\x7f'"), file("%07%7F")],
  ["a turn of the text's direction", put("'a\\u202egpj.exe'.encode()"), file("a%E2%80%AEgpj.exe")],
  ["a character without width", put("'a\\u200bb'.encode()"), file("a%E2%80%8Bb")],
  ["bytes that are no UTF-8", put("b'\\xff\\xfe'"), file("%FF%FE")],
  ["half a pair of UTF-16", put("b'\\xed\\xa0\\x80'"), file("%ED%A0%80")],
  ["backslashes that go up", put("b'..\\\\..\\\\evil.exe'"), file("..%5C..%5Cevil.exe")],
  ["a drive of Windows", put("b'C:evil'"), file("C%3Aevil")],
  ["a device of Windows", put("b'CON'"), file("%43ON")],
  ["one with an extension", put("b'nul.txt'"), file("%6Eul.txt")],
  ["a port of Windows", put("b'com1.log'"), file("%63om1.log")],
  ["a second stream of a file of Windows", put("b'x.txt:stream'"), file("x.txt%3Astream")],
  ["wildcards and quotes", put("b'a*?<>|\"'"), file("a%2A%3F%3C%3E%7C%22")],
  ["a final dot", put("b'dot.'"), file("dot%2E")],
  ["a final space", put("b'space '"), file("space%20")],
  ["a space and dots", put("b'x. .'"), file("x. %2E")],
  ["three dots", put("b'...'"), file("..%2E")],
  ["a percent sign", put("b'%2e%2e'"), file("%252e%252e")],
  ["the mark of a collision", put("b'~1'"), file("%7E1")],
  ["an option of tar", put("b'--checkpoint-action=exec=sh x'"), file("--checkpoint-action=exec=sh x")],
  ["an option of rm", put("b'-rf'"), file("-rf")],
  ["a command of the shell", put("b'$(touch pwned);`id`'"), file("$(touch pwned);`id`")],
  ["the manifest's own name", put("b'manifest.json'"), file("manifest.json")],
  ["__proto__", put("b'__proto__'"), file("__proto__")],
  ["a page for a browser", "put(b'x.html', b'<script>alert(1)</script>')", file("x.html")],
  ["255 bytes", put("b'n' * 255"), file("n".repeat(255))],
  ["255 bytes that are 765 when written safely", put("b'\\x01' * 255"), file(/^(%01)+%~[\da-f]{32}$/)],
  [
    "names that differ by case",
    put("b'case/Readme'") + "; " + put("b'case/README'"),
    file(/^case\/readme~2$/i),
  ],
  [
    "names that differ by Unicode form",
    put("'form/\\u00e9'.encode()") + "; " + put("'form/e\\u0301'.encode()"),
    file(/^form\/.+~2$/),
  ],
  [
    "folders that differ by case",
    put("b'folders/Dir/a'") + "; " + put("b'folders/dir/b'"),
    file(/^folders\/dir(~2)?\/b$/i),
  ],
  [
    "a tree of 120 folders",
    put("b'/'.join([b'deep'] * 120) + b'/end'"),
    notTaken(/^deep(\/deep)+\/end$/, /folders deep/),
  ],
  ["a path of over 4,096 bytes", "dig(b'p' * 250, 18)", notTaken(/^p+\/p+/, /over 4096/)],
  ["a file that cannot be read", "put(b'shut'); os.chmod('shut', 0)", notTaken("shut", /cannot be read/)],
  [
    "one that can only be written",
    "put(b'write'); os.chmod('write', 0o222)",
    notTaken("write", /cannot be read/),
  ],
  [
    "a folder that cannot be read",
    "put(b'closed/x'); os.chmod('closed', 0)",
    notTaken("closed", /cannot be read/),
  ],
  [
    "a folder that can be entered and not listed",
    "put(b'blind/x'); os.chmod('blind', 0o111)",
    notTaken("blind", /cannot be read/),
  ],
  [
    "a folder that can be listed and not entered",
    "put(b'listed/x'); os.chmod('listed', 0o444)",
    notTaken("listed", /cannot be read/),
  ],
  ["a path of over 8,192 bytes", "dig(b'q' * 250, 40)", notTaken(/^q+\/q+/, /over 4096/)],
  [
    "set-uid and set-gid",
    "put(b'setuid'); os.chmod('setuid', 0o6777)",
    { ...file("setuid"), detail: /^0755$/ },
  ],
  ["a folder that all may write to", "os.mkdir('sticky'); os.chmod('sticky', 0o1777)", { folder: "sticky/" }],
  ["a file with a hole", "put(b'sparse'); os.truncate('sparse', 1 << 20)", file("sparse")],
  ["a time before 1980", "put(b'old'); os.utime('old', (-2 ** 31, -2 ** 31))", file("old")],
  ["a time after 2107", "put(b'late'); os.utime('late', (253402300799, 253402300799))", file("late")],
  ["every byte but NUL", "put(b'bytes', bytes(range(1, 256)))", file("bytes")],
  ["a name and a folder of it by another form", put("b'con/con.txt'"), file("%63on/%63on.txt")],
  ["a folder that is nearly the one above", put("b'. ./..x'"), file(". %2E/..x")],
];

/** Makes each of them, and prints what became of it as `[index, "made" or the name of the error]`. */
export const makeHostileTree = `
import errno, json, os, socket, stat
os.chdir('/workspace')
def put(name, content=b'content'):
    if os.path.dirname(name): os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, 'wb') as file: file.write(content)
def dig(name, depth):
    for _ in range(depth):
        os.mkdir(name)
        os.chdir(name)
    put(b'bottom')
put(b'plain')
for index, source in enumerate(json.loads(${JSON.stringify(JSON.stringify(hostileTree.map(([, python]) => python)))})):
    try:
        exec(source)
        became = 'made'
    except OSError as error:
        became = errno.errorcode.get(error.errno, str(error.errno))
    print(json.dumps([index, became]), flush=True)
    os.chdir('/workspace')
`;
