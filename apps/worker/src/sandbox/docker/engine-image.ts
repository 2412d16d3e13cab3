export interface EngineImage {
  readonly id: string;
  /** What it adds to the environment of its containers, as NAME=value. */
  readonly env: readonly string[];
}
