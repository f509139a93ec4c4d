import { isDeepStrictEqual } from "node:util";
import { incompatibilities, type JsonSchema } from "./compatibility.ts";

/**
 * What of the present schemas does not fit their version, in sentences. Within a major version every change is a
 * compatible one and has a new version; an event never goes away. A new major version may do as it likes.
 */
export const versionFaults = (
  released: ReadonlyMap<string, JsonSchema>,
  present: ReadonlyMap<string, JsonSchema>,
  version: string,
): string[] =>
  [...released].flatMap(([name, before]) => {
    const releasedVersion = versionOf(before);
    if (majorOf(version) > majorOf(releasedVersion)) return [];
    const now = present.get(name);
    if (now === undefined)
      return [
        `${name} was released with ${releasedVersion} and is gone; that needs version ${majorOf(releasedVersion) + 1}.0.0`,
      ];
    const breaking = incompatibilities(before, now).map(
      (change) => `${name}: ${change}; that needs version ${majorOf(releasedVersion) + 1}.0.0`,
    );
    if (
      breaking.length > 0 ||
      version !== releasedVersion ||
      isDeepStrictEqual(withoutProse(before), withoutProse(now))
    )
      return breaking;
    return [`${name} has changed since ${releasedVersion} was released; give eventSchemaVersion a new minor version`];
  });

const versionOf = ({ $id }: JsonSchema): string => String($id).split(":").at(-1) ?? "";
const majorOf = (version: string): number => Number(version.split(".", 1)[0]);

/** What a reader of the data can tell. */
const withoutProse = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).filter(
    ([name, value]) => name !== "examples" && !(name === "description" && typeof value === "string") && name !== "$id",
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutProse(value)]));
};
