import { randomUUID } from "node:crypto";
import autocannon from "autocannon";
import { echo } from "./time-job.ts";

export interface AcceptLoad {
  readonly url: string;
  readonly seconds: number;
  /** Whether each request brings an Idempotency-Key of its own. */
  readonly keyed?: boolean;
}

/** As many as a busy team's programs hold open. */
const clients = 50;

/** Requests a second that POST /schedule at `url` answers to clients that each wait for their answer. Throws where one was refused. */
export async function acceptRate({ url, seconds, keyed = false }: AcceptLoad): Promise<number> {
  const request: autocannon.Request = {
    method: "POST",
    path: "/schedule",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(echo),
  };
  const withKey: autocannon.Request = {
    ...request,
    setupRequest: (each) => ({ ...each, headers: { ...each.headers, "idempotency-key": randomUUID() } }),
  };
  const result = await autocannon({
    ...{ url, connections: clients, duration: seconds },
    requests: [keyed ? withKey : request],
  });
  const failed = result.non2xx + result.errors;
  if (failed > 0) throw new Error(`${String(failed)} requests to ${url} were not answered with 2xx`);
  // Where each answer takes longer than the whole, none comes: that is no rate of nothing.
  if (result["2xx"] === 0) throw new Error(`no request to ${url} was answered within ${String(seconds)} s`);
  return result["2xx"] / result.duration;
}
