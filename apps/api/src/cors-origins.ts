import { z } from "zod";

const wrong =
  "must be origins with commas between them, each with its scheme and without a path, such as https://app.example.org " +
  "(* is not taken)";

/** CORS_ORIGINS: the web origins whose pages may use the service from a browser; none unless set. */
export const corsOrigins = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ""),
  )
  .refine((origins) => origins.every(isOrigin), { error: wrong })
  .default([]);

function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
