import "./page-title.css";
import { type ReactNode, useEffect } from "react";

interface PageTitleProps {
  readonly title: string;
  /** What can be done with the page as a whole. */
  readonly children?: ReactNode;
}

/** The heading of a page, which is the name of its tab, too. */
export function PageTitle({ title, children }: PageTitleProps) {
  useEffect(() => {
    document.title = `${title} · Longshore`;
  }, [title]);
  return (
    <div className="page-title">
      <h1>{title}</h1>
      <div className="page-title-actions">{children}</div>
    </div>
  );
}
