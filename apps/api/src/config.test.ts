import { expect, test } from "vitest";
import { parseApiConfig } from "./config.ts";

const DATABASE_URL = "postgres://user:secret@127.0.0.1:5432/longshore";

test("with a database alone everything has its default", () => {
  expect(parseApiConfig({ DATABASE_URL })).toMatchObject({
    ok: true,
    value: {
      ...{ host: "127.0.0.1", port: 8_000, databaseUrl: DATABASE_URL, retentionDays: 7, logLevel: "info" },
      minFreeDiskMb: 512,
      ...{
        queue: { type: "postgres", url: DATABASE_URL },
        archiveFolder: expect.stringMatching(/\.longshore.archives$/),
      },
    },
  });
});

test("with REDIS_URL the queue is there", () => {
  expect(parseApiConfig({ DATABASE_URL, REDIS_URL: "redis://r:6379" })).toMatchObject({
    value: { queue: { type: "redis", url: "redis://r:6379" } },
  });
});

test.each(["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"])("%s is loopback", (HOST) => {
  expect(parseApiConfig({ DATABASE_URL, HOST })).toMatchObject({ ok: true, value: { isLoopback: true } });
});

test.each(["0.0.0.0", "::", "192.168.0.2", "example.org", "127.0.0.1.example.org", "::ffff:10.0.0.1"])(
  "others can reach %s, and so keys are needed: without a database there are none",
  (HOST) => {
    expect(parseApiConfig({ DATABASE_URL, HOST })).toMatchObject({ ok: true, value: { isLoopback: false } });
    const parsed = parseApiConfig({ HOST });
    expect(parsed).toMatchObject({
      ok: false,
      failure: [
        expect.stringMatching(/^DATABASE_URL/),
        expect.stringMatching(/^HOST must be a loopback.*API keys.*npm run keys/),
      ],
    });
  },
);

test("web origins are taken by their exact names", () => {
  const originsOf = (CORS_ORIGINS: string) => {
    const parsed = parseApiConfig({ DATABASE_URL, CORS_ORIGINS });
    return parsed.ok ? parsed.value.corsOrigins : parsed.failure[0]?.split(" ")[0];
  };
  expect(originsOf("https://app.example.org, http://localhost:3000")).toEqual([
    "https://app.example.org",
    "http://localhost:3000",
  ]);
  for (const wrong of [
    "*",
    "null",
    "app.example.org",
    "https://a.example/",
    "https://a.example,ftp://b.example",
  ]) {
    expect(originsOf(wrong)).toBe("CORS_ORIGINS");
  }
});

const byText = (a = "", b = "") => a.localeCompare(b);

test("every fault is told at once, and no secret with it", () => {
  const parsed = parseApiConfig({
    PORT: "65536",
    RETENTION_DAYS: "-1",
    LOG_LEVEL: "loud",
    REDIS_URL: "http://u:secret@x",
    SECRETS_KEY_PREVIOUS: Buffer.alloc(32, "secret").toString("hex"),
  });
  const faults = parsed.ok ? [] : parsed.failure;
  expect(faults.map((fault) => fault.split(" ")[0]).toSorted(byText)).toEqual([
    "DATABASE_URL",
    "LOG_LEVEL",
    "PORT",
    "REDIS_URL",
    "RETENTION_DAYS",
    "SECRETS_KEY",
  ]);
  expect(faults.join("\n")).not.toMatch(/secret|736563726574/);
});
