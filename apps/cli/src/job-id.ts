/** The form of an id. What has another could lead to another route, as `..` does. */
export const jobIdPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
