/** Told by a sign and a word, so that nobody needs the colour. */
const forms = {
  ok: { sign: "✓", tone: "good" },
  taking: { sign: "✓", tone: "good" },
  closed: { sign: "✓", tone: "good" },
  degraded: { sign: "!", tone: "warn" },
  stopping: { sign: "!", tone: "warn" },
  half_open: { sign: "!", tone: "warn" },
  away: { sign: "✗", tone: "bad" },
  silent: { sign: "✗", tone: "bad" },
  open: { sign: "✗", tone: "bad" },
} as const;

const words: Partial<Record<keyof typeof forms, string>> = {
  closed: "in use",
  half_open: "being tried again",
  open: "not asked for now",
  taking: "takes jobs",
};

/** The state of a part, of a worker, or of a provider's circuit. */
export function StateWord({ state }: { readonly state: keyof typeof forms }) {
  const { sign, tone } = forms[state];
  return (
    <span className={`state-word state-word-${tone}`}>
      <span aria-hidden="true">{sign}</span> {words[state] ?? state}
    </span>
  );
}
