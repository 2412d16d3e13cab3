import { createLogger } from "../runtime/logger.ts";
import { createMessageConsumer } from "./create-message-consumer.ts";
import type { QueueBackend } from "./queue-backend.ts";

// A program that takes a message, says so to its parent, and never finishes: to be killed.
const [backend = "", name = ""] = process.argv.slice(2);

const consumer = createMessageConsumer({
  // safety: written by the suite with JSON.stringify from a QueueBackend.
  backend: JSON.parse(backend) as QueueBackend,
  concurrency: 1,
  logger: createLogger("test", "fatal"),
  name,
  onMessage: (message) => {
    process.send?.(message);
    return new Promise(() => undefined);
  },
});
consumer.start();
