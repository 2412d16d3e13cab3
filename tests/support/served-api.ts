// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "./test-api.ts";
import { startServer } from "../../apps/api/src/server.ts";

/** An API of its own database, asked over HTTP. */
export interface ServedApi {
  readonly api: TestApi;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  remove(): Promise<void>;
}

/** Starts one on a free port of loopback. */
export async function createServedApi(): Promise<ServedApi> {
  const api = await createTestApi();
  const server = await startServer(api.app, { host: "127.0.0.1", port: 0 });
  if (!server.ok) throw new Error(server.failure.message);
  return {
    api,
    url: `http://127.0.0.1:${String(server.value.port)}`,
    remove: async () => {
      await server.value.close(0);
      await api.remove();
    },
  };
}
