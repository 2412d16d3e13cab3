import {
  startModelServer,
  type Behaviour,
  wire,
} from "../../../apps/worker/src/models/testing/model-server.ts";
import type { ChaosJob } from "./job-programs.ts";

/** A model's service on the wire that plans the suite's own Jobs, and can be made to fail. */
export interface ModelService extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  register(job: ChaosJob): void;
  forget(job: ChaosJob): void;
  /** How it answers from now on; null as it should. */
  behave(fault: "error" | "hang" | "garbage" | null): void;
}

const jobMark = /chaos-([0-9a-f]{12})/;

export async function startModelService(): Promise<ModelService> {
  const jobs = new Map<string, ChaosJob>();
  let fault: "error" | "hang" | "garbage" | null = null;
  const behaviour: Behaviour = (request, response) => {
    if (fault === "hang") return;
    if (fault === "error") {
      response.writeHead(503).end();
      return;
    }
    const plans = jobs.get(jobMark.exec(request.body)?.[1] ?? "")?.plans ?? [];
    // Told of the failure of the first plan, it gives the second.
    const steps = plans[request.body.includes("exit code 3") ? 1 : 0] ?? [];
    const text = fault === "garbage" ? "I would rather not." : JSON.stringify({ steps });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(request.path.startsWith("/v1/") ? wire.primary(text) : wire.fallback(text)));
  };
  const server = await startModelServer(behaviour);
  return {
    env: {
      PRIMARY_BASE_URL: `${server.url}/v1`,
      PRIMARY_MODEL: "chaos",
      PRIMARY_API_KEY: "chaos-key-of-no-worth",
      MODEL_TIMEOUT_SECONDS: "5",
    },
    register: (job) => void jobs.set(job.nonce, job),
    forget: (job) => void jobs.delete(job.nonce),
    behave: (next) => void (fault = next),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
