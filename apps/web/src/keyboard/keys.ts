/** What the keys do, for the window that tells it. */
export const keysForPeople = [
  { keys: "n", does: "New job; g n, too" },
  { keys: "g j", does: "Jobs" },
  { keys: "g s", does: "System" },
  { keys: "/", does: "Search the jobs, or the log of a job" },
  { keys: "j", does: "Next job of the list" },
  { keys: "k", does: "Job before" },
  { keys: "x", does: "Select the job" },
  { keys: "Enter", does: "Open the job; in a log's search, the next line" },
  { keys: "Shift Enter", does: "In a log's search, the line before" },
  { keys: "Ctrl Enter", does: "Run the job that is described" },
  { keys: "?", does: "These keys" },
  { keys: "Esc", does: "Close; leave a field, so that keys are for the page" },
] as const;
