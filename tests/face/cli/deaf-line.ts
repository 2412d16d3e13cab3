import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";

/** A line to a service on which some requests get lost. */
export interface DeafLine {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one; what fits, such as `POST /cancel/…`, neither reaches the service nor is answered. */
export async function startDeafLine(serviceUrl: string, lost: RegExp): Promise<DeafLine> {
  const line = createServer((asked, answer) => {
    const { method = "GET", url = "/", headers } = asked;
    if (lost.test(`${method} ${url}`)) return;
    const onward = request(new URL(url, serviceUrl), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      pipeline(response, answer, () => undefined);
    });
    onward.on("error", () => answer.destroy());
    pipeline(asked, onward, () => undefined);
    // Who asked for a stream of events and leaves ends it on the other side, too.
    answer.on("close", () => onward.destroy());
  });
  line.listen(0, "127.0.0.1");
  await once(line, "listening");
  // safety: it listens on a port.
  const { port } = line.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      line.closeAllConnections();
      line.close();
      await once(line, "close");
    },
  };
}
