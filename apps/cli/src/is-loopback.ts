/** The usual names of this machine for itself, as URLs have them. */
export const loopbackNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a host, as the name of a URL has it, is this machine and no other. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || /^127(?:\.\d{1,3}){3}$/.test(host);
}
