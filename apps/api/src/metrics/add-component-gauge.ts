import { Gauge, type Registry } from "prom-client";

/** Adds how each component is; `levels` is asked at each scrape, see ComponentStates. */
export function addComponentGauge(registry: Registry, levels: () => ReadonlyMap<string, number>): void {
  new Gauge({
    name: "longshore_component_state",
    help: "The components of /ready: 0 away, 1 degraded, 2 ok.",
    labelNames: ["component"],
    registers: [registry],
    collect() {
      for (const [component, level] of levels()) this.set({ component }, level);
    },
  });
}
