/** Settings with which a process runs this JavaScript before its own. */
function preload(code: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` };
}

/** A process whose wall clock is so many milliseconds off. */
export function wrongClock(byMs: number): Readonly<Record<string, string>> {
  return preload(`
    const right = Date;
    const now = () => right.now() + ${String(byMs)};
    globalThis.Date = new Proxy(right, {
      construct: (_, given, target) => Reflect.construct(right, given.length === 0 ? [now()] : given, target),
      get: (_, name) => (name === "now" ? now : Reflect.get(right, name)),
    });`);
}

/** A process whose event loop stands still for so long when it gets SIGUSR2: no timer, no socket, no signal is served. */
export function blockable(forMs: number): Readonly<Record<string, string>> {
  return preload(`
    const never = new Int32Array(new SharedArrayBuffer(4));
    process.on("SIGUSR2", () => void Atomics.wait(never, 0, 0, ${String(forMs)}));`);
}

/** A process that takes itself for process 1, as the first one of every container does. */
export function firstProcess(): Readonly<Record<string, string>> {
  return preload(`Object.defineProperty(process, "pid", { value: 1 });`);
}

/** A process on a machine whose name server is the one on this port of the loopback. */
export function nameServerAt(port: number): Readonly<Record<string, string>> {
  return preload(`
    import dns from "node:dns/promises";
    import { syncBuiltinESMExports } from "node:module";
    dns.Resolver = class extends dns.Resolver {
      constructor(options) {
        super(options);
        this.setServers(["127.0.0.1:${String(port)}"]);
      }
    };
    syncBuiltinESMExports();`);
}
