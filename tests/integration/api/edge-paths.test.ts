import { type RawHttp, startRawHttp, statusesIn } from "../../support/raw-http.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let http: RawHttp;
beforeAll(async () => {
  http = await startRawHttp();
});
afterAll(() => http.remove());

const get = (target: string | Buffer) =>
  http.exchange(
    Buffer.concat([
      Buffer.from("GET "),
      Buffer.from(target),
      Buffer.from(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    ]),
  );

// No way of writing a path reaches another page than the path says, and none is a fault of ours.
describe("a path written as", () => {
  test.each<[what: string, target: string | Buffer, status: number, code: string]>([
    ["a page behind ..", "/status/../metrics", 400, "bad_http"],
    ["a page behind %2e%2e", "/status/%2e%2e/metrics", 400, "bad_http"],
    ["a page behind .%2E", "/status/.%2E/metrics", 400, "bad_http"],
    ["a page behind .", "/./metrics", 400, "bad_http"],
    ["a page behind %2e", "/%2e/metrics", 400, "bad_http"],
    ["a page that ends in ..", "/docs/..", 400, "bad_http"],
    [".. in the absolute form", "http://a/status/../metrics", 400, "bad_http"],
    ["the viewer's folder and out of it", "/docs/../../package.json", 400, "bad_http"],
    ["an encoded slash before ..", "/docs/..%2f..%2fpackage.json", 404, "route_not_found"],
    ["an encoded slash in an id", "/status/..%2fmetrics", 400, "invalid_id"],
    ["an encoded backslash", "/status/..%5cmetrics", 400, "invalid_id"],
    ["a backslash", "/status\\..\\metrics", 400, "bad_http"],
    ["a backslash at its head", "/\\metrics", 400, "bad_http"],
    ["two slashes", "//metrics", 404, "route_not_found"],
    ["another host", "//evil.example/metrics", 404, "route_not_found"],
    ["a slash at its end", "/metrics/", 404, "route_not_found"],
    ["a parameter of a segment", "/metrics;x=1", 404, "route_not_found"],
    ["other case", "/METRICS", 404, "route_not_found"],
    ["overlong UTF-8 of ..", "/status/%c0%ae%c0%ae/metrics", 404, "route_not_found"],
    ["overlong UTF-8 in an id", "/status/%c0%ae%c0%af", 400, "invalid_id"],
    ["overlong UTF-8 in raw bytes", Buffer.from([0x2f, 0xc0, 0xae, 0xc0, 0xaf]), 400, "bad_http"],
    ["characters that are not encoded", "/é", 400, "bad_http"],
    ["an encoded NUL", "/metrics%00", 404, "route_not_found"],
    ["an encoded NUL before an extension", "/docs/swagger-ui.css%00.html", 404, "route_not_found"],
    ["an encoded NUL in an id", "/status/%00", 400, "invalid_id"],
    ["a raw NUL", "/metrics\0", 400, "bad_http"],
    ["a raw control character", "/met\x01rics", 400, "bad_http"],
    ["an encoded line break", "/metrics%0d%0aX-Evil:%201", 404, "route_not_found"],
    ["what is encoded twice", "/%256detrics", 404, "route_not_found"],
    ["an id that is encoded twice", "/status/%2530", 400, "invalid_id"],
    ["a percent sign and nothing", "/metrics%", 404, "route_not_found"],
    ["a percent sign and no digits", "/status/%zz", 400, "invalid_id"],
    ["a fragment", "/metrics#x", 400, "bad_http"],
    ["no path", "metrics", 400, "bad_http"],
    ["an asterisk", "*", 400, "bad_http"],
    ["a URL with a port that is none", "http://a:99999/metrics", 400, "bad_http"],
    ["a URL of another scheme", "file:///etc/passwd", 400, "bad_http"],
    ["a URL with a password", "http://u:p@a/nowhere", 404, "route_not_found"],
  ])("%s is answered with a problem", async (_, target, status, code) => {
    const answer = await get(target);
    expect(statusesIn(answer)).toEqual([status]);
    expect(answer.toLowerCase()).toContain("content-type: application/problem+json");
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer).not.toMatch(/^X-Evil/im);
  });
});

describe("a query written as", () => {
  test.each<[what: string, query: string, status: number]>([
    ["bytes that are no UTF-8", "q=%ff", 200],
    ["a percent sign alone", "q=%", 200],
    ["nothing but separators", "&&&=&=", 200],
    ["a name without a value, twice", "q=a&q", 422],
    ["a name with brackets", "q[]=a", 422],
    ["a constructor", "constructor=a", 422],
    ["__proto__, encoded", "__%70roto__=a", 422],
    ["4,000 parameters", "a&".repeat(4_000), 422],
    ["a time that an offset leads out of the calendar", "created_after=9999-12-31T23:59:59-14:00", 422],
    ["a time that an offset leads before it", "created_before=0001-01-01T00:00:00%2B14:00", 422],
    ["the last moment of the calendar", "created_after=9999-12-31T23:59:59.999Z", 200],
    ["the first moment of the calendar", "created_before=0001-01-01T00:00:00Z", 200],
  ])("%s is no fault of ours", async (_, query, status) => {
    expect(statusesIn(await get(`/jobs?${query}`))).toEqual([status]);
  });
});

test("nothing of all this was logged as a fault of ours", () => {
  expect(http.api.logged.filter((line) => /"level":"(?:warn|error|fatal)"/.test(line))).toEqual([]);
});
