import { createServer } from "node:net";
import { errorCode } from "../terminal/system-fault.ts";

/** A TCP port of 127.0.0.1 that is free right now: `preferred` if it is, else one that the system chooses. */
export async function findFreePort(preferred = 0): Promise<number> {
  const tried = await tryListen("127.0.0.1", preferred);
  return typeof tried === "number" ? tried : findFreePort(0);
}

/** Null where this process may listen there, else the system's code: EADDRINUSE, EACCES, EADDRNOTAVAIL. */
export async function whyNotListen(host: string, port: number): Promise<string | null> {
  const tried = await tryListen(host, port);
  return typeof tried === "number" ? null : tried;
}

function tryListen(host: string, port: number): Promise<number | string> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      port === 0 ? reject(error) : resolve(errorCode(error) ?? error.message),
    );
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}
