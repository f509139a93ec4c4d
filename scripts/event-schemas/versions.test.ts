import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { JsonSchema } from "./compatibility.ts";
import { exampleOf, publishedTypes, schemaOf } from "./schemas.ts";
import { versionFaults } from "./versions.ts";

const schema = (
  version: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema => ({
  $id: `urn:taskflow:event:task.created:${version}`,
  type: "object",
  properties,
  required,
});
const one = (each: JsonSchema): Map<string, JsonSchema> => new Map([["task.created.json", each]]);
const text = { type: "string" };
const released = one(schema("1.2.0", { a: text }, ["a"]));

void test("what has not changed needs no version, however it is described", () => {
  assert.deepEqual(
    versionFaults(released, one(schema("1.2.0", { a: { ...text, description: "A" } }, ["a"])), "1.2.0"),
    [],
  );
});

void test("a new optional field needs a minor version", () => {
  const present = schema("1.2.0", { a: text, b: text }, ["a"]);
  assert.match(
    versionFaults(released, one(present), "1.2.0").join(),
    /has changed since 1\.2\.0 was released; give eventSchemaVersion a new minor version/,
  );
  assert.deepEqual(versionFaults(released, one(present), "1.3.0"), []);
});

void test("a breaking change needs a major version, and says what breaks", () => {
  const present = one(schema("1.3.0", { b: text }, ["b"]));
  assert.deepEqual(versionFaults(released, present, "1.3.0"), [
    "task.created.json: a was removed; that needs version 2.0.0",
    "task.created.json: b is new and required; that needs version 2.0.0",
  ]);
  assert.deepEqual(versionFaults(released, present, "2.0.0"), []);
});

void test("an event that is gone needs a major version", () => {
  assert.match(
    versionFaults(released, new Map(), "1.3.0").join(),
    /task\.created\.json was released with 1\.2\.0 and is gone; that needs version 2\.0\.0/,
  );
});

for (const type of publishedTypes) {
  void test(`the schema of ${type} is a JSON Schema 2020-12, and its example is valid`, () => {
    const validate = formats
      .default(new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }))
      .compile(schemaOf(type));
    assert.ok(validate(exampleOf(type)), JSON.stringify(validate.errors));
    assert.ok(!validate({ ...exampleOf(type), task: null }));
  });
}
