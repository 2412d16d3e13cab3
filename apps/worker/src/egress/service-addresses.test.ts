import { describe, expect, it } from "vitest";
import { createServiceAddresses } from "./service-addresses.ts";

/** The hosts that are looked up for a service with these URLs. */
async function lookedUp(...urls: readonly (string | null)[]): Promise<readonly string[]> {
  const asked: string[] = [];
  const resolve = (host: string) => {
    asked.push(host);
    return Promise.resolve([]);
  };
  await createServiceAddresses(urls, resolve)();
  return asked;
}

describe("the addresses of the service's own parts are those of", () => {
  it.each([
    ["one host", "postgres://u:p@db.example:5432/longshore", ["db.example"]],
    ["one host without a user or a port", "redis://cache.example", ["cache.example"]],
    ["an address of IPv6", "postgres://u@[2001:db8::5]:5432/db", ["2001:db8::5"]],
    ["every host of a list, each with its port", "postgres://u@a:1,b:2/db", ["a", "b"]],
    ["every host of a list with one port", "postgres://u:p@a,b,c:5432/db?sslmode=require", ["a", "b", "c"]],
    ["a list that is percent-encoded", "postgres://u@a%2Cb/db", ["a", "b"]],
    ["a list of addresses", "postgres://u@10.0.0.5:1,[fd00::5]:2/db", ["10.0.0.5", "fd00::5"]],
    [
      "hosts that are named behind the path",
      "postgres://u@a/db?host=b,c&hostaddr=10.0.0.6",
      ["a", "b", "c", "10.0.0.6"],
    ],
    ["a host behind a password with an @ in it", "postgres://u:p@ss@a,b/db", ["a", "b"]],
    ["an engine by its URL", "tcp://engine.example:2375", ["engine.example"]],
    ["an engine without a scheme", "10.0.0.7:2375", ["10.0.0.7"]],
    ["an engine over ssh", "ssh://me@engine.example", ["engine.example"]],
    ["nobody, where it is a socket", "unix:///var/run/docker.sock", []],
    ["nobody, where it is a socket in a URL of PostgreSQL", "postgres://u@%2Fvar%2Frun/db", []],
    ["nobody, where it is no URL at all", "", []],
  ])("%s", async (_, url, hosts) => {
    expect(await lookedUp(url, null)).toEqual(hosts);
  });

  it("all of them together, and the database's of the environment where its URL names none", async () => {
    expect(await lookedUp("postgres:///db", "redis://cache", "tcp://engine:1", "standby,primary")).toEqual([
      ...["cache", "engine", "standby", "primary"],
    ]);
  });
});

it("hosts are known in one way of writing them, whatever the URL and the system say", async () => {
  const addresses = createServiceAddresses(
    ["postgres://u@[2001:0db8:0:0::5],[::FFFF:192.0.2.7]/db", "redis://Cache.example.", "tcp://192.0.2.8:1"],
    (host) => Promise.resolve([host === "Cache.example." ? "2001:DB8::0006" : host]),
  );
  expect(await addresses()).toEqual(
    new Set(["2001:db8::5", "192.0.2.7", "cache.example", "192.0.2.8", "2001:db8::6"]),
  );
});

describe("an answer about the service's own parts", () => {
  /** The system answers a question once the test says so; the clock is the test's. */
  function slowService() {
    const clock = { at: 0 };
    const asked: ((addresses: readonly string[]) => void)[] = [];
    const addresses = createServiceAddresses(
      ["redis://cache"],
      () => new Promise((resolve) => void asked.push(resolve)),
      () => clock.at,
    );
    return { clock, asked, addresses };
  }

  it("is given at once where there has been one, while a new one is on its way", async () => {
    const { clock, asked, addresses } = slowService();
    const first = addresses();
    asked[0]?.(["192.0.2.1"]);
    expect(await first).toEqual(new Set(["cache", "192.0.2.1"]));
    clock.at = 31_000;
    expect(await addresses()).toEqual(new Set(["cache", "192.0.2.1"]));
    expect(await addresses()).toEqual(new Set(["cache", "192.0.2.1"]));
    expect(asked.length).toBe(2);
    asked[1]?.(["192.0.2.2"]);
    await expect.poll(addresses, { timeout: 10_000 }).toEqual(new Set(["cache", "192.0.2.2"]));
    expect(asked.length).toBe(2);
  });

  it("is waited for where the last one is minutes old", async () => {
    const { clock, asked, addresses } = slowService();
    const first = addresses();
    asked[0]?.(["192.0.2.1"]);
    await first;
    clock.at = 301_000;
    const second = addresses();
    asked[1]?.(["192.0.2.2"]);
    expect(await second).toEqual(new Set(["cache", "192.0.2.2"]));
  });
});

it("a name that cannot be resolved is known by itself, and hides no other", async () => {
  const addresses = createServiceAddresses(["postgres://Gone.example,here.example/db"], (host) =>
    host === "here.example" ? Promise.resolve(["192.0.2.1"]) : Promise.reject(new Error("away")),
  );
  expect(await addresses()).toEqual(new Set(["gone.example", "here.example", "192.0.2.1"]));
});
