/** What went wrong between a program and the service. `code` is stable; `advice` says what to do about it. */
export abstract class LongshoreError extends Error {
  abstract readonly code: string;
  abstract readonly advice: string;
}
