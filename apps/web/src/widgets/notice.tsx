import "./notice.css";
import type { ReactNode } from "react";

interface NoticeProps {
  readonly tone: "bad" | "warn" | "good" | "plain";
  readonly title: string;
  readonly children?: ReactNode;
}

/** What the reader has to know. What went wrong is read out at once, all else when there is a pause. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}
