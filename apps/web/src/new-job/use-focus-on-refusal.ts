import { type RefObject, useEffect, useRef } from "react";

/**
 * For the form: who was refused is brought to the first field at fault or, where that cannot have the focus, to what is said
 * of the whole, which is in the form as `data-refusal`.
 */
export function useFocusOnRefusal(error: Error | null): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error === null) return;
    const find = (selector: string) => form.current?.querySelector<HTMLElement>(selector) ?? null;
    const wrong = find('[aria-invalid="true"]');
    wrong?.focus();
    if (wrong === null || document.activeElement !== wrong) find("[data-refusal]")?.focus();
  }, [error]);
  return form;
}
