import manifest from "../package.json" with { type: "json" };

/** Of this program; it goes with a service of the same version. */
export const { version } = manifest;
