import { secrets as secretsSchema, type JobSecrets } from "@longshore/shared/contracts/environment";
import type { JobRow } from "@longshore/shared/db/job-record";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { createSecretMask, emptyMask, type SecretMask } from "@longshore/shared/domain/secret-mask";
import type { SecretBox } from "@longshore/shared/runtime/secret-box";

/** A Job's secrets while this worker holds its Lease. */
export interface OpenSecrets {
  /** Environment of every Step. */
  readonly env: JobSecrets;
  readonly mask: SecretMask;
  /** Keeps a text that may hold a part of a secret in the Job's row. */
  seal(text: string): string;
  /** Null where it was not sealed for this Job, or by a key that is not here. */
  unseal(sealed: string): string | null;
}

/** Opens what the row holds. Fails with a sentence where this worker has not the key. */
export function openSecrets(
  { id, secrets, secretsKeyId }: Pick<JobRow, "id" | "secrets" | "secretsKeyId">,
  box: SecretBox | null,
): Result<OpenSecrets, string> {
  if (secrets === null || secretsKeyId === null) return succeed(noSecrets);
  if (box === null) return fail("this worker has no SECRETS_KEY");
  const opened = box.open({ keyId: secretsKeyId, bytes: secrets }, id);
  if (opened === null) return fail("no key of this worker opens them: SECRETS_KEY is another one here");
  const env = secretsSchema.parse(JSON.parse(opened));
  const context = `${id} held`;
  return succeed({
    env,
    mask: createSecretMask(Object.values(env)),
    seal: (text) => {
      const { keyId, bytes } = box.seal(text, context);
      return `${keyId} ${bytes.toString("base64")}`;
    },
    unseal: (sealed) => {
      const [keyId = "", bytes = ""] = sealed.split(" ");
      return box.open({ keyId, bytes: Buffer.from(bytes, "base64") }, context);
    },
  });
}

/** Of a Job that has none. */
export const noSecrets: OpenSecrets = {
  env: {},
  mask: emptyMask,
  seal: (text) => text,
  unseal: (sealed) => sealed,
};
