import type { JobSecrets } from "@longshore/shared/contracts/environment";
import { createSecretMask, type SecretMask } from "@longshore/shared/domain/secret-mask";

// What is longer is in no name of a host, and dear to look for.
const longestName = 253;

/** A mask of secrets as they stand in names of hosts, which are told in lower case, whatever a program wrote. */
export function hostMask(secrets: JobSecrets): SecretMask {
  const possible = Object.values(secrets).filter((value) => value.length <= longestName);
  return createSecretMask(possible.map((value) => value.toLowerCase()));
}
