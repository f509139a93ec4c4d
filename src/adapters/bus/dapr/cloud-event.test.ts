import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBody, readBulk, readPosted } from "./cloud-event.ts";

const envelope = { specversion: "1.0", id: "1", type: "task.created", source: "chat-api", data: { event_id: "1" } };
const raw = (text: string): string =>
  JSON.stringify({
    specversion: "1.0",
    type: "com.dapr.event.sent",
    data_base64: Buffer.from(text).toString("base64"),
  });

void test("an envelope gives its type and data", () => {
  assert.deepEqual(readPosted(envelope), { type: "task.created", data: { event_id: "1" } });
});

void test("an envelope that a raw subscription wrapped is unwrapped", () => {
  assert.deepEqual(readPosted(parseBody(raw(JSON.stringify(envelope)))), {
    type: "task.created",
    data: { event_id: "1" },
  });
});

for (const [name, text, data] of [
  ["text that is no JSON", "not {json", "not {json"],
  ["JSON that is no envelope", '["a"]', ["a"]],
  ["an object that is no envelope", '{"a":1}', { a: 1 }],
  ["nothing", "", ""],
] as const) {
  void test(`${name} is its own data, wrapped or not`, () => {
    assert.deepEqual(readPosted(parseBody(text)), { type: undefined, data });
    assert.deepEqual(readPosted(parseBody(raw(text))), { type: undefined, data });
  });
}

void test("of several in one delivery each is read by itself, and what has no id is left for the sidecar to bring again", () => {
  const entries = [
    { entryId: "0", event: envelope, contentType: "application/cloudevents+json" },
    { entryId: "1", event: { a: 1 } },
    { event: envelope },
    { entryId: "2" },
    "3",
  ];
  const several = {
    id: "x",
    type: "com.dapr.event.sent.bulk",
    topic: "taskflow.tasks.created",
    pubsubname: "taskflow-pubsub",
    entries,
  };
  assert.deepEqual(readBulk(several), [
    { entryId: "0", posted: { type: "task.created", data: { event_id: "1" } } },
    { entryId: "1", posted: { type: undefined, data: { a: 1 } } },
  ]);
});

void test("one event is no delivery of several, whatever its data is", () => {
  for (const body of [
    envelope,
    { ...envelope, entries: [] },
    { type: "com.dapr.event.sent.bulk", entries: "none" },
    ["a"],
    "",
    null,
  ])
    assert.equal(readBulk(body), undefined);
});
