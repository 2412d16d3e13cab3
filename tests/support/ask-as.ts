import type { Api } from "../../apps/api/src/api-env.ts";

export interface AskedBody {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A way to ask an API, as the holder of a key; without one where that is null. */
export function askAs(app: Api, key: string | null) {
  return async (method: string, path: string, { body, headers = {} }: AskedBody = {}): Promise<Response> =>
    app.request(path, {
      method,
      headers: {
        ...(key === null ? {} : { "X-API-Key": key }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
}
