import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHardenedContainer } from "./hardened-container.ts";
import type { HardenedContainer } from "./hardened-container.ts";

let container: HardenedContainer;
let isFull: boolean;
beforeAll(async () => {
  container = await createHardenedContainer();
  isFull = (await container.exec("test", "-e", "/usr/lib/python3/dist-packages/numpy")).exitCode === 0;
}, 60_000);
afterAll(() => container.remove());

const bash = (script: string) =>
  container.launch("bash", "-o", "pipefail", "-c", `cd /workspace && ${script}`);

describe("in a hardened container", () => {
  test.each([
    ["node", "node -e 'console.log(process.version, require(\"os\").userInfo().username)'"],
    ["worker threads", `node -e 'new (require("worker_threads").Worker)("1", {eval: true})'`],
    [
      "child processes of node",
      `node -p 'require("child_process").execFileSync(process.execPath, ["-p", "1"])'`,
    ],
    ["python3", "python3 -c 'import ssl, sqlite3, ctypes, multiprocessing as m; m.Pool(2).map(abs, [1])'"],
    ["pip", "pip --version"],
    ["venv", "python3 -m venv v && v/bin/pip --version"],
    ["git", "git init g && cd g && touch a && git add a && git commit -m a && git log --oneline"],
    ["jq and curl", "jq --version && curl --version"],
    ["ripgrep", "rg root /etc/passwd"],
    ["zip and unzip", "zip -q a.zip /etc/passwd && unzip -l a.zip"],
    ["sqlite3", "sqlite3 a.db 'create table t(a); insert into t values (1); select * from t'"],
    ["file, less, ps, perl, tar", "file /etc/passwd && less -V && ps aux && perl -v && tar --version"],
  ])("%s works", async (_, script) => {
    expect(await bash(script)).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ["a C program can be compiled", "printf 'int main(){return 0;}' > a.c && gcc a.c -o a && ./a"],
    ["make works", "printf 'all:\\n\\ttrue\\n' > Makefile && make"],
    [
      "numpy and pandas work",
      "python3 -W error -c 'import numpy, pandas; pandas.DataFrame({1: [1]}).describe()'",
    ],
  ])("of the full image %s", async (_, script) => {
    if (isFull) expect(await bash(script)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("a first plot takes no minute and prints nothing", async () => {
    if (!isFull) return;
    const code = "import matplotlib.pyplot as p; p.plot([1, 2]); p.title('é'); p.savefig('a.png')";
    const startedAt = performance.now();
    const ended = await bash(`python3 -c "${code}" && file a.png | grep -q PNG`);
    expect(ended).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  });

  test("a wheel can be installed without a network", async () => {
    const script = `mkdir w && cd w && printf 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n' > WHEEL
      mkdir tiny-1.dist-info && mv WHEEL tiny-1.dist-info/ && printf 'Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n' > tiny-1.dist-info/METADATA
      printf 'x = 5\\n' > tiny.py && printf 'tiny.py,,\\n' > tiny-1.dist-info/RECORD
      zip -qr tiny-1-py3-none-any.whl tiny.py tiny-1.dist-info && pip install -q --user ./tiny-1-py3-none-any.whl
      cd .. && python3 -c 'import tiny; print(tiny.x)'`;
    expect(await bash(script)).toMatchObject({ exitCode: 0, stdout: "5\n" });
  });

  test("an import leaves no __pycache__ among the outputs", async () => {
    expect(await bash("mkdir i && cd i && touch m.py && python3 -c 'import m' && ls")).toMatchObject({
      stdout: "m.py\n",
    });
  });

  test("Debian's Python modules are compiled beforehand, as nothing can be cached later", async () => {
    const code = `import importlib.util as u, sys
names = ["json", "asyncio", "pip"] + (["numpy", "pandas", "matplotlib.font_manager"] if ${isFull ? "1" : "0"} else [])
print([n for n in names if not __import__("os").path.exists(u.find_spec(n).cached)])`;
    expect(await container.launch("python3", "-c", code)).toMatchObject({ stdout: "[]\n" });
  });

  test("the job's user has a name and a HOME that can be written to", async () => {
    const { stdout } = await bash(
      'touch "$HOME/a" /var/tmp/b && whoami && id -gn && echo "$HOME" && ls /tmp/b',
    );
    expect(stdout).toBe("job20123\njob20123\n/tmp\n/tmp/b\n");
  });
});

describe("the image", () => {
  test("has no file with setuid or setgid, and no sudo", async () => {
    const { stdout } = await bash("find / -xdev -perm /6000 2> /dev/null; command -v sudo");
    expect(stdout).toBe("");
  });

  test("lets a job write only to its own folders", async () => {
    const { stdout } = await bash("find / -xdev -not -type l -not -type c -writable 2> /dev/null || true");
    expect(stdout).toBe("/tmp\n/workspace\n"); // where its two tmpfs are mounted
    const attempts = await bash(
      "touch /opt/longshore/x /usr/local/bin/x /x; cat /opt/longshore/{init,relay} > /dev/null",
    );
    expect(attempts.stderr.match(/Read-only file system|Permission denied/g)).toHaveLength(5);
  });

  test("has a name for each uid that a job can get", async () => {
    const { stdout } = await bash("getent passwd 20000 20999 | cut -d: -f1,4,6,7");
    expect(stdout).toBe("job20000:20000:/tmp:/bin/bash\njob20999:20999:/tmp:/bin/bash\n");
  });
});
