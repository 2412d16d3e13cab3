import { Socket } from "node:net";

/** Where postgres.js is to connect: all hosts of the URL with their ports, or the path of a unix socket. */
interface ServerPlace {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

/**
 * A socket that tells of its error only as it closes. Node tells of the two one after the other, and postgres.js (3.4.9)
 * takes statements in between: they would never be sent, never end, and keep their connection from all others for good.
 * So a caller that tries again at once would lose a connection of the pool each time. Not so over TLS, where
 * postgres.js makes the socket itself.
 */
class LateErrorSocket extends Socket {
  // By postgres.js, where it asks for a certificate by name.
  host = "";
  #error: readonly unknown[] | null = null;

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === "error") {
      this.#error = args;
      return true;
    }
    const error = this.#error;
    if (event === "close" && error !== null && this.listenerCount("error") > 0) super.emit("error", ...error);
    return super.emit(event, ...args);
  }
}

/** Gives what a client of postgres.js opens its connections with, the hosts in turn; each is still being connected. */
export function createSocketOpener(): (place: ServerPlace) => Socket {
  let opened = 0;
  return ({ host, port, path }) => {
    const socket = new LateErrorSocket();
    if (path !== false) return socket.connect(path);
    const index = opened++ % host.length;
    socket.host = host[index] ?? "";
    return socket.connect(port[index] ?? 0, socket.host);
  };
}
