import { toProblemError } from "./problem-error.ts";

/** A body that is read as it comes. */
export interface OpenedStream {
  readonly response: Response;
  /** The next piece; null at the end. Rejects where the connection breaks, or is silent for too long. */
  read(): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Ends the connection. May be called twice. */
  close(): void;
}

export type OpenStream = (
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
) => Promise<OpenedStream>;

interface StreamSource {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  /** A connection on which nothing comes for this long is taken for dead. Events have a sign of life every 15 s. */
  readonly silenceMs: number;
}

/** Opens streams of the service. Throws a ProblemError where the answer is not 2xx. */
export function createOpenStream({ url, headers: always, fetch, silenceMs }: StreamSource): OpenStream {
  return async (path, headers, signal) => {
    const over = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(timer);
      const silent = () => over.abort(new Error(`nothing came for ${String(silenceMs / 1_000)} s`));
      timer = setTimeout(silent, silenceMs);
    };
    const close = () => {
      clearTimeout(timer);
      over.abort(new Error("closed"));
    };
    listen();
    try {
      const response = await fetch(new URL(path, url), {
        headers: { ...always, ...headers },
        signal: signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]),
      });
      if (!response.ok) throw await toProblemError(response);
      const reader = response.body?.getReader();
      const read = async () => {
        listen();
        const { value } = (await reader?.read()) ?? {};
        clearTimeout(timer);
        return value ?? null;
      };
      clearTimeout(timer);
      return { response, read, close };
    } catch (error) {
      close();
      throw error;
    }
  };
}
