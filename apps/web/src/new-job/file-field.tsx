import { type ClipboardEvent, type DragEvent, useId, useState } from "react";
import { formatBytes } from "../format/bytes.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import type { JobFile } from "./draft.ts";
import { bytesOf, mostFileBytes, readLocalFile } from "./read-local-file.ts";

interface FileFieldProps {
  readonly files: readonly JobFile[];
  readonly onChange: (files: readonly JobFile[]) => void;
  readonly error: string | null;
}

/** Files for the workspace: chosen, dropped or pasted. One of a name that is there takes its place. */
export function FileField({ files, onChange, error }: FileFieldProps) {
  const id = useId();
  const [fault, setFault] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const add = async (list: FileList) => {
    const added = await readAll([...list], files);
    setFault(added.fault);
    const names = new Set(added.files.map(({ path }) => path));
    onChange([...files.filter(({ path }) => !names.has(path)), ...added.files]);
  };
  const take = (event: DragEvent | ClipboardEvent, list: FileList) => {
    setOver(false);
    if (list.length === 0) return;
    event.preventDefault();
    void add(list);
  };
  return (
    <div
      className={`field file-field ${isOver ? "file-field-over" : ""}`}
      role="group"
      aria-label="Files"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => take(event, event.dataTransfer.files)}
      onPaste={(event) => take(event, event.clipboardData.files)}
    >
      <label className="field-label" htmlFor={id}>
        Files for the workspace
      </label>
      <input
        id={id}
        type="file"
        multiple
        onChange={(event) => {
          if (event.target.files !== null) void add(event.target.files);
          event.target.value = "";
        }}
      />
      <span className="field-hint">Choose them, drop them here, or paste them.</span>
      <FileRows files={files} onRemove={(path) => onChange(files.filter((file) => file.path !== path))} />
      <p className="field-error" role="alert">
        {fault ?? error}
      </p>
    </div>
  );
}

/** Reads what was chosen, beside what is there already. */
async function readAll(
  chosen: readonly File[],
  there: readonly JobFile[],
): Promise<{ readonly files: readonly JobFile[]; readonly fault: string | null }> {
  const sizes = [...there.map(bytesOf), ...chosen.map(({ size }) => size)];
  if (sizes.reduce((sum, size) => sum + size, 0) > mostFileBytes)
    return { files: [], fault: `Files may have ${formatBytes(mostFileBytes)} together.` };
  const read = await Promise.allSettled(chosen.map(readLocalFile));
  const files = read.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const unread = chosen.filter((_, index) => read[index]?.status === "rejected").map(({ name }) => name);
  const fault =
    unread.length === 0 ? null : `Not read, as these are folders or are gone: ${unread.join(", ")}.`;
  return { files, fault };
}

interface FileRowsProps {
  readonly files: readonly JobFile[];
  readonly onRemove: (path: string) => void;
}

function FileRows({ files, onRemove }: FileRowsProps) {
  return (
    <ul className="file-rows">
      {files.map((file) => (
        <li key={file.path}>
          <span className="mono">{file.path}</span>
          <span className="muted">{formatBytes(bytesOf(file))}</span>
          <ActionButton
            tone="quiet"
            aria-label={`Leave out ${file.path}`}
            onPress={() => onRemove(file.path)}
          >
            <span aria-hidden="true">✕</span>
          </ActionButton>
        </li>
      ))}
    </ul>
  );
}
