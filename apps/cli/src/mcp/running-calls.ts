/** Calls that go on, so that whoever closes a session can wait until they have tidied up. */
export interface RunningCalls {
  count(): number;
  track<Value>(call: Promise<Value>): Promise<Value>;
  /** Resolves when none goes on any more, or after `limitMs`. */
  settled(limitMs: number): Promise<void>;
}

export function createRunningCalls(): RunningCalls {
  const running = new Set<Promise<unknown>>();
  return {
    count: () => running.size,
    track: (call) => {
      running.add(call);
      const forget = () => void running.delete(call);
      call.then(forget, forget);
      return call;
    },
    settled: async (limitMs) => {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
      await Promise.race([Promise.allSettled(running), limit]);
      clearTimeout(timer);
    },
  };
}
