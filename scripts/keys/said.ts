/** What a command says: on its standard output, and, where it could not do what was asked, why. */
export interface Said {
  readonly out: string;
  readonly fault?: string;
}
