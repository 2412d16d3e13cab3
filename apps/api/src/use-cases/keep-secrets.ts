import type { JobRequest, ScheduleRequest } from "@longshore/shared/contracts/schedule-request";
import type { SealedJob } from "@longshore/shared/contracts/sealed-job";
import type { BoundKey } from "@longshore/shared/db/insert-job";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { secretLines } from "@longshore/shared/domain/secret-forms";
import { createSecretMask } from "@longshore/shared/domain/secret-mask";
import type { SealedText, SecretBox } from "@longshore/shared/runtime/secret-box";
import { jsonDigest, toCanonicalJson } from "./json-digest.ts";

/** A request as it may be stored: its secrets are sealed, and nothing else tells of them. */
export interface KeptRequest {
  /** As it may be shown. */
  readonly request: JobRequest;
  /** The secrets and the request as it is to be run, for the Job of this id; null where there are no secrets. */
  readonly seal: (jobId: string) => SealedText | null;
  /** What tells whether another body is the same. With secrets it needs the key: who reads it cannot try values. */
  readonly bodyDigests: (body: unknown) => Omit<BoundKey, "key">;
}

/** What is shown of a request, without what the caller has put there of the secrets. */
function maskShown({ prompt, metadata }: JobRequest, secrets: readonly string[]) {
  const shown = { prompt, metadata };
  const texts = [prompt ?? "", ...Object.values(metadata)];
  const lines = secrets.flatMap(secretLines);
  // The look-up that a mask needs is dear; nearly no request needs it.
  if (!lines.some((line) => texts.some((text) => text.includes(line)))) return shown;
  return createSecretMask(secrets).within(shown);
}

/** Parts a request from its secrets. Fails with `secrets_unconfigured` where it has some and there is no key. */
export function keepSecrets(
  { secrets, ...request }: ScheduleRequest,
  box: SecretBox | null,
): Result<KeptRequest, "secrets_unconfigured"> {
  const values = Object.values(secrets);
  if (values.length === 0) {
    return succeed({ request, seal: () => null, bodyDigests: (body) => ({ bodySha256: jsonDigest(body) }) });
  }
  if (box === null) return fail("secrets_unconfigured");
  const { prompt, metadata } = maskShown(request, values);
  const sealed = JSON.stringify({ secrets, request } satisfies SealedJob);
  return succeed({
    request: { ...request, metadata, ...(prompt === undefined ? {} : { prompt }) },
    seal: (jobId) => box.seal(sealed, jobId),
    bodyDigests: (body) => {
      const [bodySha256, ...formerSha256] = box.digests(toCanonicalJson(body));
      return { bodySha256, formerSha256 };
    },
  });
}
