import { createFaultProxy, type Address, type FaultProxy, type ProxiedConnection } from "./fault-proxy.ts";

/** Calls of the engine's HTTP API that faults are tied to. */
export const engineCalls = {
  create: /^POST (?:\/v[\d.]+)?\/containers\/create\b/,
  start: /^POST (?:\/v[\d.]+)?\/containers\/[^/]+\/start\b/,
  attach: /^POST (?:\/v[\d.]+)?\/containers\/[^/]+\/attach\b/,
  exec: /^POST (?:\/v[\d.]+)?\/containers\/[^/]+\/exec\b/,
  /** By the agent, in a frame on the stream of an attach, or by an exec. */
  outputs: /^(?:\{"type":"outputs"|POST (?:\/v[\d.]+)?\/containers\/[^/]+\/exec\b)/m,
  kill: /^POST (?:\/v[\d.]+)?\/containers\/[^/]+\/kill\b/,
  inspect: /^GET (?:\/v[\d.]+)?\/containers\/[^/]+\/json\b/,
  remove: /^DELETE (?:\/v[\d.]+)?\/containers\//,
} as const satisfies Record<string, RegExp>;

export type EngineCall = keyof typeof engineCalls;

/** A proxy in front of the container engine that knows one call from another. Upgraded streams pass as they are. */
export interface EngineProxy extends FaultProxy {
  /**
   * Lets such calls hang until what it gives is called, and cuts them then: `before` they reach the engine, or `after`,
   * so that they are done and nobody is told.
   */
  hangOn(call: EngineCall, when: "before" | "after"): () => void;
  /** Runs `act` at the next such call, in the place of passing it on (`before`) or its answer (`after`). */
  at(call: EngineCall, when: "before" | "after", act: () => void): () => void;
}

interface Rule {
  readonly call: EngineCall;
  readonly when: "before" | "after";
  readonly lifted: PromiseWithResolvers<void>;
  readonly act: (() => void) | null;
}

const requestHead = /^(?:GET|POST|PUT|DELETE|HEAD) \S+ HTTP\/1\.1\r\n/;
const upgradeHead = /\r\nupgrade: *tcp\r\n/i;

export async function createEngineProxy(listen: Address, target: Address): Promise<EngineProxy> {
  const rules = new Set<Rule>();
  const add = (rule: Rule) => {
    rules.add(rule);
    return () => {
      rules.delete(rule);
      rule.lifted.resolve();
    };
  };
  const meet = async (rule: Rule, connection: ProxiedConnection): Promise<boolean> => {
    if (rule.act !== null) rules.delete(rule);
    if (rule.when === "after") {
      connection.holdAnswers = rule.lifted.promise.then(connection.destroy);
      // The answer is under way: so long an engine takes for what is asked here.
      if (rule.act !== null) setTimeout(rule.act, 150).unref();
      return true;
    }
    rule.act?.();
    await rule.lifted.promise;
    connection.destroy();
    return false;
  };
  const proxy = await createFaultProxy({
    ...{ listen, target },
    inspect: async (piece, connection) => {
      const head = piece.toString("latin1", 0, 4_096);
      const isFrame = connection.upgraded !== null;
      if (!isFrame && !requestHead.test(head)) return true;
      if (!isFrame && upgradeHead.test(head)) connection.upgraded = head.slice(0, head.indexOf("\r\n"));
      const rule = [...rules].find(
        ({ call }) => engineCalls[call].test(head) && (!isFrame || call === "outputs"),
      );
      return rule === undefined ? true : meet(rule, connection);
    },
  });
  return {
    // A proxy's port is read late, as it may change.
    get port() {
      return proxy.port;
    },
    ...{ streams: proxy.streams, pass: proxy.pass, refuse: proxy.refuse, hang: proxy.hang, slow: proxy.slow },
    cut: proxy.cut,
    close: async () => {
      for (const rule of rules) rule.lifted.resolve();
      await proxy.close();
    },
    hangOn: (call, when) => add({ call, when, lifted: Promise.withResolvers(), act: null }),
    at: (call, when, act) => add({ call, when, lifted: Promise.withResolvers(), act }),
  };
}
