import { proxyPort } from "./listen-for-programs.ts";

/**
 * What tells programs of the proxy. HTTP also in ALL_PROXY, although the proxy speaks SOCKS5 as well: libraries that find
 * a SOCKS address there, and have no module for it, refuse to work at all.
 */
export function proxyEnvironment(): Readonly<Record<string, string>> {
  const url = `http://127.0.0.1:${String(proxyPort)}`;
  const direct = "localhost,127.0.0.1";
  return {
    ...{ HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: url, NO_PROXY: direct },
    ...{ http_proxy: url, https_proxy: url, all_proxy: url, no_proxy: direct },
    NODE_USE_ENV_PROXY: "1",
  };
}
