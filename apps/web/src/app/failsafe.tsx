import { Component, type ReactNode } from "react";
import { Notice } from "../widgets/notice.tsx";
import { ActionButton } from "../widgets/action-button.tsx";

/** What is shown in place of a page that cannot be drawn: a fault of the dashboard's own, or a file that does not come. */
export class Failsafe extends Component<{ readonly children: ReactNode }, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Notice tone="bad" title="This page could not be shown">
        <p>{error.message}</p>
        <p>Your jobs are not touched by this. Load the page again; if it stays, tell who runs the service.</p>
        <ActionButton onPress={() => location.reload()}>Load again</ActionButton>
      </Notice>
    );
  }
}
