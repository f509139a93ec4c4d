import assert from "node:assert/strict";
import { test } from "node:test";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import fc from "fast-check";
import type { TaskFlowEvent } from "../../contract/event.ts";
import { eventFrame, heartbeatFrame, helloFrame, resyncFrame } from "./frame.ts";

const parse = (bytes: Buffer): EventSourceMessage[] => {
  const messages: EventSourceMessage[] = [];
  createParser({ onEvent: (message) => messages.push(message) }).feed(bytes.toString());
  return messages;
};

const eventOf = (sequence: number, title: string): TaskFlowEvent =>
  ({ event_type: "task.created", sequence, task: { title } }) as unknown as TaskFlowEvent;

test("a frame is three lines: the sequence, the type, and the whole event as JSON in one line", () => {
  const event = eventOf(7, "Pay rent");
  assert.equal(eventFrame(event).toString(), `id: 7\nevent: task.created\ndata: ${JSON.stringify(event)}\n\n`);
});

test("any text in an event comes out of a standard parser as it went in", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a\nb", "a\r\nb", "data: x\n\nid: 9", "\u2028", ":", "\u{1F4A9}"));
  fc.assert(
    fc.property(text, fc.nat(), (title, sequence) => {
      const event = eventOf(sequence, title);
      const [message, ...others] = parse(eventFrame(event));
      assert.deepEqual(others, []);
      assert.equal(message?.id, String(sequence));
      assert.deepEqual(JSON.parse(message?.data ?? ""), event);
    }),
  );
});

test("hello and resync carry the sequence to go on from as id and as data", () => {
  assert.deepEqual(parse(helloFrame(0)), [{ id: "0", event: "hello", data: '{"sequence":0}' }]);
  assert.deepEqual(parse(resyncFrame(42)), [{ id: "42", event: "resync", data: '{"sequence":42}' }]);
});

test("a heartbeat is no event", () => {
  assert.deepEqual(parse(heartbeatFrame), []);
});
