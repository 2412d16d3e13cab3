import { Component, type ReactNode } from "react";
import { ActionButton } from "./action-button.tsx";
import { Notice } from "./notice.tsx";

interface FailsafeProps {
  /** What cannot be drawn: "This page could not be shown". */
  readonly title: string;
  /** What the reader can do about it. */
  readonly advice: string;
  readonly children: ReactNode;
}

/**
 * What is shown in place of a part that cannot be drawn: a fault of the dashboard's own, or a file that does not come. It
 * stays for as long as this is the same element, so that it is keyed by what it is of.
 */
export class Failsafe extends Component<FailsafeProps, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { title, advice, children } = this.props;
    if (error === null) return children;
    return (
      <Notice tone="bad" title={title}>
        <p>{error.message}</p>
        <p>{advice}</p>
        <ActionButton onPress={() => location.reload()}>Load again</ActionButton>
      </Notice>
    );
  }
}
