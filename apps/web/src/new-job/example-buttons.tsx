import { ActionButton } from "../widgets/action-button.tsx";
import { examples } from "./examples.ts";

/** Fills the prompt with something that works. */
export function ExampleButtons({ onChoose }: { readonly onChoose: (prompt: string) => void }) {
  return (
    <div className="examples" role="group" aria-label="Examples">
      <span className="muted">To begin with:</span>
      {examples.map(({ name, prompt }) => (
        <ActionButton key={name} onPress={() => onChoose(prompt)}>
          {name}
        </ActionButton>
      ))}
    </div>
  );
}
