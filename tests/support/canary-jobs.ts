/** Of a job: for its steps alone. */
export const secrets = {
  TOKEN: "canary/job+4fd1c0a97be2==",
  // Of several lines, and with characters that each way of quoting treats otherwise.
  KEY: "-----BEGIN CANARY-----\nMIIcanaryEvQIBADANBgkq\n$`'\"\\canary-quoted&<>\n-----END CANARY-----\n",
};
export const jobCanaries = [secrets.TOKEN, "MIIcanaryEvQIBADANBgkq", "canary-quoted"];

/** No secret: what must be found in each place, or the place was not looked into. */
export const control = "control-77e1c4";

export const shell = (command: string) => ({ kind: "shell", command, continue_on_error: true });
const python = (code: string) => ({ kind: "python", code, continue_on_error: true });

/** Ways in which programs show their environment without meaning to. */
export const leaks = [
  shell("env; export -p; declare -p TOKEN KEY; set"),
  shell('set -x; curl -s -H "Authorization: Bearer $TOKEN" http://127.0.0.1:9/; : "$KEY"; exit 7'),
  shell(
    'echo -n "x$TOKEN" | base64; env | base64; env | base64 -w 40; echo -n "$TOKEN" | od -An -tx1 -v | tr -d " \\n" | tee /tmp/hex; echo; tr a-f A-F < /tmp/hex',
  ),
  shell('echo "$TOKEN" | grep --color=always canary; ls --color=always -d "/$TOKEN"'),
  shell('printf "%s" "$TOKEN" >&2; echo "$TOKEN" | rev | rev; exec -a "$TOKEN" /no/such/program'),
  shell(
    'head -c 16370 /dev/zero | tr "\\0" x; echo "$TOKEN"; cat /proc/self/environ; tr "\\0" "\\n" </proc/self/environ',
  ),
  python(
    "import os, json, urllib.parse\nprint(os.environ)\nprint(json.dumps(json.dumps(dict(os.environ))))\nprint(urllib.parse.urlencode(os.environ))",
  ),
  python(
    "import os\ndef connect(token): raise ValueError(f'refused: {token!r}')\nconnect(os.environ['TOKEN'])",
  ),
  python("import os, sys\nsys.exit('fatal: ' + os.environ['KEY'])"),
];

/** What a Sandbox knows: of each process, and each file that is not a program's. */
export const lookAround = shell(
  "(cat /proc/[0-9]*/{environ,cmdline,mountinfo,status}; find /etc /opt /var /run /tmp /home -xdev -type f -readable -size -4096k -exec cat {} +) >around 2>/dev/null; true",
);

/** Where a caller may write secrets a second time, beside the Steps. */
export const written = { secrets, env: { COPY: secrets.TOKEN }, metadata: { [control]: secrets.KEY } };
export const files = [
  { path: "given", content: secrets.KEY },
  { path: "given64", content: Buffer.from(secrets.TOKEN).toString("base64"), encoding: "base64" },
];

/** Requests that are refused, with a secret in or beside what is wrong in them. */
export const refused = [
  `{"prompt":"x","secrets":{"TOKEN":"${secrets.TOKEN}"`,
  JSON.stringify({ prompt: "x", secrets: { "1": secrets.TOKEN } }),
  JSON.stringify({ prompt: "x", secrets: { TOKEN: [secrets.TOKEN] } }),
  JSON.stringify({ prompt: "x", secrets: secrets.TOKEN }),
  JSON.stringify({ prompt: "x", secrets, env: secrets }),
  JSON.stringify({ prompt: "x", secrets, network: secrets.TOKEN, limits: secrets.TOKEN }),
  JSON.stringify({ prompt: "x", secrets, [control]: 1 }),
];
