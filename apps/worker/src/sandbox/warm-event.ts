/**
 * What becomes of warm Sandboxes: `made` or `failed` to be; `taken` by a Job, which else has `missed` one; or removed, since
 * it was `unfit` when it was to be taken, `ended` while it waited, `aged`, or another shape is `displaced` for one that is needed.
 */
export type WarmEvent = "made" | "failed" | "taken" | "missed" | "unfit" | "ended" | "aged" | "displaced";
