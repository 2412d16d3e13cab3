import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

/** A text that only who has the key can read. */
export interface SealedText {
  /** Which key it needs; tells nothing of the key. */
  readonly keyId: string;
  readonly bytes: Buffer;
}

/** The keys of the service's secrets: the one that seals, and those of before that still open. Each is 32 bytes. */
export interface SecretKeys {
  readonly current: Buffer;
  readonly previous: readonly Buffer[];
}

/** Keeps texts at rest. `context` says whose a text is: in the place of another it does not open. */
export interface SecretBox {
  seal(text: string, context: string): SealedText;
  /** Null where the key is not here, or the bytes are not what was sealed in this context. */
  open(sealed: SealedText, context: string): string | null;
  /** What tells whether two texts are the same, to whoever has the key alone: by each key, the present one first. In hex. */
  digests(text: string): readonly [string, ...string[]];
}

interface BoxKey {
  readonly id: string;
  readonly cipher: Buffer;
  readonly digest: Buffer;
}

const cipherName = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM, by keys that are derived from those that are configured, one for each use. */
export function createSecretBox({ current, previous }: SecretKeys): SecretBox {
  const present = deriveKey(current);
  const all = [present, ...previous.map(deriveKey)];
  const digest = ({ digest: key }: BoxKey, text: string): string =>
    createHmac("sha256", key).update(text).digest("hex");
  return {
    seal: (text, context) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(cipherName, present.cipher, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return { keyId: present.id, bytes: Buffer.concat([nonce, cipher.getAuthTag(), sealed]) };
    },
    open: ({ keyId, bytes }, context) => {
      const key = all.find(({ id }) => id === keyId);
      return key === undefined ? null : decrypt(key.cipher, bytes, context);
    },
    digests: (text) => [digest(present, text), ...all.slice(1).map((key) => digest(key, text))],
  };
}

function decrypt(key: Buffer, bytes: Buffer, context: string): string | null {
  if (bytes.length < nonceBytes + tagBytes) return null;
  try {
    const decipher = createDecipheriv(cipherName, key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const opened = [decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()];
    return Buffer.concat(opened).toString("utf8");
  } catch {
    // The only failure that there is: it is not authentic.
    return null;
  }
}

function deriveKey(key: Buffer): BoxKey {
  const derive = (use: string, length: number) =>
    Buffer.from(hkdfSync("sha256", key, "", `longshore secrets: ${use}`, length));
  return { id: derive("id", 8).toString("hex"), cipher: derive("cipher", 32), digest: derive("digest", 32) };
}
