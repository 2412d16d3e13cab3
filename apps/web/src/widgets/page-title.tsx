import "./page-title.css";
import { type ReactNode, useEffect, useRef } from "react";

interface PageTitleProps {
  readonly title: string;
  /** What can be done with the page as a whole. */
  readonly children?: ReactNode;
}

/** What is loaded first begins where a browser begins. */
let isFirstPage = true;

/** The heading of a page, which is the name of its tab, too: who comes from another page hears it, and goes on from it. */
export function PageTitle({ title, children }: PageTitleProps) {
  useEffect(() => {
    document.title = `${title} · Longshore`;
  }, [title]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const isAtField = document.activeElement?.closest("main") !== null;
    // A list that one goes back to is where it was.
    if (!isFirstPage && !isAtField) heading.current?.focus({ preventScroll: true });
    isFirstPage = false;
  }, []);
  return (
    <div className="page-title">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <div className="page-title-actions">{children}</div>
    </div>
  );
}
