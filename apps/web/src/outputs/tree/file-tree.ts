import type { ArchiveEntry } from "@longshore/client";

export interface FileNode {
  /** The last part of its path. */
  readonly name: string;
  /** As the archive has it; of a folder without its last slash. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link";
  readonly bytes: number;
  readonly children: readonly FileNode[];
}

interface Growing {
  readonly name: string;
  readonly path: string;
  kind: FileNode["kind"];
  bytes: number;
  readonly children: Map<string, Growing>;
}

/** Entries as a tree, folders first, each by name; folders that have no entry of their own are there all the same. */
export function toFileTree(entries: readonly ArchiveEntry[]): readonly FileNode[] {
  const root: Growing = { name: "", path: "", kind: "folder", bytes: 0, children: new Map() };
  for (const { path, kind, bytes } of entries) {
    let at = root;
    const parts = path.split("/").filter((part) => part !== "");
    for (const [place, name] of parts.entries()) {
      const isLast = place === parts.length - 1;
      const own = at.children.get(name) ?? {
        ...{ name, path: parts.slice(0, place + 1).join("/"), kind: "folder", bytes: 0 },
        children: new Map<string, Growing>(),
      };
      at.children.set(name, own);
      if (isLast) Object.assign(own, { kind, bytes: kind === "folder" ? 0 : bytes });
      at = own;
    }
  }
  return settle(root);
}

function settle(node: Growing): readonly FileNode[] {
  const nodes = [...node.children.values()].map((child): FileNode => {
    const children = settle(child);
    const bytes = child.kind === "folder" ? children.reduce((sum, each) => sum + each.bytes, 0) : child.bytes;
    return { name: child.name, path: child.path, kind: child.kind, bytes, children };
  });
  const isFolder = ({ kind }: FileNode) => Number(kind === "folder");
  return nodes.toSorted((one, other) => isFolder(other) - isFolder(one) || compare(one.name, other.name));
}

const { compare } = new Intl.Collator("en", { numeric: true });
