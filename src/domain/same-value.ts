/**
 * Whether two values of a task's field are the same: primitives by value, lists and objects by what is in them, in any
 * order of keys. An empty list is the same as none, for a task from before the field was there.
 */
export const sameValue = (one: unknown, other: unknown): boolean => {
  const [a, b] = [noneIfEmpty(one), noneIfEmpty(other)];
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameValue(a[key], b[key]));
};

const noneIfEmpty = (value: unknown): unknown =>
  value === undefined || (Array.isArray(value) && value.length === 0) ? null : value;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
