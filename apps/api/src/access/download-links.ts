import { downloadLink, sharedLink } from "@longshore/shared/contracts/links";
import type { SecretBox } from "@longshore/shared/runtime/secret-box";
import { createHmac, timingSafeEqual } from "node:crypto";

/** What a link carries beside the Job's id. */
export interface LinkProof {
  /** Seconds since 1970 after which the link opens nothing any more. */
  readonly expires: number;
  readonly signature: string;
}

export interface DownloadLinks {
  /** A path under which whoever has it gets the Job's Archive, for so many seconds from now on. */
  sign(jobId: string, seconds: number): Promise<{ readonly link: string; readonly expiresAt: Date }>;
  check(jobId: string, proof: LinkProof): Promise<"valid" | "link_forged" | "link_expired">;
}

export interface DownloadLinksDeps {
  readonly readKeys: () => Promise<LinkKeys>;
  /** The database's time, which is one for all machines. */
  readonly readTime: () => Promise<Date>;
}

/** The key that signs, and those of before by which a link is still good. */
export type LinkKeys = readonly [Buffer, ...Buffer[]];

/**
 * The keys of an installation's links. Where it has keys for secrets they are made from these, too: whoever reads the
 * database, or a copy of it, can then sign no link.
 */
export function toLinkKeys(installationSecret: Buffer, box: Pick<SecretBox, "digests"> | null): LinkKeys {
  if (box === null) return [installationSecret];
  const [present, ...former] = box.digests(`links to archives: ${installationSecret.toString("hex")}`);
  return [Buffer.from(present, "hex"), ...former.map((digest) => Buffer.from(digest, "hex"))];
}

/** Signs by HMAC-SHA256. Nothing is stored of a link: it dies with its time, and with its Job. */
export function createDownloadLinks({ readKeys, readTime }: DownloadLinksDeps): DownloadLinks {
  let keys: LinkKeys | null = null;
  const knownKeys = async (): Promise<LinkKeys> => (keys ??= await readKeys());
  return {
    sign: async (jobId, seconds) => {
      const expires = Math.floor((await readTime()).getTime() / 1_000) + seconds;
      const signature = signBy((await knownKeys())[0], jobId, expires);
      const query = new URLSearchParams({ expires: String(expires), signature });
      return { link: `${sharedLink(jobId)}?${query.toString()}`, expiresAt: new Date(expires * 1_000) };
    },
    check: async (jobId, given) => {
      const good = (await knownKeys()).map((key) =>
        isSame(signBy(key, jobId, given.expires), given.signature),
      );
      if (!good.includes(true)) return "link_forged";
      return (await readTime()).getTime() >= given.expires * 1_000 ? "link_expired" : "valid";
    },
  };
}

function signBy(key: Buffer, jobId: string, expires: number): string {
  return createHmac("sha256", key)
    .update(`${downloadLink(jobId)} ${String(expires)}`)
    .digest("base64url");
}

/** In constant time. As text: of what it stands for in bytes there are several ways of writing. */
function isSame(ours: string, theirs: string): boolean {
  const [expected, given] = [Buffer.from(ours), Buffer.from(theirs)];
  return given.length === expected.length && timingSafeEqual(expected, given);
}
