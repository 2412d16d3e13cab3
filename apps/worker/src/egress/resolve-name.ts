import { Resolver } from "node:dns/promises";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";

/** Every address of a name, of both families, those of IPv4 first; or why there is none, as a sentence's end. */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<Result<readonly string[], string>>;

/** An honest name has some; each is to be judged. */
const mostAddresses = 64;
const tryTimeoutMs = 2_000;
const tries = 2;

/**
 * Asks the machine's name servers, and nothing else: neither /etc/hosts nor a search list, which name what is near. Not
 * getaddrinfo, which would hold one of the process's few threads for each name that does not answer.
 */
export function createResolveName(): ResolveName {
  return async (name, signal) => {
    if (signal.aborted) return fail("nobody waits for it any more");
    const resolver = new Resolver({ timeout: tryTimeoutMs, tries });
    const cancel = (): void => resolver.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const found = await Promise.all([
        resolver.resolve4(name).catch(codeOf),
        resolver.resolve6(name).catch(codeOf),
      ]);
      const addresses = found.flatMap((answer) => (typeof answer === "string" ? [] : answer));
      if (addresses.length > mostAddresses) return fail("its name has too many addresses");
      if (addresses.length > 0) return succeed(addresses);
      const isUnknown = found.every((answer) => answer === "ENOTFOUND" || answer === "ENODATA");
      return fail(isUnknown ? "its name is not known" : "its name cannot be resolved now");
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  };
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? "unknown";
}
