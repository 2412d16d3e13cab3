/** What the fuzzing tests run with; all of it is printed, so that a run can be repeated. */
export interface FuzzSettings {
  readonly seed: number;
  readonly requests: number;
}

const { LONGSHORE_FUZZ_SEED: givenSeed, LONGSHORE_FUZZ_REQUESTS: givenRequests } = process.env;

/** From LONGSHORE_FUZZ_SEED and LONGSHORE_FUZZ_REQUESTS; each run has another seed where none is given. */
export const fuzzSettings: FuzzSettings = {
  seed: givenSeed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(givenSeed),
  requests: givenRequests === undefined ? 600 : Number(givenRequests),
};

/** How many times longer than in `npm test` the other fuzzing tests run; from the number of requests, too. */
export const fuzzFactor = Math.max(1, Math.round(fuzzSettings.requests / 600));

/** What one of them may take: as many times longer, on a busy machine too. */
export const fuzzTimeoutMs = 30_000 * fuzzFactor;
