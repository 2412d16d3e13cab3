import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";

interface OnceOptions<Result> {
  readonly mutationFn: () => Promise<Result>;
  readonly onSuccess: (result: Result) => void;
}

/**
 * Asks the service for something that is wanted once, and anew only where that has failed. That it was begun is known at once,
 * before a button is drawn anew: who clicks twice, or holds the keys down, wants one job.
 */
export function useOnce<Result>(options: OnceOptions<Result>) {
  const { mutate, error, isPending } = useMutation(options);
  const isBegun = useRef(false);
  const begin = () => {
    if (isBegun.current) return;
    isBegun.current = true;
    mutate(undefined, { onError: () => void (isBegun.current = false) });
  };
  return { begin, error, isPending };
}
