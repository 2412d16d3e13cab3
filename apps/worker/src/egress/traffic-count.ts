import type { Socket } from "node:net";

/** Counts what went over connections, by host. */
export interface TrafficCount {
  opened(host: string, socket: Socket): void;
  /** A sentence's end about each host, and of those beyond the most that are told apart; forgets all. */
  take(): readonly string[];
}

interface HostTraffic {
  connections: number;
  sent: number;
  received: number;
}

export function createTrafficCount(mostHosts: number): TrafficCount {
  const hosts = new Map<string, HostTraffic>();
  const live = new Map<Socket, HostTraffic>();

  function trafficOf(host: string): HostTraffic {
    const name = hosts.has(host) || hosts.size < mostHosts ? host : "all other hosts together";
    const traffic = hosts.get(name) ?? { connections: 0, sent: 0, received: 0 };
    hosts.set(name, traffic);
    return traffic;
  }

  function count(socket: Socket): void {
    const traffic = live.get(socket);
    if (traffic === undefined) return;
    live.delete(socket);
    traffic.sent += socket.bytesWritten;
    traffic.received += socket.bytesRead;
  }

  return {
    opened(host, socket) {
      const traffic = trafficOf(host);
      traffic.connections += 1;
      live.set(socket, traffic);
      socket.once("close", () => count(socket));
    },
    take() {
      for (const socket of live.keys()) count(socket);
      const told = [...hosts].map(([name, traffic]) => `${name}: ${describe(traffic)}`);
      hosts.clear();
      return told;
    },
  };
}

function describe({ connections, sent, received }: HostTraffic): string {
  const times = connections === 1 ? "1 connection" : `${String(connections)} connections`;
  return `${times}, ${String(sent)} bytes sent, ${String(received)} received`;
}
