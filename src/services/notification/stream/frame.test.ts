import assert from "node:assert/strict";
import { test } from "node:test";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import fc from "fast-check";
import type { TaskFlowEvent } from "../../../contract/event.ts";
import {
  coalescedFrame,
  eventFrame,
  type Frame,
  helloFrame,
  inboxFrame,
  notificationFrame,
  resyncFrame,
} from "./frame.ts";

const parse = (...frames: Frame[]): EventSourceMessage[] => {
  const messages: EventSourceMessage[] = [];
  createParser({ onEvent: (message) => messages.push(message) }).feed(
    frames.map(({ serverSent }) => serverSent.toString()).join(""),
  );
  return messages;
};

const eventOf = (sequence: number, title: string): TaskFlowEvent =>
  ({ event_type: "task.created", sequence, task: { title } }) as unknown as TaskFlowEvent;

test("a frame is three lines: the sequence, the type, and the whole event as JSON in one line", () => {
  const event = eventOf(7, "Pay rent");
  assert.equal(
    eventFrame(event).serverSent.toString(),
    `id: 7\nevent: task.created\ndata: ${JSON.stringify(event)}\n\n`,
  );
});

test("any text in an event comes out of a standard parser as it went in", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("a\nb", "a\r\nb", "data: x\n\nid: 9", "\u2028", ":", "\u{1F4A9}"),
  );
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

test("a notification, a number of them and the inbox leave the reader's cursor where it is", () => {
  const since = "2026-03-01T09:00:00.000Z";
  const frames = [
    notificationFrame('{"id":"n"}'),
    coalescedFrame({ type: "coalesced", count: 3, since }),
    inboxFrame({ unread: 2 }),
  ];
  assert.deepEqual(parse(...frames), [
    { id: undefined, event: "notification", data: '{"id":"n"}' },
    { id: undefined, event: "coalesced", data: `{"type":"coalesced","count":3,"since":"${since}"}` },
    { id: undefined, event: "inbox", data: '{"unread":2}' },
  ]);
});

test("a WebSocket message has the same id, event and data", () => {
  const event = eventOf(7, "Pay \u2028 rent\n");
  assert.deepEqual(JSON.parse(eventFrame(event).message.toString()), { id: 7, event: "task.created", data: event });
  assert.deepEqual(JSON.parse(helloFrame(4).message.toString()), { id: 4, event: "hello", data: { sequence: 4 } });
  assert.deepEqual(JSON.parse(inboxFrame({ unread: 2 }).message.toString()), { event: "inbox", data: { unread: 2 } });
});
