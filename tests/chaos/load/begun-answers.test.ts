import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { beginDownload } from "./begun-answers.ts";

test("a download that nobody reads for a while gives all its bytes, however often memory is collected in between", async () => {
  const bytes = Buffer.alloc(100_000, "z");
  const server = createServer((_request, response) => response.end(bytes));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const { port } = server.address() as AddressInfo;
    const begun = await beginDownload(`http://127.0.0.1:${String(port)}/`, AbortSignal.timeout(10_000));
    await collectGarbage();

    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(await begun?.rest()).toEqual({ cameToItsEnd: true, sha256 });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

/** Collects, and lets what waits for a collection run: finalizers are called in a task of their own. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  // safety: the flag puts the function into each new context.
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 5; round += 1) {
    collect();
    await new Promise((done) => setTimeout(done, 10));
  }
}
