import fc from "fast-check";

const texts = [
  ...[
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\r\nX-Evil: 1",
    "\x1b[2J",
  ],
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "length", "then"],
  ...[
    "../../etc/passwd",
    "/etc/passwd",
    "..%2f..%2f",
    "%00",
    "%c0%ae",
    "%25%32%65",
    "%",
    "%zz",
    "file:///etc/passwd",
  ],
  ...[
    "'; DROP TABLE jobs;--",
    '" OR 1=1',
    "\\",
    "%' ESCAPE '",
    "$1",
    "{{7*7}}",
    "${jndi:ldap://127.0.0.1/x}",
  ],
  ...["<script>alert(1)</script>", "javascript:alert(1)", "=1+1", "$(id)", "`id`", "| id", "-rf"],
  ...[
    "1e400",
    "-0",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "٣",
    "9".repeat(400),
    "99999999999999999999",
    "+1",
    "1.5",
  ],
  ...["null", "undefined", "true", "[]", "{}", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59-14:00"],
  ...[
    "0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87",
    "0198C5A0-7B4E-7C3A-9B1E-3F2D1C0B9A87",
    "0198c5a07b4e7c3a9b1e3f2d1c0b9a87",
  ],
  ...["a".repeat(5_000), "é".repeat(2_000), "a".repeat(256), `${"a".repeat(30)}!`.repeat(40)],
];

/** Text that some program has fallen for. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ unit: "binary" }),
);

const deep = (levels: number, open: string, close: string): unknown =>
  JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`);

/** JSON values that no schema of the service has where they come to stand. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, -1e-308, 2 ** 53, 0.1, [], {}, [[]], [null], {
    a: {},
  }),
  fc.constantFrom<unknown>(
    deep(31, "[", "]"),
    deep(40, "[", "]"),
    deep(40, '{"a":', "}"),
    deep(500, "[", "]"),
  ),
  fc.constantFrom<unknown>(Array(200).fill(0), Array(25_000).fill(0), JSON.parse('{"__proto__":{"x":1}}')),
  fc.jsonValue({ maxDepth: 4 }),
);

/** A change of a JSON value at a place that `at` leads to, whatever the value is. */
export interface Mutation {
  readonly at: readonly number[];
  readonly act: "replace" | "remove" | "add" | "repeat";
  readonly name: string;
  readonly value: unknown;
}

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    at: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
    act: fc.constantFrom("replace", "remove", "add", "repeat"),
    name: hostileText,
    value: hostileValue,
  }),
  { maxLength: 3 },
);

/** The value with one mutation; the value itself stays as it was. */
export function mutate(value: unknown, { at, act, name, value: put }: Mutation): unknown {
  const [first = 0, ...rest] = at;
  if (Array.isArray(value)) {
    const place = value.length === 0 ? 0 : first % value.length;
    const items = [...value];
    if (rest.length > 0 && items.length > 0)
      items[place] = mutate(items[place], { at: rest, act, name, value: put });
    else if (act === "remove") items.splice(place, 1);
    else if (act === "replace") items[place] = put;
    else items.push(act === "repeat" ? items[place] : put);
    return items;
  }
  if (typeof value !== "object" || value === null) return put;
  const members = Object.entries(value);
  const place = members.length === 0 ? 0 : first % members.length;
  const [key, held] = members[place] ?? [name, put];
  if (act === "add") return Object.fromEntries([...members, [name, put]]);
  if (act === "remove") return Object.fromEntries(members.filter((_, index) => index !== place));
  const changed = rest.length > 0 ? mutate(held, { at: rest, act, name, value: put }) : put;
  return Object.fromEntries([...members, [key, changed]]);
}
