import { Duplex } from "node:stream";
import { longestAgentFrameBytes, windowBytes } from "@longshore/shared/contracts/agent-wire";
import { agentPieceBytes } from "@longshore/shared/contracts/egress-wire";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createAgentConnection, readAgentFrame } from "./agent-connection.ts";
import { exampleFacts, exampleSpec } from "./container-spec.fixture.ts";

const hello = { type: "hello", version: 3, running: false, facts: exampleFacts(exampleSpec()) };
const done = { type: "done", seq: 1 };

/** A stream whose other end is the test: `say` is the container's output, framed as an engine does. */
function fakeAttach() {
  const taken: string[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write(chunk, _, callback) {
      taken.push(String(chunk));
      callback();
    },
  });
  function say(text: string | Buffer, kind = 1): void {
    const payload = Buffer.from(text);
    const head = Buffer.alloc(8);
    head.writeUInt8(kind, 0);
    head.writeUInt32BE(payload.length, 4);
    stream.push(Buffer.concat([head, payload]));
  }
  return { stream, say, taken };
}

const printed = (seq: number, bytes: number): object => ({
  type: "event",
  seq,
  event: { type: "lines", index: 1, stream: "stdout", lines: ["x".repeat(bytes)], continued: [] },
});

const line = (frame: object): string => `${JSON.stringify(frame)}\n`;

describe("createAgentConnection", () => {
  it("gives frames in order, then null when the stream has ended, and calls that no breach", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    say(line(hello) + line(done).slice(0, 5));
    say(line(done).slice(5));
    stream.push(null);
    expect(await connection.next()).toEqual(hello);
    expect(await connection.next()).toEqual(done);
    expect(await connection.next()).toBeNull();
    expect(connection.breach()).toBeNull();
  });

  it.each([
    ["no JSON", "{\n", "no JSON"],
    ["an empty line", "\n", "no JSON"],
    ["invalid UTF-8", Buffer.from([0x22, 0xff, 0x22, 0x0a]), "no JSON"],
    ["an unknown frame", line({ type: "exec", command: "rm" }), "schema"],
    ["a frame with a field too many", line({ ...done, x: 1 }), "schema"],
    ["something before its hello", line(done), "hello"],
    ["a line over 1 MiB", "x".repeat(longestAgentFrameBytes + 1), "too long"],
  ])("is cut where the agent sends %s", async (_, said, reason) => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    say(said);
    expect(await connection.next()).toBeNull();
    expect(connection.breach()).toMatch(reason);
    expect(stream.destroyed).toBe(true);
  });

  it("is cut where a line of a connection is longer than any of them can be, and nobody is given it", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    const given: unknown[] = [];
    connection.onEgress((frame) => void given.push(frame));
    const data = "A".repeat(Math.ceil(agentPieceBytes / 3) * 4);
    const longest = { type: "egress_data", connection: Number.MAX_SAFE_INTEGER, data };
    say(line(longest) + line({ ...longest, data: "AAAA" }).replace("}", `${" ".repeat(22_000)}}`));
    expect(await connection.next()).toBeNull();
    expect(connection.breach()).toMatch("too long");
    expect(given).toEqual([longest]);
  });

  it("reads so many bytes of lines a second, however few frames they are", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream, { perSecond: 100_000, burst: 10_000 });
    say(line(hello));
    await connection.next();
    const began = performance.now();
    for (let seq = 1; seq <= 4; seq += 1) {
      say(line(printed(seq, 15_000)));
      expect(await connection.next()).toMatchObject({ seq });
      await connection.send({ type: "ack", seq });
    }
    expect(performance.now() - began).toBeGreaterThan(450);
    expect(connection.breach()).toBeNull();
    connection.close();
  });

  it("is cut at a second hello", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    say(line(hello) + line(hello));
    await connection.next();
    expect(await connection.next()).toBeNull();
    expect(connection.breach()).toMatch("hello twice");
  });

  it("is cut where nobody pulls and the agent sends more than its window and a frame", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    for (let count = 0; count < 30 && connection.isOpen(); count += 1) {
      say(line({ type: "model_request", turn: 1, files: [{ path: "x".repeat(60_000), bytes: 1 }] }));
      await new Promise(setImmediate);
    }
    expect(connection.breach()).toMatch("more than its window");
    expect(await connection.next()).toBeNull();
  });

  it("is cut where its events are pulled and not acknowledged, once they are more than its window and a frame", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    say(line(hello));
    await connection.next();
    let taken = 0;
    for (let seq = 1; seq < 30; seq += 1) {
      say(line(printed(seq, 60_000)));
      if ((await connection.next()) === null) break;
      taken += 1;
    }
    expect(connection.breach()).toMatch("more than its window");
    expect(taken * 60_000).toBeGreaterThan(windowBytes);
    expect(taken * 60_000).toBeLessThan(windowBytes + longestAgentFrameBytes);
  });

  it("takes what an agent may send that keeps to its window, however much it is, and a frame larger than that alone", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    say(line(hello));
    await connection.next();
    for (let first = 1; first <= 200; first += 4) {
      for (let seq = first; seq < first + 4; seq += 1) say(line(printed(seq, 60_000)));
      for (let seq = first; seq < first + 4; seq += 1) expect(await connection.next()).toMatchObject({ seq });
      await connection.send({ type: "ack", seq: first + 3 });
    }
    say(line(printed(201, longestAgentFrameBytes - 1_000)));
    expect(await connection.next()).toMatchObject({ seq: 201 });
    say(line({ type: "model_request", turn: 1, files: [] }));
    expect(await connection.next()).toMatchObject({ turn: 1 });
    expect(connection.breach()).toBeNull();
  });

  it("is cut by a stream that is not the engine's", async () => {
    const { stream } = fakeAttach();
    const connection = createAgentConnection(stream);
    stream.push("HTTP/1.1 200 OK\r\n\r\n");
    expect(await connection.next()).toBeNull();
    expect(connection.breach()).toMatch("head that is none");
  });

  it("survives any garbage", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 })), async (chunks) => {
        const { stream } = fakeAttach();
        const connection = createAgentConnection(stream);
        for (const chunk of chunks) stream.push(Buffer.from(chunk));
        stream.push(null);
        expect(await connection.next()).toBeNull();
      }),
    );
  });

  it("keeps the end of what the agent writes to stderr, printable", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    say("\u001b[31mno memory\n", 2);
    stream.push(null);
    await connection.next();
    expect(connection.stderrTail()).toBe("no memory");
  });

  it("sends a frame as one line, and refuses to once the stream is gone", async () => {
    const { stream, taken } = fakeAttach();
    const connection = createAgentConnection(stream);
    await connection.send({ type: "ack", seq: 3 });
    expect(taken).toEqual(['{"type":"ack","seq":3}\n']);
    connection.close();
    await expect(connection.send({ type: "cancel" })).rejects.toThrow("gone");
  });
});

describe("outputs by the agent's connection", () => {
  const soon = (): AbortSignal => AbortSignal.timeout(10_000);
  const answer = (data: string | null): string => line({ type: "outputs", data });

  it("are what the agent answers, which is not among its frames, or null where it does not give them", async () => {
    const { stream, say, taken } = fakeAttach();
    const connection = createAgentConnection(stream);
    say(line(hello));
    expect(await connection.next()).toEqual(hello);
    const asked = connection.output(["/bin/true"], soon());
    expect(taken).toEqual(['{"type":"outputs","argv":["/bin/true"]}\n']);
    say(answer(Buffer.from([0, 255]).toString("base64")) + line(done));
    expect(await asked).toEqual(Buffer.from([0, 255]));
    expect(await connection.next()).toEqual(done);
    const again = connection.output(["/bin/true"], soon());
    say(answer(null));
    expect(await again).toBeNull();
    expect(connection.breach()).toBeNull();
  });

  it("are null where the connection ends or had ended, and reject where the signal aborts", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    const stop = new AbortController();
    const stopped = connection.output(["/bin/true"], stop.signal);
    stop.abort(new Error("enough"));
    await expect(stopped).rejects.toThrow("enough");
    // The answer to the first is still to come: it must not be taken for that of another.
    expect(await connection.output(["/bin/true"], soon())).toBeNull();
    say(answer(null));
    await vi.waitFor(() => expect(stream.readableLength).toBe(0));
    const last = connection.output(["/bin/true"], soon());
    stream.push(null);
    expect(await last).toBeNull();
    expect(await connection.output(["/bin/true"], soon())).toBeNull();
    expect(connection.breach()).toBeNull();
  });

  it("are waited for a moment longer where there is a hurry", async () => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    const [hurry, late] = [new AbortController(), new AbortController()];
    const asked = connection.output(["/bin/true"], soon(), hurry.signal);
    hurry.abort();
    say(answer("AAAA"));
    expect(await asked).toEqual(Buffer.alloc(3));
    const unanswered = connection.output(["/bin/true"], soon(), late.signal);
    late.abort();
    expect(await unanswered).toBeNull();
  });

  it.each([
    ["before it is asked", false, answer("AAAA"), "not asked"],
    ["twice", true, answer("AAAA") + answer("AAAA"), "not asked"],
    ["that are too many", true, answer("A".repeat(180_000)), "schema"],
    ["in another form", true, line({ type: "outputs", data: 1 }), "schema"],
  ])("cut the agent off that gives them %s", async (_, isAsked, said, reason) => {
    const { stream, say } = fakeAttach();
    const connection = createAgentConnection(stream);
    if (isAsked) void connection.output(["/bin/true"], soon());
    say(said);
    expect(await connection.next()).toBeNull();
    expect(connection.breach()).toMatch(reason);
    expect(stream.destroyed).toBe(true);
  });
});

describe("readAgentFrame", () => {
  it("does not repeat what the agent said in its reason", () => {
    const read = readAgentFrame(Buffer.from('{"type":"\\u001b[31mred"}'));
    expect(read).toEqual({
      frame: null,
      reason: 'The agent sent a frame that its schema refuses at "type".',
    });
  });
});
