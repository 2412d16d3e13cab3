import type { ModelProvider } from "./model-provider.ts";
import type { FallbackSettings, PrimarySettings } from "./profiles.ts";

// The clients' packages are loaded where there is a model to ask: without them a worker starts sooner, 6 MB smaller.

/** The primary provider, null where none is set. */
export async function openPrimary(settings: PrimarySettings | null): Promise<ModelProvider | null> {
  if (settings === null) return null;
  const { createPrimaryProvider } = await import("./create-primary-provider.ts");
  return createPrimaryProvider(settings);
}

/** The fallback provider, null where none is set. */
export async function openFallback(settings: FallbackSettings | null): Promise<ModelProvider | null> {
  if (settings === null) return null;
  const { createFallbackProvider } = await import("./create-fallback-provider.ts");
  return createFallbackProvider(settings);
}
