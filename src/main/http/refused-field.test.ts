import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storableText } from "../../contract/scalars.ts";
import { type Failure, formOf, refusedFields, unknownForm } from "./refused-field.ts";

const failure = (
  keyword: string,
  params: Failure["params"] = {},
  parentSchema: Failure["parentSchema"] = {},
): Failure => ({ keyword, params, parentSchema, instancePath: "/title" });
const told = (...failures: readonly Failure[]): readonly string[] =>
  refusedFields(failures, "body").map(({ field, message }) => `${field}: ${message}`);

describe("refusedFields", () => {
  it("says in a sentence what is wrong with a value", () => {
    const failures: Record<string, Failure> = {
      "must be a text": failure("type", { type: "string" }),
      "must be a whole number or null": failure("type", { type: ["integer", "null"] }),
      "must be one of low, high": failure("enum", { allowedValues: ["low", "high"] }),
      "must not be empty": failure("minLength", { limit: 1 }),
      "must have at most 255 characters": failure("maxLength", { limit: 255 }),
      "must be at least 1": failure("minimum", { limit: 1 }),
      "must be an instant such as 2026-03-01T09:00:00Z": failure(
        "format",
        { format: "date-time" },
        { format: "date-time" },
      ),
      "must be written like 22:00": failure("pattern", { pattern: "^\\d" }, { pattern: "^\\d", examples: ["22:00"] }),
    };
    for (const [sentence, one] of Object.entries(failures)) assert.deepEqual(told(one), [`title: ${sentence}`]);
  });

  it("names the values of the field that tells kinds of an object apart", () => {
    const kinds = {
      oneOf: [{ properties: { op: { const: "add" } } }, { properties: { op: { enum: ["cut", "dry"] } } }],
    };
    assert.deepEqual(told(failure("discriminator", { error: "mapping", tag: "op" }, kinds)), [
      "title.op: must be one of add, cut, dry",
    ]);
  });

  it("says which day or time of an instant there is not", () => {
    const instant = (data: string) =>
      told({ ...failure("format", { format: "date-time" }, { format: "date-time" }), data });
    assert.deepEqual(instant("2026-02-30T09:00:00Z"), ["title: 2026-02-30 is no such day"]);
    assert.deepEqual(instant("2026-02-03T09:61:00Z"), ["title: 09:61:00 is no such time"]);
    assert.deepEqual(instant("soon"), ["title: must be an instant such as 2026-03-01T09:00:00Z"]);
  });

  it("keeps the library's words for what it has none of", () => {
    assert.deepEqual(told({ ...failure("uniqueItems"), message: "must NOT have duplicates" }), [
      "title: must NOT have duplicates",
    ]);
  });

  it("names the field that is missing, or not known, where it should be or is", () => {
    assert.deepEqual(told({ ...failure("required", { missingProperty: "task" }), instancePath: "/operations/3" }), [
      "operations.3.task: is missing",
    ]);
    assert.deepEqual(told({ ...failure("additionalProperties", { additionalProperty: "colour" }), instancePath: "" }), [
      "colour: is not a field of this request",
    ]);
    assert.deepEqual(told({ ...failure("type", { type: "object" }), instancePath: "" }), ["body: must be an object"]);
  });

  it("speaks of the value where null would have done too", () => {
    assert.deepEqual(told(failure("maxLength", { limit: 5 }), failure("type", { type: "null" }), failure("anyOf")), [
      "title: must have at most 5 characters",
    ]);
    assert.equal(told(failure("anyOf")).length, 1);
  });
});

describe("formOf", () => {
  it("goes by the format, then by an example, then by what is known of a pattern", () => {
    assert.match(formOf({ format: "uuid", pattern: "^x$" }), /an id such as/);
    assert.equal(formOf({ pattern: storableText }), "must not have the character U+0000");
    assert.equal(formOf({ pattern: "^x$" }), unknownForm);
    assert.equal(formOf(), unknownForm);
  });
});
