/**
 * Gives zod schemas what the OpenAPI generator needs, names above all. Only schemas that are made after this has loaded
 * have it: programs import this file before any other of theirs. Where they do not, `createApp` throws.
 */
import "@hono/zod-openapi";
