import { isDeepStrictEqual } from "node:util";

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Keywords that say something to people and nothing to a validator (JSON Schema 2020-12, Validation §9), and the
 * identity.
 */
const annotations: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "title",
  "description",
  "examples",
  "default",
  "deprecated",
]);

/**
 * What keeps events of one schema from being read by the other, both ways: older consumers get newer events in a
 * rolling upgrade, newer consumers get older events from the broker and the log. So all that a version may add is an
 * optional field; everything else that a validator looks at stays as it is.
 */
export const incompatibilities = (released: JsonSchema, present: JsonSchema, path = ""): readonly string[] => [
  ...propertyChanges(released, present, path),
  ...keywordsOf(released, present).flatMap((keyword) =>
    keywordChanges(released[keyword], present[keyword], path, keyword),
  ),
];

const keywordsOf = (released: JsonSchema, present: JsonSchema): string[] =>
  [...new Set([...Object.keys(released), ...Object.keys(present)])].filter(
    (keyword) => !annotations.has(keyword) && keyword !== "properties" && keyword !== "required",
  );

const propertyChanges = (released: JsonSchema, present: JsonSchema, path: string): string[] => {
  const [before, after] = [propertiesOf(released), propertiesOf(present)];
  const [wasRequired, isRequired] = [requiredOf(released), requiredOf(present)];
  const kept = Object.entries(before).flatMap(([name, schema]) => {
    const at = join(path, name);
    const now = after[name];
    if (now === undefined) return [`${at} was removed`];
    const requirement =
      wasRequired.has(name) === isRequired.has(name)
        ? []
        : [`${at} was ${isRequired.has(name) ? "optional and is required" : "required and is optional"}`];
    return [...requirement, ...incompatibilities(schema, now, at)];
  });
  const added = Object.keys(after).filter((name) => before[name] === undefined && isRequired.has(name));
  return [...kept, ...added.map((name) => `${join(path, name)} is new and required`)];
};

const keywordChanges = (before: unknown, after: unknown, path: string, keyword: string): readonly string[] => {
  if (
    Array.isArray(before) &&
    Array.isArray(after) &&
    before.length === after.length &&
    before.every(isSchema) &&
    after.every(isSchema)
  )
    return before.flatMap((schema, index) => incompatibilities(schema, after[index] as JsonSchema, path));
  if (isSchema(before) && isSchema(after)) {
    // A schema, or schemas by name or pattern: either way the same names must be there.
    return incompatibilities(before, after, path);
  }
  return isDeepStrictEqual(before, after)
    ? []
    : [`${path === "" ? "the event" : path}: ${keyword} was ${shown(before)} and is ${shown(after)}`];
};

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const propertiesOf = (schema: JsonSchema) => (schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
const requiredOf = (schema: JsonSchema) => new Set((schema["required"] ?? []) as readonly string[]);
const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
const shown = (value: unknown): string => (value === undefined ? "not there" : JSON.stringify(value));
