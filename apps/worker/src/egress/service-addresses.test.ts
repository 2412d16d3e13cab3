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

it("a name that cannot be resolved is known by itself, and hides no other", async () => {
  const addresses = createServiceAddresses(["postgres://Gone.example,here.example/db"], (host) =>
    host === "here.example" ? Promise.resolve(["192.0.2.1"]) : Promise.reject(new Error("away")),
  );
  expect(await addresses()).toEqual(new Set(["gone.example", "here.example", "192.0.2.1"]));
});
