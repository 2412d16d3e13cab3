import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { whyNotListen } from "../host/free-port.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";

const advices: Readonly<Record<string, string>> = {
  EADDRINUSE: "Another program listens there. Stop it, or set PORT to a free one.",
  EACCES: "Ports below 1024 are the administrator's. Set PORT to 1024 or above.",
  EADDRNOTAVAIL: "This machine has no such address. Set HOST to one that it has, such as 127.0.0.1.",
};

/** Asked before anything is started: otherwise /ready would be answered by whoever has the port. */
export async function checkPort(host: string, port: number): Promise<Result<null, SetupFault>> {
  const code = await whyNotListen(host, port);
  if (code === null) return succeed(null);
  return fail({
    what: `The API cannot listen on ${host}, port ${port} (${code}).`,
    advice: advices[code] ?? "Set HOST and PORT to an address of this machine.",
  });
}
