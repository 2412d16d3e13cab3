import "./theme/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { reloadAfterUpgrade } from "./app/reload-after-upgrade.ts";
import { applyTheme } from "./theme/theme.ts";

applyTheme();
reloadAfterUpgrade();
const root = document.getElementById("dashboard");
if (root === null) throw new Error("index.html has no place for the dashboard");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
