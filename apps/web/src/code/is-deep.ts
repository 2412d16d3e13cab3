interface TreeNode {
  readonly type: string;
  readonly children?: readonly TreeNode[];
}

/** Whether nodes have more than so many levels within each other. Level by level, so that depth costs no stack. */
export function isDeep(nodes: readonly TreeNode[], most = 100): boolean {
  let level = nodes;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap(({ children = [] }) => children);
  }
  return false;
}
