import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { CopyButton } from "../widgets/copy-button.tsx";
import { type Draft, toRequest } from "./draft.ts";
import { leftOut, writeClientCode, writeCommand, writeCurl } from "./write-request.ts";

const forms = [
  { id: "curl", name: "curl", write: writeCurl },
  { id: "cli", name: "Command line", write: writeCommand },
  { id: "client", name: "TypeScript", write: writeClientCode },
] as const;

/** The same job, asked for without this page. */
export function Preview({ draft }: { readonly draft: Draft }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="preview" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same from a terminal or a program</summary>
      {isOpen ? <PreviewTabs draft={draft} /> : null}
    </details>
  );
}

function PreviewTabs({ draft }: { readonly draft: Draft }) {
  const request = toRequest(draft);
  return (
    <Tabs className="tabs">
      <TabList aria-label="Forms" className="tab-list">
        {forms.map(({ id, name }) => (
          <Tab key={id} id={id} className="tab">
            {name}
          </Tab>
        ))}
      </TabList>
      {forms.map(({ id, name, write }) => {
        const text = write(location.origin, request);
        // The command line reads files and secrets itself, where it is not given the request as a whole.
        const gaps = text.includes('"…') ? leftOut(request) : [];
        return (
          <TabPanel key={id} id={id}>
            <CopyButton what={name} text={text} />
            {gaps.length === 0 ? null : (
              <p className="preview-gaps">
                Not shown, so put it in for each <code>…</code> before you run it: {gaps.join(", ")}.
              </p>
            )}
            {/* It scrolls: with the focus, by keys. */}
            <pre className="preview-text" tabIndex={0} role="region" aria-label={name}>
              {text}
            </pre>
          </TabPanel>
        );
      })}
    </Tabs>
  );
}
