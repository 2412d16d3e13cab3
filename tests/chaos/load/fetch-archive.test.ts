import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createRandom } from "../seeded-random.ts";
import { fetchArchive } from "./fetch-archive.ts";

const archive = Buffer.from("all of the archive");
let server: Server | undefined;
afterEach(() => server?.close());

/** A service whose first answer breaks off after so many bytes; the rest is had by Range. */
async function serviceThatBreaksOffAfter(sent: number, whatIsThere = archive.length): Promise<string> {
  server = createServer((request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const etag = '"one"';
    if (from >= whatIsThere) {
      response.writeHead(416, { etag, "content-range": `bytes */${String(whatIsThere)}` }).end();
    } else if (from > 0) {
      response.writeHead(206, { etag }).end(archive.subarray(from));
    } else {
      response.writeHead(200, { etag, "transfer-encoding": "chunked" });
      response.write(archive.subarray(0, sent), () => response.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // safety: it listens on a port.
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

const fetched = async (url: string) =>
  (await fetchArchive("a-job", () => url, createRandom("fetch"), 20_000))?.bytes.toString();

test("a download that is cut goes on where it was cut, also where that was after its last byte", async () => {
  expect(await fetched(await serviceThatBreaksOffAfter(5))).toBe(archive.toString());
  server?.close();
  expect(await fetched(await serviceThatBreaksOffAfter(archive.length))).toBe(archive.toString());
});

test("a service that says that there is less than it has sent is wrong", async () => {
  await expect(fetched(await serviceThatBreaksOffAfter(archive.length, 7))).rejects.toThrow(
    "answered with 416",
  );
});
