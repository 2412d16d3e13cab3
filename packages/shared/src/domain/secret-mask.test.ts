import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { secretForms } from "./secret-forms.ts";
import { createSecretMask, type SecretMask } from "./secret-mask.ts";

const secret = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "/", "+"), minLength: 4, maxLength: 70 }),
  fc.string({ unit: "binary", minLength: 4, maxLength: 60 }).filter((text) => /\S{4}/.test(text)),
  fc.base64String({ minLength: 8, maxLength: 120 }),
);
const secrets = fc.array(secret, { minLength: 1, maxLength: 4 });

const encodings: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  hex: (text) => Buffer.from(text).toString("hex"),
  HEX: (text) => Buffer.from(text).toString("hex").toUpperCase(),
  "percent-encoded": encodeURIComponent,
  JSON: (text) => JSON.stringify(text).slice(1, -1),
};

const quoted = `pä "s'w" <€&> 😀 $x;y`;

test.each([
  ["html.escape of Python", "pä &quot;s&#x27;w&quot; &lt;€&amp;&gt; 😀 $x;y"],
  ["html/template of Go", "pä &#34;s&#39;w&#34; &lt;€&amp;&gt; 😀 $x;y"],
  ["a text of HTML", `pä "s'w" &lt;€&amp;&gt; 😀 $x;y`],
  ["repr of Python's bytes", String.raw`p\xc3\xa4 "s\'w" <\xe2\x82\xac&> \xf0\x9f\x98\x80 $x;y`],
  ["ascii of Python", String.raw`p\xe4 "s\'w" <\u20ac&> \U0001f600 $x;y`],
  ["git and ls", String.raw`p\303\244 "s'w" <\342\202\254&> \360\237\230\200 $x;y`],
  ["shlex.quote of Python", `pä "s'"'"'w" <€&> 😀 $x;y`],
  ["%q of bash", String.raw`pä\ \"s\'w\"\ \<€\&\>\ 😀\ \$x\;y`],
])("a secret is masked whole as %s writes it", (_, written) => {
  expect(createSecretMask([quoted]).text(`<${written}>`)).toBe("<***>");
});

/** Every piece of text that must not be shown. */
const windowsOf = (given: string): readonly string[] =>
  secretForms(given).flatMap(({ text, window }) =>
    Array.from({ length: text.length - window + 1 }, (_, at) => text.slice(at, at + window)),
  );

/** Cuts a text at these places and masks it piece by piece. */
function inPieces(mask: SecretMask, text: string, cuts: readonly number[]): string {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  let pieces = mask.pieces();
  let out = "";
  let from = 0;
  for (const place of places) {
    out += pieces.push(text.slice(from, place), true);
    // Another worker goes on with what the first one left.
    pieces = mask.pieces(pieces.state());
    from = place;
  }
  return out + pieces.push(text.slice(from), false);
}

describe("a secret does not survive", () => {
  test.each(Object.entries(encodings))("%s, whatever stands around it and however it is cut", (_, encode) => {
    fc.assert(
      fc.property(
        secrets,
        fc.array(fc.string({ maxLength: 12 }), { minLength: 5, maxLength: 5 }),
        fc.array(fc.nat(400), { maxLength: 6 }),
        (given, between, cuts) => {
          const mask = createSecretMask(given);
          const text = between.map((each, index) => each + (given[index] ?? "")).join("");
          const shown = inPieces(mask, encode(text), cuts);
          const windows = given.flatMap(windowsOf).filter((window) => shown.includes(window));
          const whole = given
            .flatMap((each) => each.split(/[\r\n]+/).map((line) => line.trim()))
            // What a neighbour has a part in (base64) is not the secret's own.
            .filter((line) => line.length >= 8 && shown.includes(encode(line)) && !"***".includes(line));
          expect([...windows, ...whole]).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("how a text is cut makes no difference", () => {
  fc.assert(
    fc.property(
      secrets,
      fc.array(fc.oneof(fc.nat(3), fc.string({ maxLength: 20 })), { maxLength: 12 }),
      fc.array(fc.nat(600), { maxLength: 8 }),
      (given, parts, cuts) => {
        const mask = createSecretMask(given);
        const text = parts.map((part) => (typeof part === "string" ? part : (given[part] ?? "ab"))).join("");
        expect(inPieces(mask, text, cuts)).toBe(mask.text(text));
      },
    ),
  );
});

test("what is no secret is untouched", () => {
  fc.assert(
    fc.property(secrets, fc.string({ unit: "grapheme", maxLength: 200 }), (given, text) => {
      fc.pre(!given.flatMap(windowsOf).some((window) => text.includes(window)));
      expect(createSecretMask(given).text(text)).toBe(text);
    }),
  );
});

test("a secret within another, and two that overlap, are one run of stars", () => {
  const mask = createSecretMask(["harbour", "our-master", "arbo"]);
  expect(mask.text("the harbour-master, a harbour, arbo, arb")).toBe("the ***, a ***, ***, arb");
});

test("each line of a secret of many lines is one", () => {
  const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\r\n  c2hvcnQ=\n-----END KEY-----\n";
  const mask = createSecretMask([key]);
  expect(key.split("\n").map((line) => mask.text(line))).toEqual(["***", "***\r", "  ***", "***", ""]);
  expect(mask.text(JSON.stringify({ key }))).toBe('{"key":"***"}');
});

test("base64 that is wrapped into lines shows no more of it than a few characters at its ends", () => {
  const token = "tok_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
  const encoded = Buffer.from(`export TOKEN=${token}\n`).toString("base64");
  const wrapped = encoded.match(/.{1,76}/g) ?? [];
  const mask = createSecretMask([token]);
  const shown = wrapped.map((line) => mask.text(line)).join("");
  expect(shown.replaceAll("***", "").length).toBeLessThan(40);
  const decoded = Buffer.from(shown.replaceAll("***", ""), "base64").toString();
  expect(decoded).not.toContain("0123");
});

test("secrets of the largest size are masked at megabytes a second, also where a text is made to be slow", () => {
  const large = Array.from({ length: 4 }, (_, index) => `${"ab".repeat(16_000)}${String(index)}`);
  const mask = createSecretMask(large);
  const text = "ab".repeat(8).concat("x").repeat(20_000);
  const startedAt = performance.now();
  expect(mask.text(text)).toBe(text);
  // Some 10 ms; a bound that only a quadratic time would not keep.
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("names of members stay, values do not", () => {
  const mask = createSecretMask(["hunter22"]);
  expect(mask.within({ hunter22: ["it is hunter22", 5, null, { deep: "hunter22" }] })).toEqual({
    hunter22: ["it is ***", 5, null, { deep: "***" }],
  });
});
