import type Dockerode from "dockerode";

export interface EngineRequest {
  readonly method: "GET" | "POST";
  /** Ends in "?" where `query` is to follow. */
  readonly path: string;
  readonly query?: object;
  readonly body?: object;
  readonly abortSignal?: AbortSignal;
  /** Any other status rejects, with `statusCode` on the error. */
  readonly status: number;
}

/**
 * One request over dockerode's connection, for what its own methods lack: createContainer drops the engine's
 * warnings, and others take no signal. The answer is unchecked.
 */
export function engineRequest(docker: Dockerode, request: EngineRequest): Promise<unknown> {
  const { method, path, query, body, abortSignal, status } = request;
  // safety: dockerode types its modem as any; this is docker-modem's `dial`, and its answer is taken as unknown.
  const modem = docker.modem as {
    dial(options: object, done: (error: Error | null, answer: unknown) => void): void;
  };
  const options = { ...(query && { _query: query }), ...(body && { _body: body }) };
  return new Promise((resolve, reject) => {
    modem.dial({ path, method, options, abortSignal, statusCodes: { [status]: true } }, (error, answer) =>
      error === null ? resolve(answer) : reject(error),
    );
  });
}
