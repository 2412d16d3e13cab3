import { normalHost } from "./normal-host.ts";
import { serviceHosts } from "./service-hosts.ts";

/** How long an answer holds, in milliseconds: a database that fails over changes its address. */
const answerHoldsMs = 30_000;
/** How long it serves while it is asked anew. Older ones are waited for: nobody has asked since, and much may have changed. */
const answerServesMs = 300_000;

interface Answer {
  readonly hosts: ReadonlySet<string>;
  readonly at: number;
}

/**
 * The names and addresses of the service's own parts, by their URLs, as `normalHost` writes them: a database with a public
 * address, or one in a range that is opened to Jobs, is out of their reach all the same. `resolve` is the system's way of
 * resolving, which the parts' clients use. A name that cannot be resolved now keeps its last answer, and is itself known
 * from the beginning. One that takes long holds up nobody once there has been an answer; `now` is in milliseconds.
 */
export function createServiceAddresses(
  urls: readonly (string | null)[],
  resolve: (host: string) => Promise<readonly string[]>,
  now = () => performance.now(),
): () => Promise<ReadonlySet<string>> {
  const hosts = urls.flatMap((url) => (url === null ? [] : serviceHosts(url)));
  const known = new Map<string, readonly string[]>();
  let answer: Answer | null = null;
  let asking: Promise<ReadonlySet<string>> | null = null;

  async function ask(): Promise<ReadonlySet<string>> {
    await Promise.all(
      hosts.map(async (host) => {
        const found = await resolve(host).catch(() => null);
        if (found !== null) known.set(host, found);
      }),
    );
    answer = { hosts: new Set([...hosts, ...[...known.values()].flat()].map(normalHost)), at: now() };
    asking = null;
    return answer.hosts;
  }

  return () => {
    const ageMs = answer === null ? Infinity : now() - answer.at;
    if (answer !== null && ageMs <= answerHoldsMs) return Promise.resolve(answer.hosts);
    asking ??= ask();
    return answer !== null && ageMs <= answerServesMs ? Promise.resolve(answer.hosts) : asking;
  };
}
