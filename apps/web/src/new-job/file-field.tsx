import { useId } from "react";
import { formatBytes } from "../format/bytes.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import type { JobFile } from "./draft.ts";
import { bytesOf } from "./read-local-file.ts";
import { useAddedFiles } from "./use-added-files.ts";

interface FileFieldProps {
  readonly files: readonly JobFile[];
  readonly onChange: (files: readonly JobFile[]) => void;
  readonly error: string | null;
}

/** Files for the workspace: chosen here, or dropped and pasted anywhere on the page. */
export function FileField({ files, onChange, error }: FileFieldProps) {
  const id = useId();
  const { add, fault, isOver } = useAddedFiles(files, onChange);
  return (
    <div className={`field file-field ${isOver ? "file-field-over" : ""}`} role="group" aria-label="Files">
      <label className="field-label" htmlFor={id}>
        Files for the workspace
      </label>
      <input
        id={id}
        type="file"
        multiple
        onChange={(event) => {
          if (event.target.files !== null) add([...event.target.files]);
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
