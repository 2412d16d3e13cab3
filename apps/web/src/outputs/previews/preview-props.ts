/** What a preview is given of a file. */
export interface PreviewProps {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** False where these are the first bytes of more. */
  readonly isWhole: boolean;
}
