import "./action-button.css";
import { Button, type ButtonProps } from "react-aria-components";

interface ActionButtonProps extends ButtonProps {
  /** `main` for what a page is for, one of them at most; `quiet` for tools; `danger` for what cannot be undone. */
  readonly tone?: "main" | "plain" | "quiet" | "danger";
}

/** A button that looks like what it does. */
export function ActionButton({ tone = "plain", ...props }: ActionButtonProps) {
  return <Button {...props} className={`action-button action-button-${tone}`} />;
}
