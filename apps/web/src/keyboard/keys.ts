/** What the keys do, for the window that tells it. */
export const keysForPeople = [
  { keys: "n", does: "New job" },
  { keys: "g j", does: "Jobs" },
  { keys: "g s", does: "System" },
  { keys: "/", does: "Search" },
  { keys: "j", does: "Next job of the list" },
  { keys: "k", does: "Job before" },
  { keys: "Enter", does: "Open the job" },
  { keys: "x", does: "Select the job" },
  { keys: "?", does: "These keys" },
  { keys: "Esc", does: "Close" },
] as const;
