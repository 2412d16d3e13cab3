import { ensureDashboard } from "../../scripts/dashboard/ensure-dashboard.ts";
import { ensureParts } from "../../scripts/programs/parts.ts";
import { root } from "../../scripts/root.ts";

/** Before suites that start the API or a worker, which they do as `npm start` does: from the bundle, with the dashboard. */
export async function setup(): Promise<void> {
  await Promise.all([ensureParts(root), ensureDashboard(root)]);
}
