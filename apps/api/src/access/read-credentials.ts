import { isApiKey } from "@longshore/shared/domain/api-key";

/** What a request brings: no key, something that is none, or what looks like one. */
export type Credentials =
  | { readonly type: "none" }
  | { readonly type: "unreadable" }
  | { readonly type: "key"; readonly key: string };

/**
 * Reads `Authorization: Bearer` and `X-API-Key`. Both may be there if they agree. An Authorization of another kind is
 * somebody else's, such as a proxy's, and says nothing here.
 */
export function readCredentials(headers: {
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
}): Credentials {
  const bearer = /^bearer(?: +(?<token>[^ ].*)?)?$/i.exec(headers.authorization?.trim() ?? "");
  const given = [
    ...(bearer === null ? [] : [bearer.groups?.["token"] ?? ""]),
    ...(headers.apiKey === undefined ? [] : [headers.apiKey.trim()]),
  ];
  const [key] = given;
  if (key === undefined) return { type: "none" };
  if (given.some((each) => each !== key) || !isApiKey(key)) return { type: "unreadable" };
  return { type: "key", key };
}
