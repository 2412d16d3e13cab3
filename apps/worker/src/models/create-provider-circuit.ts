import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
  isBrokenCircuitError,
} from "cockatiel";
import type { ModelAnswer, ModelPrompt, ModelProvider } from "./model-provider.ts";

/** How a provider stands, for /ready. `reason` is a sentence for a person, null while all is well. */
export interface ProviderState {
  readonly status: "ok" | "degraded" | "refused_key" | "circuit_open";
  readonly model: string;
  readonly reason: string | null;
  /** Whether calls are let through: all, none, or one that tries. */
  readonly circuit: "closed" | "open" | "half_open";
}

/** What an open circuit answers in the provider's place. */
export interface CircuitOpen {
  readonly outcome: "circuit_open";
  readonly reason: string;
}

export interface ProviderCircuit {
  readonly provider: ModelProvider;
  ask(prompt: ModelPrompt, signal: AbortSignal): Promise<ModelAnswer | CircuitOpen>;
  state(): ProviderState;
}

export interface CircuitDeps {
  readonly provider: ModelProvider;
  /** How long an open circuit lets nothing through; the next call then tries alone. By the wall clock. */
  readonly openMs: number;
  readonly onStateChange: (state: ProviderState, role: ModelProvider["role"]) => void;
}

const failuresInARow = 5;

/** What its calls have told. */
type Known = Pick<ProviderState, "status" | "reason">;

const circuitNames: Readonly<Record<CircuitState, ProviderState["circuit"]>> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  // By hand, which nobody does here.
  [CircuitState.Isolated]: "open",
  [CircuitState.HalfOpen]: "half_open",
};

/** Failures of the service. A refusal or a request that it does not take says that it is there. */
const countsAsFailure: Readonly<Record<ModelAnswer["outcome"], boolean>> = {
  ok: false,
  refusal: false,
  bad_request: false,
  rate_limited: true,
  timeout: true,
  connection: true,
  server_error: true,
  refused_key: true,
  empty: true,
  malformed: true,
};

/** Keeps a provider that fails from being asked, and remembers how it stands. */
export function createProviderCircuit({ provider, openMs, onStateChange }: CircuitDeps): ProviderCircuit {
  let known: Known = { status: "ok", reason: null };
  const breaker = circuitBreaker(
    // safety: cockatiel gives the filter what execute's function gave, and ask below is its only caller.
    handleWhenResult((answer) => countsAsFailure[(answer as ModelAnswer).outcome]),
    { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failuresInARow) },
  );

  const state = (): ProviderState => ({
    ...known,
    model: provider.model,
    circuit: circuitNames[breaker.state],
  });

  function become(next: Known): void {
    const changed = next.status !== known.status;
    known = next;
    if (changed) onStateChange(state(), provider.role);
  }

  function open(): CircuitOpen {
    const cause = known.reason ?? "it failed";
    return {
      outcome: "circuit_open",
      reason: `not asked after ${String(failuresInARow)} failures in a row; the last: ${cause}`,
    };
  }

  async function ask(prompt: ModelPrompt, signal: AbortSignal): Promise<ModelAnswer | CircuitOpen> {
    // Another call is the trial: cockatiel would make this one wait for it, up to a whole deadline.
    if (breaker.state === CircuitState.HalfOpen) return open();
    try {
      const answer = await breaker.execute(async () => {
        const given = await provider.ask(prompt, signal);
        // Says nothing about the provider, so it must neither count nor break a row of failures; as the trial call it counts.
        if (isStopped(given, signal) && breaker.state === CircuitState.Closed) throw new StoppedCall(given);
        return given;
      });
      if (!isStopped(answer, signal)) become(stateAfter(answer, breaker.state === CircuitState.Open));
      return answer;
    } catch (error) {
      if (isBrokenCircuitError(error)) return open();
      if (error instanceof StoppedCall) return error.answer;
      throw error;
    }
  }

  return { provider, ask, state };
}

/** Carries an answer past the breaker, which leaves errors that it does not know uncounted. */
class StoppedCall extends Error {
  readonly answer: ModelAnswer;
  constructor(answer: ModelAnswer) {
    super("the call was stopped");
    this.answer = answer;
  }
}

/** True where the caller's signal, and not the deadline, ended the call: the providers tell them apart. */
function isStopped(answer: ModelAnswer, signal: AbortSignal): boolean {
  return answer.outcome === "connection" && signal.aborted;
}

function stateAfter(answer: ModelAnswer, isOpen: boolean): Known {
  const reason = answer.outcome === "ok" ? null : answer.reason;
  if (isOpen) return { status: "circuit_open", reason: reason ?? "it failed before" };
  if (answer.outcome === "ok" || answer.outcome === "refusal") return { status: "ok", reason: null };
  return { status: answer.outcome === "refused_key" ? "refused_key" : "degraded", reason };
}
