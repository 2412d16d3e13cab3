import { afterEach, expect, test, vi } from "vitest";
import { createRedisServer } from "./redis-server.ts";

afterEach(() => void vi.unstubAllEnvs());

test("where redis-server is not installed, its start says so, and what to do", async () => {
  const redis = await createRedisServer();
  vi.stubEnv("PATH", "");
  await expect(redis.start()).rejects.toThrow(/^redis-server is not installed.*apt-get install redis-server/);
  await redis.remove();
});

test("a server that ends before it answers is not waited for", async () => {
  const redis = await createRedisServer(["--no-such-setting", "x"]);
  await expect(redis.start()).rejects.toThrow("redis-server ended with 1 before it answered");
  await redis.remove();
});
