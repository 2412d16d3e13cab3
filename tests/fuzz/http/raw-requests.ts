import fc from "fast-check";
import { hostileText } from "../hostile-values.ts";
import type { Operations } from "./operations.ts";

/** A change of the bytes of a request, at a place of them. */
interface ByteChange {
  readonly at: number;
  readonly act: "insert" | "remove" | "overwrite" | "repeat" | "cut";
  readonly bytes: Uint8Array;
}

const body = '{"prompt":"x","steps":[{"kind":"shell","command":"true"}]}';
const frames = [
  `Content-Length: ${String(body.length)}\r\n\r\n${body}`,
  `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  `Transfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n1\r\n{\r\n${(body.length - 1).toString(16)};x=y\r\n${body.slice(1)}\r\n0\r\nX-A: b\r\n\r\n`,
  `Content-Length: 1\r\nContent-Length: 2\r\n\r\n${body}`,
  `Content-Length: 99999999999999999999\r\n\r\n${body}`,
  `Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  `Expect: 100-continue\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
  `Content-Length: 0\r\n\r\n`,
  "\r\n",
];
const versions = ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "http/1.1", "X"];
const plainLines = [
  ...["Connection: keep-alive", "X-Request-Id: a", "Accept: */*", "Cookie: a=b", "TE: trailers"],
  ...["Content-Type: application/json", "Range: bytes=0-0", "Idempotency-Key: k", "Last-Event-ID: 1"],
];
const strangeLines = [
  ...["Host: b:80", "Host:", "Host: a/b", "Connection: Upgrade, x", "Upgrade: websocket", "Upgrade: h2c"],
  ...["X-Request-Id: \t", "Content-Type: text/plain", "Range: bytes=1-0", "Last-Event-ID: x", "If-Range: *"],
  ...[
    "Authorization: Bearer x",
    "Authorization: Basic e30=",
    "X-API-Key: x",
    "Content-Encoding: gzip",
    ": x",
  ],
  ...[" folded", "no colon", "A b: c", "X-\u00e9: \u00ff", "X-Long: ".padEnd(9_000, "x"), "\0: \0"],
];
/** Byte sequences on which readers of HTTP have disagreed. */
const splices = [
  "\r\n",
  "\n",
  "\r",
  "\r\n\r\n",
  "\0",
  " ",
  "\t",
  ":",
  "0\r\n\r\n",
  "\x7f",
  "\xff\xfe",
  "\v",
  ";",
  "%00",
];

/** Requests as bytes: what the document has, spoilt in its head, in its framing and in single bytes. */
export function rawRequests(operations: Operations, ids: readonly string[]): fc.Arbitrary<Buffer> {
  const paths = operations.all.map(({ path }) => path);
  const known = operations.all.map(({ method }) => method);
  const requests = fc
    .record({
      method: usually(fc.constantFrom(...known), fc.constantFrom("CONNECT", "get", "M-SEARCH", "PRI")),
      target: targets(paths, ids),
      version: usually(fc.constant("HTTP/1.1"), fc.constantFrom(...versions)),
      lines: usually(
        fc.array(fc.constantFrom(...plainLines), { maxLength: 3 }),
        fc.array(fc.constantFrom(...plainLines, ...strangeLines), { maxLength: 6 }),
      ),
      frame: usually(fc.constant("\r\n"), fc.constantFrom(...frames)),
      changes: usually(fc.constant<ByteChange[]>([]), fc.array(byteChanges, { minLength: 1, maxLength: 3 })),
    })
    .map(({ method, target, version, lines, frame, changes }) => {
      const head = [`${method} ${target} ${version}`, "Host: a", ...lines].join("\r\n");
      return changes.reduce(change, Buffer.from(`${head}\r\n${frame}`, "latin1"));
    });
  // Several on one connection, as one that is spoilt must not speak for the next.
  return fc.array(requests, { minLength: 1, maxLength: 3 }).map((several) => Buffer.concat(several));
}

function targets(paths: readonly string[], ids: readonly string[]): fc.Arbitrary<string> {
  const known = fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...ids, "x", "%00", ".."))
    .map(([path, id]) => path.replace("{id}", id));
  const written = known.chain((path) =>
    fc.constantFrom(
      ...[path, `http://a${path}`, `/${path}`, `/.${path}`, `/x/..${path}`, `/%2e%2e${path}`, `${path}/`],
      ...[
        `${path}?`,
        `${path}?a=%`,
        `${path}#a`,
        `${path};a`,
        path.replaceAll("/", "\\"),
        `${path}?${"a&".repeat(900)}`,
      ],
    ),
  );
  const strange = fc.constantFrom(
    "*",
    "a:80",
    "",
    "/\xff",
    "//",
    "http://",
    "http://a:b@c:99999/",
    "/%",
    "/".repeat(9_000),
  );
  return usually(known, fc.oneof({ weight: 6, arbitrary: written }, strange, hostileText));
}

/** So that most of a request is as it should be, and what is not is met. */
function usually<Value>(plain: fc.Arbitrary<Value>, strange: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 5, arbitrary: plain }, { weight: 1, arbitrary: strange });
}

const byteChanges: fc.Arbitrary<ByteChange> = fc.record({
  at: fc.nat(2_000),
  act: fc.constantFrom("insert", "remove", "overwrite", "repeat", "cut"),
  bytes: fc.oneof(
    fc.constantFrom(...splices).map((text) => Buffer.from(text, "latin1")),
    fc.uint8Array({ minLength: 1, maxLength: 6 }),
  ),
});

function change(given: Buffer, { at: place, act, bytes }: ByteChange): Buffer {
  const at = place % (given.length + 1);
  const [before, after] = [given.subarray(0, at), given.subarray(at)];
  switch (act) {
    case "insert":
      return Buffer.concat([before, bytes, after]);
    case "remove":
      return Buffer.concat([before, after.subarray(bytes.length)]);
    case "overwrite":
      return Buffer.concat([before, bytes, after.subarray(bytes.length)]);
    case "repeat":
      return Buffer.concat([before, after.subarray(0, 40), after]);
    case "cut":
      return before;
  }
}
