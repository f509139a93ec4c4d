import type { Span } from "../../../../src/domain/quick-add/span.ts";

/*
 * The parts of a line that its user wants to be left as they are. They stay with their words while the line is edited.
 */

/** Where the parts are after an edit. One that was edited itself is no longer literal. */
export const followEdit = (parts: readonly Span[], before: string, after: string): Span[] => {
  const start = commonStart(before, after);
  const end = before.length - commonEnd(before.slice(start), after.slice(start));
  const moved = after.length - before.length;
  return parts.flatMap((part) => {
    if (part.end <= start) return [part];
    return part.start >= end ? [{ start: part.start + moved, end: part.end + moved }] : [];
  });
};

const commonStart = (one: string, other: string): number => {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
};

const commonEnd = (one: string, other: string): number => {
  let count = 0;
  while (count < one.length && count < other.length && one.at(-1 - count) === other.at(-1 - count)) count += 1;
  return count;
};

/** For a draft, which keeps texts: `0-5 9-14`. */
export const writeParts = (parts: readonly Span[]): string =>
  parts.map(({ start, end }) => `${start}-${end}`).join(" ");

export const readParts = (text = ""): Span[] =>
  [...text.matchAll(/(\d+)-(\d+)/g)].map(([, start, end]) => ({ start: Number(start), end: Number(end) }));
