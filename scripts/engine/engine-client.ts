import Docker from "dockerode";

/** A bound on asking an engine anything before it is known to answer. */
const PING_LIMIT_MS = 3_000;

/**
 * A client for an engine's address (`unix:///path`, `tcp://host:port`, `ssh://user@host`). The address of DOCKER_HOST
 * is left to the client itself, which also reads DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.
 */
export function createEngineClient(host: string, env: NodeJS.ProcessEnv): Docker {
  if (env["DOCKER_HOST"]) return new Docker();
  if (host.startsWith("unix://")) return new Docker({ socketPath: host.slice("unix://".length) });
  const { protocol, hostname, port, username } = new URL(host);
  if (protocol === "ssh:") return new Docker({ protocol: "ssh", host: hostname, port, username });
  return new Docker({ protocol: port === "2376" ? "https" : "http", host: hostname, port });
}

/** Null when the engine answers, else the reason why it does not. Never takes longer than a few seconds. */
export async function pingEngine(docker: Docker): Promise<string | null> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve(`no answer within ${PING_LIMIT_MS / 1000} s`), PING_LIMIT_MS);
  try {
    return await Promise.race([docker.ping().then(() => null), late.promise]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
