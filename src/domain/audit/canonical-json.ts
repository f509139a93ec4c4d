/**
 * JSON in its one canonical form (RFC 8785): no white space, the members of each object sorted by their UTF-16 units.
 * What JSON cannot say (undefined, functions, NaN) is left out or null, as `JSON.stringify` does.
 */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  // By UTF-16 code units, which is how JavaScript compares; a locale's order would differ from machine to machine.
  members.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(",")}}`;
};
