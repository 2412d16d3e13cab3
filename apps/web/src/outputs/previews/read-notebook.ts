import { parseJson } from "../parse-json.ts";

/** What a cell put out, as far as it may be shown. `left`: a form that could run or load something, or that is unknown. */
export type CellOutput =
  | { readonly kind: "text"; readonly text: string; readonly isError: boolean }
  | { readonly kind: "image"; readonly mediaType: string; readonly base64: string }
  | { readonly kind: "svg"; readonly text: string }
  | { readonly kind: "left"; readonly mediaTypes: readonly string[] };

export interface NotebookCell {
  readonly kind: "markdown" | "code" | "raw";
  readonly text: string;
  readonly count: number | null;
  readonly outputs: readonly CellOutput[];
}

export interface Notebook {
  readonly language: string;
  readonly cells: readonly NotebookCell[];
  /** Cells beyond those that are shown. */
  readonly hiddenCells: number;
}

const mostCells = 500;
const mostOutputs = 50;
/** Of what one output of a cell printed, in characters. */
export const mostPrinted = 65_536;

/**
 * The cells of a notebook (nbformat 4). Null where the text is none. Of each output the simplest form that shows it is
 * taken: pictures and text; HTML, JavaScript and widgets are named, and never run.
 */
export function readNotebook(text: string): Notebook | null {
  const notebook = asObject(parseJson(text));
  const cells = notebook?.["cells"];
  if (!Array.isArray(cells)) return null;
  const metadata = asObject(notebook?.["metadata"]);
  const language =
    asObject(metadata?.["language_info"])?.["name"] ?? asObject(metadata?.["kernelspec"])?.["language"];
  return {
    language: typeof language === "string" ? language : "python",
    cells: cells.slice(0, mostCells).flatMap(readCell),
    hiddenCells: Math.max(0, cells.length - mostCells),
  };
}

function readCell(given: unknown): readonly NotebookCell[] {
  const cell = asObject(given);
  const kind = cell?.["cell_type"];
  if (cell === null || (kind !== "markdown" && kind !== "code" && kind !== "raw")) return [];
  const count = cell["execution_count"];
  const outputs = cell["outputs"];
  return [
    {
      kind,
      text: joined(cell["source"]),
      count: typeof count === "number" ? count : null,
      outputs: Array.isArray(outputs) ? outputs.slice(0, mostOutputs).flatMap(readOutput) : [],
    },
  ];
}

function readOutput(given: unknown): readonly CellOutput[] {
  const output = asObject(given);
  if (output === null) return [];
  switch (output["output_type"]) {
    case "stream":
      return [{ kind: "text", text: printed(joined(output["text"])), isError: output["name"] === "stderr" }];
    case "error": {
      const traceback = output["traceback"];
      const lines = Array.isArray(traceback) ? traceback.map(joined) : [];
      const said = `${joined(output["ename"])}: ${joined(output["evalue"])}`;
      return [{ kind: "text", text: printed(lines.length > 0 ? lines.join("\n") : said), isError: true }];
    }
    case "display_data":
    case "execute_result":
      return readData(asObject(output["data"]) ?? {});
    default:
      return [];
  }
}

const pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;

function readData(data: Readonly<Record<string, unknown>>): readonly CellOutput[] {
  const picture = pictures.find((mediaType) => data[mediaType] !== undefined);
  if (picture !== undefined)
    return [{ kind: "image", mediaType: picture, base64: joined(data[picture]).replaceAll("\n", "") }];
  if (data["image/svg+xml"] !== undefined) return [{ kind: "svg", text: joined(data["image/svg+xml"]) }];
  const left = Object.keys(data).filter((mediaType) => mediaType !== "text/plain");
  const named: readonly CellOutput[] =
    left.length === 0 ? [] : [{ kind: "left", mediaTypes: left.slice(0, 5) }];
  if (data["text/plain"] === undefined) return named;
  return [{ kind: "text", text: printed(joined(data["text/plain"])), isError: false }, ...named];
}

/** The beginning of what was printed, and how much of it is left out. */
function printed(text: string): string {
  if (text.length <= mostPrinted) return text;
  return `${text.slice(0, mostPrinted)}\n… ${String(text.length - mostPrinted)} more characters are in the download.`;
}

/** Texts of notebooks are strings, or lists of lines. */
function joined(given: unknown): string {
  if (typeof given === "string") return given;
  if (!Array.isArray(given)) return "";
  return given.filter((line) => typeof line === "string").join("");
}

function asObject(given: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return null;
  // safety: an object that came as JSON has strings for keys, and nothing is taken for known of its values.
  return given as Readonly<Record<string, unknown>>;
}
