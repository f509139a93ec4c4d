import assert from "node:assert/strict";
import { test } from "node:test";
import { incompatibilities, type JsonSchema } from "./compatibility.ts";

const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
) => ({ type: "object", properties, required });
const text = { type: "string" };
const priority = { enum: ["low", "high"] };
const released = object(
  { id: text, task: object({ title: text, priority, due: { anyOf: [text, { type: "null" }] } }), note: text },
  ["id", "task"],
);
const task = (properties: Readonly<Record<string, JsonSchema>>, required?: readonly string[]) =>
  object({ id: text, task: object(properties, required), note: text }, ["id", "task"]);
const whole = released.properties["task"] as ReturnType<typeof object>;

const compatible: Readonly<Record<string, JsonSchema>> = {
  "the same": released,
  "a new optional field": object({ ...released.properties, mood: text }, released.required),
  "a new optional field within the task": task({ ...whole.properties, colour: text }, whole.required),
  "another description": object(
    { ...released.properties, id: { ...text, description: "The id", examples: ["1"] } },
    released.required,
  ),
};

for (const [name, present] of Object.entries(compatible)) {
  void test(`${name} is compatible`, () => assert.deepEqual(incompatibilities(released, present), []));
}

const breaking: Readonly<Record<string, [JsonSchema, string]>> = {
  "a removed field": [task({ title: text, due: whole.properties["due"] ?? text }), "task.priority was removed"],
  "a renamed field": [
    task({ name: text, priority, due: whole.properties["due"] ?? text }, ["priority", "due"]),
    "task.title was removed",
  ],
  "a new required field": [task({ ...whole.properties, colour: text }), "task.colour is new and required"],
  "a field that becomes required": [
    object(released.properties, ["id", "task", "note"]),
    "note was optional and is required",
  ],
  "a field that is no longer required": [object(released.properties, ["id"]), "task was required and is optional"],
  "a value less": [
    task({ ...whole.properties, priority: { enum: ["low"] } }),
    'task.priority: enum was ["low","high"] and is ["low"]',
  ],
  "a value more, which older consumers refuse": [
    task({ ...whole.properties, priority: { enum: ["low", "high", "urgent"] } }),
    'task.priority: enum was ["low","high"] and is ["low","high","urgent"]',
  ],
  "another type": [
    task({ ...whole.properties, title: { type: "integer" } }),
    'task.title: type was "string" and is "integer"',
  ],
  "a shorter text": [
    task({ ...whole.properties, title: { ...text, maxLength: 10 } }),
    "task.title: maxLength was not there and is 10",
  ],
  "an alternative less": [
    task({ ...whole.properties, due: { anyOf: [text] } }),
    'task.due: anyOf was [{"type":"string"},{"type":"null"}] and is [{"type":"string"}]',
  ],
  "another alternative": [
    task({ ...whole.properties, due: { anyOf: [{ type: "integer" }, { type: "null" }] } }),
    'task.due: type was "string" and is "integer"',
  ],
  "no more fields allowed": [
    { ...released, additionalProperties: false },
    "the event: additionalProperties was not there and is false",
  ],
};

for (const [name, [present, sentence]] of Object.entries(breaking)) {
  void test(`${name} is not compatible, and is named`, () =>
    assert.deepEqual(incompatibilities(released, present), [sentence]));
}
