import type { Service } from "./open-service.ts";
import { type ServiceOptions, type SharedServiceName, sharedServices } from "./service-options.ts";

/** The services that rows share. */
export interface ServiceShelf extends AsyncDisposable {
  /** Has exactly these running: what an earlier row left, and this one does not measure, would take its time. */
  keep(names: readonly SharedServiceName[]): Promise<void>;
  /** One that is kept; throws where it is not. */
  get(name: SharedServiceName): Service;
}

export function createServiceShelf(open: (options: ServiceOptions) => Promise<Service>): ServiceShelf {
  const services = new Map<SharedServiceName, Service>();
  const keep = async (names: readonly SharedServiceName[]): Promise<void> => {
    for (const [name, service] of services) {
      if (names.includes(name)) continue;
      services.delete(name);
      await service[Symbol.asyncDispose]();
    }
    for (const name of names) {
      if (!services.has(name)) services.set(name, await open(sharedServices[name]));
    }
  };
  return {
    keep,
    get: (name) => {
      const service = services.get(name);
      if (service === undefined) throw new Error(`the row does not say that it measures the service ${name}`);
      return service;
    },
    [Symbol.asyncDispose]: () => keep([]),
  };
}
