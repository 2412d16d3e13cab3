import type { JobSecrets } from "@longshore/shared/contracts/environment";
import type { StoredSteps } from "@longshore/shared/contracts/plan";
import type { JobRequest, StoredRequest } from "@longshore/shared/contracts/schedule-request";
import { sealedJob } from "@longshore/shared/contracts/sealed-job";
import type { Step } from "@longshore/shared/contracts/step";
import type { JobRow } from "@longshore/shared/db/job-record";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { createSecretMask, type SecretMask } from "@longshore/shared/domain/secret-mask";
import type { SecretBox } from "@longshore/shared/runtime/secret-box";
import { nothingSecret } from "./nothing-secret.ts";

/** A Job's secrets while this worker holds its Lease, and what is sealed with them. */
export interface OpenSecrets {
  /** What the Job is to do. */
  readonly request: JobRequest;
  /** Environment of every Step. */
  readonly env: JobSecrets;
  readonly mask: SecretMask;
  /** Keeps a text that may hold a part of a secret in the Job's row. */
  seal(text: string): string;
  /** Null where it was not sealed for this Job, or by a key that is not here. */
  unseal(sealed: string): string | null;
  /** The same of the Steps of a plan. */
  sealSteps(steps: readonly Step[]): StoredSteps;
  unsealSteps(stored: StoredSteps): readonly Step[];
}

type SealedRow = Pick<JobRow, "id" | "request" | "secrets" | "secretsKeyId">;

/** Opens what the row holds. Fails with a sentence where this worker has not the key. */
export function openSecrets(row: SealedRow, box: SecretBox | null): Result<OpenSecrets, string> {
  const { id, secrets, secretsKeyId } = row;
  if (secrets === null || secretsKeyId === null) return succeed(noSecrets(wholeOf(row.request)));
  if (box === null) return fail("this worker has no SECRETS_KEY");
  const opened = box.open({ keyId: secretsKeyId, bytes: secrets }, id);
  if (opened === null) return fail("no key of this worker opens them: SECRETS_KEY is another one here");
  const { secrets: env, request } = sealedJob.parse(JSON.parse(opened));
  const held = sealedTexts(box, `${id} held`);
  const plan = sealedTexts(box, `${id} plan`);
  return succeed({
    request: request ?? wholeOf(row.request),
    env,
    mask: createSecretMask(Object.values(env)),
    ...held,
    sealSteps: (steps) => plan.seal(JSON.stringify(steps)),
    unsealSteps: (stored) => {
      // Of a worker of before, which stored them in clear.
      if (typeof stored !== "string") return stored;
      const text = plan.unseal(stored);
      if (text === null) throw new Error("the plan of a job with secrets was sealed for another job");
      // safety: it is what a worker has sealed for this very Job.
      return JSON.parse(text) as readonly Step[];
    },
  });
}

/** Of a Job that has none. */
function noSecrets(request: JobRequest): OpenSecrets {
  return {
    ...{ request, env: {} },
    ...nothingSecret,
    seal: (text) => text,
    unseal: (sealed) => sealed,
    unsealSteps: (stored) => {
      if (typeof stored === "string") throw new Error("the plan of a job without secrets is sealed");
      return stored;
    },
  };
}

function sealedTexts(box: SecretBox, context: string): Pick<OpenSecrets, "seal" | "unseal"> {
  return {
    seal: (text) => {
      const { keyId, bytes } = box.seal(text, context);
      return `${keyId} ${bytes.toString("base64")}`;
    },
    unseal: (sealed) => {
      const [keyId = "", bytes = ""] = sealed.split(" ");
      return box.open({ keyId, bytes: Buffer.from(bytes, "base64") }, context);
    },
  };
}

/** Without secrets, or where an API of before has taken the Job, all of it is in clear. */
function wholeOf(request: StoredRequest): JobRequest {
  if ("files" in request) return request;
  throw new Error("the request of a job without secrets is not whole");
}
