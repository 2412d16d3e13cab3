/** A promise whose failure is thrown where it is awaited, be that later than it failed, or nowhere as something else came first. */
export function awaitedLater<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
