/** The options of a call with its signal, where there is one. */
export function givenSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
