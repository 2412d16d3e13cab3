import { isLoopback } from "../is-loopback.ts";
import type { ConfigFile } from "./config-file.ts";

export interface KeyForAddress {
  readonly key: string | undefined;
  /** Why there is none although the file has one, and what to do; null otherwise. */
  readonly keptBack: string | null;
}

/**
 * The config file's key, where this is the address that it stands beside. Without this, whoever can have somebody ask
 * another address, by `--url` in a copied line or LONGSHORE_URL in a project's environment, is sent it.
 */
export function keyForAddress(
  { path, url: own = "", apiKey = "" }: Pick<ConfigFile, "path" | "url" | "apiKey">,
  url: URL,
): KeyForAddress {
  if (apiKey.trim() === "") return { key: undefined, keptBack: null };
  const ownUrl = own.trim();
  const isMeant = ownUrl === "" ? isLoopback(url.hostname) : originOf(ownUrl) === url.origin;
  if (isMeant) return { key: apiKey, keptBack: null };
  const meant =
    ownUrl === "" ? "this machine alone, as it names no url" : (originOf(ownUrl) ?? "its own url");
  const keptBack = `The key of ${path} is for ${meant}, and not sent to ${url.origin}: set LONGSHORE_API_KEY for that`;
  return { key: undefined, keptBack };
}

function originOf(text: string): string | null {
  return URL.canParse(text) ? new URL(text).origin : null;
}
