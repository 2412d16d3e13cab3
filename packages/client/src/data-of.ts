/** The data of an answer. Others than 2xx have thrown before, so that there is some. */
export function dataOf<Data>({ data }: { readonly data?: Data }): NonNullable<Data> {
  if (data === undefined || data === null)
    throw new Error("an answer without content where there should be some");
  return data;
}
