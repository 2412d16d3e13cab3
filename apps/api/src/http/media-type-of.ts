import { mimes } from "hono/utils/mime";

/** What hono (4) knows of, and more that people make of jobs. Text is said to be UTF-8: most is. */
const known: Readonly<Record<string, string>> = {
  ...mimes,
  ...{
    md: "text/markdown; charset=utf-8",
    log: "text/plain; charset=utf-8",
    tsv: "text/tab-separated-values; charset=utf-8",
  },
  ...{
    ndjson: "application/x-ndjson",
    ipynb: "application/x-ipynb+json",
    parquet: "application/vnd.apache.parquet",
  },
  ...{
    py: "text/x-python; charset=utf-8",
    sh: "application/x-sh",
    yaml: "application/yaml",
    yml: "application/yaml",
  },
  ...{
    wav: "audio/wav",
    flac: "audio/flac",
    m4a: "audio/mp4",
    mov: "video/quicktime",
    ts: "text/plain; charset=utf-8",
  },
};

/** The media type that a path's extension stands for; that of unknown bytes where it stands for none. */
export function mediaTypeOf(path: string): string {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  // What every object has from its prototype, `constructor`, is no media type.
  return (Object.hasOwn(known, extension) ? known[extension] : undefined) ?? "application/octet-stream";
}
