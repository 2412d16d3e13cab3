/** The service that all suites of the face use, as a stranger knows it: its address and a key. */
export interface Face {
  readonly url: string;
  readonly key: string;
}
