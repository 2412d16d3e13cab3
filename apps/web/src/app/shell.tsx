import "./shell.css";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useMay } from "../access/use-me.ts";
import { SignOut } from "../access/sign-out.tsx";
import { Shortcuts } from "../keyboard/shortcuts.tsx";
import { ConnectionBar } from "../service/connection-bar.tsx";
import { ThemeSwitch } from "../theme/theme-switch.tsx";
import logo from "./longshore.svg";

const places = [
  { path: "/new", name: "New job" },
  { path: "/jobs", name: "Jobs" },
  { path: "/system", name: "System" },
] as const;

/** What is around every page: where one is, where one can go, and whether the service answers. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const mayRun = useMay("jobs:write") !== false;
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        To the content
      </a>
      <header className="shell-head">
        <Link href="/jobs" className="shell-brand">
          <img src={logo} alt="" width="24" height="24" />
          Longshore
        </Link>
        <nav aria-label="Main">
          {places
            .filter(({ path }) => mayRun || path !== "/new")
            .map((place) => (
              <Place key={place.path} {...place} />
            ))}
        </nav>
        <div className="shell-tools">
          <Shortcuts />
          <ThemeSwitch />
          <SignOut />
        </div>
      </header>
      <ConnectionBar />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Place({ path, name }: { readonly path: string; readonly name: string }) {
  const [location] = useLocation();
  const isHere = location === path || location.startsWith(`${path}/`);
  return (
    <Link href={path} className="shell-place" aria-current={isHere ? "page" : undefined}>
      {name}
    </Link>
  );
}
