import fc from "fast-check";
import { hostileText, mutate, mutations } from "../hostile-values.ts";
import type { Operation, Operations, Parameter, Schema } from "./operations.ts";
import { schemaValues } from "./schema-values.ts";

/** A request to send, made from an operation of the document. */
export interface FuzzedRequest {
  readonly operation: Operation;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

const otherMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
const mediaTypes = [
  "application/json",
  "application/json; charset=utf-8",
  "text/plain",
  "multipart/form-data; boundary=x",
];
const strangeHeaders = [
  ...[
    "Range",
    "If-Range",
    "If-None-Match",
    "If-Match",
    "Accept",
    "Accept-Encoding",
    "Content-Encoding",
    "Cookie",
  ],
  ...[
    "X-Request-Id",
    "Last-Event-ID",
    "Idempotency-Key",
    "X-Forwarded-For",
    "X-HTTP-Method-Override",
    "Origin",
  ],
  ...["Authorization", "X-API-Key", "Referer", "User-Agent", "Forwarded", "Upgrade", "X-Original-URL", "Via"],
];
const forms = [
  "bytes=0-",
  "bytes=-1",
  "bytes=9-1",
  "bytes=0-0,2-3",
  "bytes=99999999999999999999-",
  '"x"',
  'W/"x"',
  "*",
  "*/*;q=0",
  "gzip",
];

/** Valid, nearly valid and hostile requests to every operation. `ids` are ids of jobs that are there. */
export function fuzzedRequests(operations: Operations, ids: readonly string[]): fc.Arbitrary<FuzzedRequest> {
  return fc.oneof(...operations.all.map((operation) => requestsTo(operation, operations.definitions, ids)));
}

function requestsTo(
  operation: Operation,
  definitions: Readonly<Record<string, Schema>>,
  ids: readonly string[],
): fc.Arbitrary<FuzzedRequest> {
  const of = (place: Parameter["in"]) => operation.parameters.filter((parameter) => parameter.in === place);
  return fc
    .record({
      method: fc.oneof(
        { weight: 20, arbitrary: fc.constant(operation.method) },
        fc.constantFrom(...otherMethods),
      ),
      id: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, fc.uuid(), hostileText),
      query: queries(of("query"), definitions),
      headers: headers(of("header"), definitions),
      body: operation.body === null ? bodies({}, {}) : bodies(operation.body, definitions),
      type: fc.oneof(
        { weight: 12, arbitrary: fc.constant("application/json") },
        fc.constantFrom(...mediaTypes),
        hostileText,
      ),
      withBody: operation.body === null ? fc.nat(15).map((one) => one === 0) : fc.constant(true),
    })
    .map(({ method, id, query, headers: given, body, type, withBody }) => ({
      ...{ operation, method },
      target: `${operation.path.replace(/\{(?:id|key|name)\}/, () => encode(id))}${query}`,
      headers: withBody ? { ...given, "Content-Type": toHeaderValue(type) } : given,
      body: withBody && method !== "GET" && method !== "HEAD" && method !== "TRACE" ? body : null,
    }));
}

function values(parameter: Parameter, definitions: Readonly<Record<string, Schema>>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: schemaValues(withoutWaiting(parameter), definitions).map(String) },
    { weight: 2, arbitrary: hostileText },
    fc.constantFrom(...forms),
  );
}

/** A cancel waits for so many seconds for a job that runs on: a valid answer, which would hold everything else up. */
function withoutWaiting({ name, schema }: Parameter): Schema {
  return name === "wait" ? { ...schema, maximum: 0 } : schema;
}

function queries(parameters: readonly Parameter[], definitions: Readonly<Record<string, Schema>>) {
  const known = parameters.map((parameter) =>
    values(parameter, definitions).map(
      (value) => `${encode(parameter.name.replace("<key>", "team"))}=${encode(value)}`,
    ),
  );
  const unknown = fc
    .tuple(hostileText, hostileText)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const raw = fc.constantFrom(
    "%",
    "%zz=%",
    "a=%ff%fe",
    "&&&",
    "=",
    "a[]=1&a[b]=2",
    "a;b",
    "?",
    "metadata.a=1&metadata.a=2",
  );
  const piece = fc.oneof(...known.map((arbitrary) => ({ weight: 6, arbitrary })), unknown, raw);
  return fc
    .oneof(
      { weight: 2, arbitrary: fc.constant<string[]>([]) },
      fc.array(piece, { minLength: 1, maxLength: 3 }),
    )
    .map((pieces) => (pieces.length === 0 ? "" : `?${pieces.join("&")}`));
}

function headers(parameters: readonly Parameter[], definitions: Readonly<Record<string, Schema>>) {
  const known = parameters.map((parameter) =>
    fc.tuple(fc.constant(parameter.name), values(parameter, definitions)),
  );
  const strange = fc.tuple(
    fc.constantFrom(...strangeHeaders),
    fc.oneof(hostileText, fc.constantFrom(...forms)),
  );
  return fc
    .array(fc.oneof(...known, strange), { maxLength: 3 })
    .map((pairs) => Object.fromEntries(pairs.map(([name, value]) => [name, toHeaderValue(value)])));
}

function bodies(schema: Schema, definitions: Readonly<Record<string, Schema>>): fc.Arbitrary<Buffer> {
  const text = fc
    .tuple(schemaValues(schema, definitions), mutations)
    .map(([value, changes]) => JSON.stringify(changes.reduce(mutate, value)) ?? "");
  const cut = fc.tuple(text, fc.nat(400)).map(([whole, at]) => whole.slice(0, at));
  const twice = text.map((whole) => whole.replace(/^\{/, '{"prompt":"first",'));
  const spoilt = fc.tuple(text, fc.nat(200), fc.uint8Array({ maxLength: 4 })).map(([whole, at, bytes]) => {
    const before = Buffer.from(whole);
    return Buffer.concat([before.subarray(0, at), bytes, before.subarray(at)]);
  });
  return fc
    .oneof({ weight: 8, arbitrary: text }, cut, twice, spoilt, hostileText)
    .map((given) => (typeof given === "string" ? Buffer.from(given) : given));
}

/** As encodeURIComponent, which takes no lone surrogates. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** What Node's client agrees to send; what it does not is tried on raw sockets (`edge-framing.test.ts`). */
function toHeaderValue(text: string): string {
  return Buffer.from(text)
    .toString("latin1")
    .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "?");
}
