import "./file-tree.css";
import { useState } from "react";
import { formatBytes } from "../../format/bytes.ts";
import type { FileNode } from "./file-tree.ts";
import { visibleName } from "./visible-name.ts";

interface FileTreeProps {
  readonly label: string;
  readonly nodes: readonly FileNode[];
  /** The path of the file that is looked at. */
  readonly chosen: string | null;
  readonly onChoose: (file: FileNode) => void;
}

/** Files and folders to open. Names are a stranger's: they are shown so that nothing in them is hidden. */
export function FileTree({ label, ...props }: FileTreeProps) {
  return (
    <nav aria-label={label}>
      <Level {...props} />
    </nav>
  );
}

/** Shown of a folder at once: what is drawn is paid for, and nobody reads thousands. */
const grain = 200;

function Level({ nodes, chosen, onChoose }: Omit<FileTreeProps, "label">) {
  const [shown, setShown] = useState(grain);
  return (
    <ul className="file-tree">
      {nodes.slice(0, shown).map((node) => (
        <li key={node.path}>
          {node.kind === "folder" ? (
            <Folder {...{ node, chosen, onChoose }} isOpenAtFirst={nodes.length <= 20} />
          ) : (
            <File {...{ node, chosen, onChoose }} />
          )}
        </li>
      ))}
      {nodes.length > shown ? (
        <li>
          <button type="button" className="file-node" onClick={() => setShown(shown + grain)}>
            {nodes.length - shown} more …
          </button>
        </li>
      ) : null}
    </ul>
  );
}

interface NodeProps extends Pick<FileTreeProps, "chosen" | "onChoose"> {
  readonly node: FileNode;
}

function Folder({ node, isOpenAtFirst, ...props }: NodeProps & { readonly isOpenAtFirst: boolean }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <>
      <button type="button" className="file-node" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
        <span className="file-name">{visibleName(node.name)}/</span>
        <span className="file-size">{formatBytes(node.bytes)}</span>
      </button>
      {isOpen ? <Level nodes={node.children} {...props} /> : null}
    </>
  );
}

function File({ node, chosen, onChoose }: NodeProps) {
  const isLink = node.kind === "link";
  return (
    <button
      type="button"
      className="file-node"
      aria-current={node.path === chosen ? "true" : undefined}
      onClick={() => onChoose(node)}
    >
      <span aria-hidden="true">{isLink ? "↪" : "·"}</span>
      <span className="file-name">
        {visibleName(node.name)}
        {isLink ? <span className="visually-hidden"> (link)</span> : null}
      </span>
      <span className="file-size">{isLink ? "link" : formatBytes(node.bytes)}</span>
    </button>
  );
}
