const reasons = [
  {
    pattern: /ENOSPC|no space left|EDQUOT/i,
    advice: (root) =>
      `The disk is full. Free about 1 GB on the file system of ${root}, then run the command again.`,
  },
  {
    pattern: /EACCES|EPERM|EROFS|permission denied|read-only file system/i,
    advice: (root) =>
      `There are no rights to write to ${root} (or to npm's cache). Make the folder yours ` +
      `(chown -R "$(id -un)" ${root}), or clone into a folder that is, then run the command again.`,
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|SELF_SIGNED|UNABLE_TO_/,
    advice: () =>
      "The npm registry cannot be reached. Check the network, the proxy (npm config get proxy, https-proxy) and " +
      "the registry (npm config get registry), then run the command again.",
  },
  {
    pattern: /ENOENT.*npm|spawn npm ENOENT/,
    advice: () => "The program npm was not found. Install Node.js with npm, then run the command again.",
  },
  {
    pattern: /was stopped by SIG/,
    advice: () => "The installation was interrupted; the next command begins it anew.",
  },
];

/** What to do about a failed `npm ci`, by what it printed. */
export function explainNpmFailure(output, root) {
  const known = reasons.find(({ pattern }) => pattern.test(output));
  return (
    known?.advice(root) ?? `npm ci failed, see above. Remove ${root}/node_modules and run the command again.`
  );
}
