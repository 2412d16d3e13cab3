import { serviceHosts } from "./service-hosts.ts";

/** How long an answer holds, in milliseconds: a database that fails over changes its address. */
const answerHoldsMs = 30_000;

/**
 * The names and addresses of the service's own parts, by their URLs: a database with a public address, or one in a range
 * that is opened to Jobs, is out of their reach all the same. `resolve` is the system's way of resolving, which the parts'
 * clients use. A name that cannot be resolved now keeps its last answer, and is itself known from the beginning.
 */
export function createServiceAddresses(
  urls: readonly (string | null)[],
  resolve: (host: string) => Promise<readonly string[]>,
): () => Promise<ReadonlySet<string>> {
  const hosts = urls.flatMap((url) => (url === null ? [] : serviceHosts(url)));
  const names = hosts.map((host) => host.toLowerCase());
  const known = new Map<string, readonly string[]>();
  let asked: Promise<ReadonlySet<string>> | null = null;
  let askedAt = 0;

  async function ask(): Promise<ReadonlySet<string>> {
    await Promise.all(
      hosts.map(async (host) => {
        const found = await resolve(host).catch(() => null);
        if (found !== null) known.set(host, found);
      }),
    );
    return new Set([...names, ...[...known.values()].flat()]);
  }

  return () => {
    if (asked === null || performance.now() - askedAt > answerHoldsMs) {
      askedAt = performance.now();
      asked = ask();
    }
    return asked;
  };
}
