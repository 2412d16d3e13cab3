import { QueryClient } from "@tanstack/react-query";

/** What was asked of the service, and when it is asked again. The client itself repeats what may go well in a moment. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 1_000 }, mutations: { retry: false } },
});
