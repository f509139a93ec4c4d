import assert from "node:assert/strict";
import { test } from "node:test";
import { readPosted } from "./cloud-event.ts";

const envelope = { specversion: "1.0", id: "1", type: "task.created", source: "chat-api", data: { event_id: "1" } };
const raw = (text: string): string => JSON.stringify({ specversion: "1.0", type: "com.dapr.event.sent", data_base64: Buffer.from(text).toString("base64") });

void test("an envelope gives its type and data", () => {
  assert.deepEqual(readPosted(JSON.stringify(envelope)), { type: "task.created", data: { event_id: "1" } });
});

void test("an envelope that a raw subscription wrapped is unwrapped", () => {
  assert.deepEqual(readPosted(raw(JSON.stringify(envelope))), { type: "task.created", data: { event_id: "1" } });
});

for (const [name, text, data] of [
  ["text that is no JSON", "not {json", "not {json"],
  ["JSON that is no envelope", '["a"]', ["a"]],
  ["an object that is no envelope", '{"a":1}', { a: 1 }],
  ["nothing", "", ""],
] as const) {
  void test(`${name} is its own data, wrapped or not`, () => {
    assert.deepEqual(readPosted(text), { type: undefined, data });
    assert.deepEqual(readPosted(raw(text)), { type: undefined, data });
  });
}
